"""What a person's hands do on a page, counted: the fewer, the sooner a Monday is over."""

from __future__ import annotations

from playwright.sync_api import Locator, Page


class Hands:
    """Every key, click, tick, choice, filled field and opened address is one action; no page may stick out to the right."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.actions = 0
        #: the addresses of pages that were wider than the screen
        self.too_wide: list[str] = []

    def opens(self, address: str) -> None:
        self.actions += 1
        self.page.goto(address)
        self._looks()

    def presses(self, key: str) -> None:
        """A key that stays on the page."""
        self.actions += 1
        self.page.keyboard.press(key)

    def sends(self, key: str) -> None:
        """A key with which the next page comes."""
        self.actions += 1
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        self._looks()

    def clicks(self, what: str | Locator) -> None:
        """A click with which the next page comes."""
        self.actions += 1
        with self.page.expect_navigation():
            self._found(what).click()
        self._looks()

    def ticks(self, what: str | Locator) -> None:
        """A tick, or a choice by its button, where a finger or the mouse would press."""
        self.actions += 1
        self._found(what).click()

    def chooses(self, what: str | Locator, label: str) -> None:
        self.actions += 1
        self._found(what).select_option(label=label)

    def fills(self, what: str | Locator, words: str) -> None:
        self.actions += 1
        self._found(what).fill(words)

    def _found(self, what: str | Locator) -> Locator:
        return self.page.locator(what).first if isinstance(what, str) else what

    def _looks(self) -> None:
        self.page.wait_for_load_state()
        if not self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
            self.too_wide.append(self.page.url)
