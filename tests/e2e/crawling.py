"""Walk the demo county's pages as each of its people, by plain links."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin

from django.test import Client
from django.urls import Resolver404, resolve
from lxml import html

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


def walk(who: str) -> Iterator[Found]:
    """Every kind of page that can be reached from the front page and the work list; `who` is "" for a citizen."""
    client = Client()
    if who:
        client.force_login(Account.objects.get(username=who), backend=BACKEND)
    seen: dict[str, int] = {}
    known = {"/", "/tasks/"} if who else {"/"}
    waiting = deque(sorted(known))
    while waiting:
        address = waiting.popleft()
        name = _name_of(address)
        if name is None or seen.get(name, 0) >= EACH:
            continue
        seen[name] = seen.get(name, 0) + 1
        answer = client.get(address, follow=True)
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        yield Found(who, name, address, answer.status_code, is_page)
        if answer.status_code == 200 and is_page:
            new = [link for link in _links(answer.content, address) if link not in known]
            known.update(new)
            waiting.extend(new)


def _name_of(address: str) -> str | None:
    try:
        return resolve(address.partition("?")[0]).url_name
    except Resolver404:
        return None


def _links(content: bytes, base: str) -> list[str]:
    found = [urldefrag(urljoin(base, link)).url for link in html.fromstring(content).xpath("//a/@href")]
    return list(dict.fromkeys(link for link in found if link.startswith("/")))
