"""Every page that the demo's people can reach answers, axe finds nothing wrong with it, and it fits a desk and a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as site_settings
from django.core.management import call_command
from django.test import Client

from huiyin.directory.models import Account
from tests.e2e import crawling
from tests.e2e.launching import DESK, PHONE

pytestmark = pytest.mark.browser

#: Everybody whose pages differ; "" is a citizen.
PEOPLE = [
    "",
    "office",
    "station",
    "deputy",
    "jiaotong",
    "head",
    "gov",
    "supervisor",
    "county",
    "designer",
    "admin",
]
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


@pytest.fixture
def demo(transactional_db, live_server, settings) -> str:
    settings.DEMO = True
    call_command("seed_demo", verbosity=0)
    return live_server.url


@pytest.fixture
def pages(demo) -> list[crawling.Found]:
    return [page for who in PEOPLE for page in crawling.walk(who)]


@pytest.mark.parametrize("size", [DESK, pytest.param(PHONE, marks=pytest.mark.long)], ids=["desk", "phone"])
def test_every_link_answers_and_every_page_is_clean(pages, demo, browser, size):
    broken = [page for page in pages if page.status != 200]
    assert not broken, "\n".join(f"{page.who} {page.address}: {page.status}" for page in broken)
    chosen = {page.name: page for page in reversed(pages) if page.is_page}
    assert len(chosen) > 25, sorted(chosen)
    found = []
    for page in chosen.values():
        found += _violations(browser, demo, page, size)
    assert not found, "\n" + "\n".join(found)


def _violations(browser, site: str, page: crawling.Found, size: dict[str, int]) -> list[str]:
    context = browser.new_context(base_url=site, locale="zh-CN", viewport=size)
    if page.who:
        client = Client()
        client.force_login(Account.objects.get(username=page.who), backend=crawling.BACKEND)
        cookie = client.cookies[site_settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": site_settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])
    shown = context.new_page()
    shown.goto(page.address)
    results = Axe().run(shown, options=OPTIONS)
    wide = shown.evaluate(TOO_WIDE)
    context.close()
    found = [f"{page.name} as {page.who or 'a citizen'} at {size['width']} px is {wide}"] if wide else []
    return found + [
        f"{page.name} as {page.who or 'a citizen'} at {size['width']} px: {one['id']} — {one['help']}: "
        + "; ".join(node["html"][:160] for node in one["nodes"][:3])
        for one in results.response["violations"]
    ]
