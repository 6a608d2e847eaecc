"""Walk the demo county's pages as each of its people, by plain links."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin

from django.test import Client
from django.urls import Resolver404, resolve
from lxml import html
from lxml.html import HtmlElement

from huiyin.directory.models import Account

BACKEND = "huiyin.config.demo_accounts.GuardedBackend"
#: Pages of one address pattern that one person looks at: a second one may be in another state.
EACH = 2


@dataclass(frozen=True)
class Found:
    """A page: who came to it, under which name of an address, and what it answered."""

    who: str
    name: str
    address: str
    status: int
    is_page: bool
    content: bytes = b""

    @property
    def forms(self) -> list[Form]:
        """What the page can send."""
        return [_form(one, self.who, self.address) for one in _tree(self).xpath("//form[@method='post']")]

    def has(self, css_class: str) -> bool:
        """Whether an element of a class stands on the page."""
        return bool(_tree(self).xpath(f"//*[contains(concat(' ', @class, ' '), ' {css_class} ')]"))


@dataclass(frozen=True)
class Form:
    """A form of a page: where it goes, and what it sends if nobody types anything; a button is one more way to send it."""

    who: str
    name: str | None
    address: str
    hidden: dict[str, str]
    buttons: tuple[tuple[str | None, dict[str, str]], ...]


def _tree(page: Found) -> HtmlElement:
    return html.fromstring(page.content)


def _form(form: HtmlElement, who: str, base: str) -> Form:
    address = urldefrag(urljoin(base, form.get("action") or base)).url
    hidden = {one.get("name"): one.get("value", "") for one in form.xpath(".//input[@type='hidden'][@name]")}
    buttons = [
        (
            urljoin(base, one.get("formaction")) if one.get("formaction") else None,
            {one.get("name"): one.get("value", "")} if one.get("name") else {},
        )
        for one in form.xpath(".//button[not(@type='button')]")
    ]
    return Form(who, name_of(address), address, hidden, tuple(buttons))


def walk(who: str, each: int = EACH) -> Iterator[Found]:
    """Every kind of page that can be reached from the front page and the work list; `who` is "" for a citizen."""
    client = Client()
    if who:
        client.force_login(Account.objects.get(username=who), backend=BACKEND)
    seen: dict[str, int] = {}
    known = {"/", "/tasks/"} if who else {"/"}
    waiting = deque(sorted(known))
    while waiting:
        address = waiting.popleft()
        name = name_of(address)
        if name is None or seen.get(name, 0) >= each:
            continue
        seen[name] = seen.get(name, 0) + 1
        answer = client.get(address, follow=True)
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        yield Found(who, name, address, answer.status_code, is_page, answer.content if is_page else b"")
        if answer.status_code == 200 and is_page:
            new = [link for link in _links(answer.content, address) if link not in known]
            known.update(new)
            waiting.extend(new)


def name_of(address: str) -> str | None:
    """The name of what an address leads to."""
    try:
        return resolve(address.partition("?")[0]).url_name
    except Resolver404:
        return None


def _links(content: bytes, base: str) -> list[str]:
    found = [urldefrag(urljoin(base, link)).url for link in html.fromstring(content).xpath("//a/@href")]
    return list(dict.fromkeys(link for link in found if link.startswith("/")))
