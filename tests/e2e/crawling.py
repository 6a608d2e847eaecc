"""Pages as Django's test client is answered them: walked by plain links as one of the demo's people, or kept on the way."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urldefrag, urljoin

from django.test import Client
from django.urls import Resolver404, resolve
from lxml import html
from lxml.html import HtmlElement

from huiyin.directory.models import Account

BACKEND = "huiyin.config.demo_accounts.GuardedBackend"
#: Pages of one address pattern that one person looks at: a second one may be in another state.
EACH = 2


#: What pages extend.
FRAMES = frozenset({"web/base.html", "web/citizen.html", "web/counter_sheet.html"})


@dataclass(frozen=True)
class Found:
    """A page: who came to it, under which name of an address, and what it answered."""

    who: str
    name: str
    address: str
    status: int
    is_page: bool
    content: bytes = b""
    #: what the page loads from the site besides its static files, by address: (media type, bytes)
    parts: dict[str, tuple[str, bytes]] = field(default_factory=dict, repr=False, compare=False)
    #: the page's own template
    template: str = ""
    #: whether the address led on to the page of another one
    is_elsewhere: bool = False

    @property
    def empties(self) -> list[HtmlElement]:
        """The elements that say that there is nothing, and not only to a browser without scripts."""
        return _tree(self).xpath(
            "//*[contains(concat(' ', @class, ' '), ' empty ')][not(ancestor::noscript)]"
        )

    @property
    def fields(self) -> frozenset[str]:
        """The kinds of fields that its forms have."""
        found = {name for one in _tree(self).xpath("//@class") for name in one.split()}
        return frozenset(name for name in found if name.startswith("field-"))

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


def signed_in(who: str, client: Client | None = None) -> Client:
    """A browser of one of the demo's people; `who` is "" for a citizen."""
    client = client or Client()
    if who:
        client.force_login(Account.objects.get(username=who), backend=BACKEND)
    return client


class Keeping(Client):
    """A browser that keeps every page it is shown, with what the page loads."""

    def __init__(self, who: str, kept: list[Found], **defaults: Any) -> None:
        super().__init__(**defaults)
        self.who, self.kept = who, kept

    def request(self, **request: Any) -> Any:
        answer = super().request(**request)
        address = answer.wsgi_request.get_full_path()
        if is_page(answer):
            self.kept.append(with_parts(found(self.who, address, answer), self))
        return answer


def is_page(answer: Any) -> bool:
    """Whether an answer is a whole page."""
    return answer.headers.get("Content-Type", "").startswith("text/html") and b"<html" in answer.content


def found(who: str, address: str, answer: Any) -> Found:
    """A page as it was answered."""
    used = [one.name for one in answer.templates if one.name and _is_whole(one.name)]
    return Found(
        who, name_of(address) or "", address, answer.status_code, True, answer.content,
        template=used[-1] if used else "", is_elsewhere=bool(getattr(answer, "redirect_chain", ())),
    )  # fmt: skip


def _is_whole(template: str) -> bool:
    """Whether a template is a page, and neither a part nor the frame of one."""
    folder, _slash, name = template.rpartition("/")
    return folder in ("", "web") and name.endswith(".html") and template not in FRAMES


def with_parts(page: Found, client: Client) -> Found:
    """A page with what it loads from the site, as long as the site has it."""
    return replace(page, parts=dict(_parts(client, page)))


def _parts(client: Client, page: Found) -> Iterator[tuple[str, tuple[str, bytes]]]:
    for address in _tree(page).xpath("//img/@src | //audio/@src | //@data-diagram"):
        if name_of(address):
            answer = Client.get(client, address)
            yield address, (answer.headers["Content-Type"], answer.getvalue())


def walk(who: str, each: int = EACH) -> Iterator[Found]:
    """Every kind of page that can be reached from the front page and the work list; `who` is "" for a citizen."""
    client = signed_in(who)
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
        if not is_page(answer):
            yield Found(who, name, address, answer.status_code, False)
            continue
        yield found(who, address, answer)
        if answer.status_code == 200:
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
