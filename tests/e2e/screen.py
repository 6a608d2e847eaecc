"""A page that the test client was answered, shown by Chromium at its own address: what axe finds, and what is too wide."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Route

from tests.e2e.crawling import Found
from tests.e2e.launching import DESK, PHONE

#: Nothing answers here: all that is asked of it is fulfilled from what was found.
SITE = "http://huiyin.test"
#: What the rules of axe are asked: those of WCAG 2.1 A and AA.
OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "resultTypes": ["violations"],
}
#: What sticks out of the screen to the right, the innermost first.
TOO_WIDE = """() => document.documentElement.scrollWidth <= window.innerWidth ? "" :
    document.documentElement.scrollWidth + " px wide: " + [...document.querySelectorAll("main *")]
        .filter(one => one.getBoundingClientRect().right > window.innerWidth)
        .reverse().slice(0, 3).map(one => one.outerHTML.slice(0, 120)).join("; ")"""


class Screen:
    """One tab of a browser in which pages are shown as they were answered."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.shown: Found | None = None
        page.route("**/*", self._answer)

    def show(self, found: Found) -> Page:
        """Let the page stand at its address with all that it loads."""
        self.shown = found
        self.page.goto(SITE + found.address)
        return self.page

    def _answer(self, route: Route) -> None:
        """Its own bytes for the page; static files; what it loads."""
        if self.shown is None or route.request.is_navigation_request():
            content = self.shown.content if self.shown else b""
            status = self.shown.status if self.shown else 404
            route.fulfill(status=status, content_type="text/html; charset=utf-8", body=content)
            return
        address = urlsplit(route.request.url)
        part = self.shown.parts.get(address.path) or static(address.path)
        if part is None:
            route.fulfill(status=404)
        else:
            route.fulfill(content_type=part[0], body=part[1])

    def faults(self, found: Found) -> Iterator[str]:
        """What axe finds and what is too wide, at a desk and on a telephone."""
        page = self.show(found)
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            where = f"{found.name} ({found.status}, {found.address}) as {found.who or 'a citizen'} at {size['width']} px"
            if wide := page.evaluate(TOO_WIDE):
                yield f"{where} is {wide}"
            for one in page.evaluate("options => axe.run(document, options)", OPTIONS)["violations"]:
                nodes = "; ".join(node["html"][:160] for node in one["nodes"][:3])
                yield f"{where}: {one['id']} — {one['help']}: {nodes}"


@cache
def static(path: str) -> tuple[str, bytes] | None:
    """A static file, as the site would serve it."""
    prefix = f"/{settings.STATIC_URL.strip('/')}/"
    place = finders.find(path.removeprefix(prefix)) if path.startswith(prefix) else None
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    return (kind, Path(place).read_bytes()) if place else None


@contextmanager
def opened(browser: Browser) -> Iterator[Screen]:
    """A tab, closed at the end; axe is in it from the beginning."""
    context = browser.new_context(locale="zh-CN", viewport=DESK)
    context.add_init_script(Axe().axe_script)
    yield Screen(context.new_page())
    context.close()


def faults_of(browser: Browser, pages: Iterable[Found]) -> list[str]:
    """What is wrong with pages, each shown once at both sizes."""
    with opened(browser) as screen:
        return [fault for page in pages for fault in screen.faults(page)]
