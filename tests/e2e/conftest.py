"""A real browser against the real site; skipped, saying so, where no Chromium is installed."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from huiyin.directory.models import Account
from huiyin.directory.roles import Role
from huiyin.lifecycle import sandbox
from tests.conftest import at
from tests.e2e import launching
from tests.e2e.launching import DESK, PHONE

PASSWORD = "a-long-password"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = launching.chromium()
    if path is None:
        pytest.skip("no Chromium is installed; apt-get install chromium")
    # Playwright's own loop makes Django believe that it runs inside asyncio.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with launching.launched(path) as browser:
        yield browser


class Person:
    """Someone with a browser of their own."""

    def __init__(self, browser: Browser, site: str, *, phone: bool = False, scripts: bool = True) -> None:
        self.site = site
        self.context: BrowserContext = browser.new_context(
            base_url=site,
            locale="zh-CN",
            viewport=PHONE if phone else DESK,
            java_script_enabled=scripts,
        )
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()

    def signs_in_as(self, name: str) -> Person:
        self.page.goto("/sign-in/")
        self.page.fill("#id_username", name)
        self.page.fill("#id_password", PASSWORD)
        self.page.click("main button")
        self.page.wait_for_url("**/tasks/")
        return self

    def opens_the_task(self, name: str) -> Page:
        """Open the first task of a name from the list, as a person would."""
        self.page.goto("/tasks/")
        row = self.page.locator("table.list tbody tr", has_text=name).first
        row.get_by_role("link", name="办理").click()
        return self.page

    def chooses(self, text: str, within: str = "main") -> None:
        self.page.locator(f"{within} label.choice", has_text=text).first.click()

    def submits(self) -> None:
        self.page.locator("main form .btn-primary").first.click()
        self.page.wait_for_load_state()

    def sees(self, text: str) -> bool:
        # A click returns when the next page has begun, which may not have a body yet.
        self.page.wait_for_load_state()
        return text in self.page.inner_text("main")

    def sees_all_of_it(self) -> bool:
        """Nothing sticks out of the screen to the right."""
        self.page.wait_for_load_state()
        return self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.fixture
def site(transactional_db, live_server, town, matter_bundle, settings) -> str:
    """The town's site with its process published and an account for everyone who works there."""
    from huiyin.lifecycle import storing

    storing.store(matter_bundle, town.jurisdiction, version=1, by=None, now=at("2026-09-01T08:00"))
    for name, actor in town.actors.items():
        account = Account(username=name, person=actor.person)
        account.set_password(PASSWORD)
        account.save()
    boss = sandbox.add_person(town, "supervisor", Role.SUPERVISOR)
    account = Account(username="supervisor", person=boss)
    account.set_password(PASSWORD)
    account.save()
    return live_server.url


@pytest.fixture
def person(browser, site):
    """Make people; their browsers are closed at the end."""
    made: list[Person] = []

    def make(**options: bool) -> Person:
        made.append(Person(browser, site, **options))
        return made[-1]

    yield make
    for someone in made:
        someone.context.close()
