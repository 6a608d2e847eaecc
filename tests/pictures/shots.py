"""What is on each picture: whose page, how wide, and how one gets there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, ViewportSize

Go = Callable[[Page], None]
TALL: ViewportSize = {"width": 1280, "height": 1100}
WIDE: ViewportSize = {"width": 1280, "height": 720}
PHONE: ViewportSize = {"width": 390, "height": 760}


@dataclass(frozen=True)
class Shot:
    """One picture; `who` is a demo account, "" a citizen; `part` is what of the page is shown, all that fits if empty."""

    name: str
    who: str
    size: ViewportSize
    go: Go
    part: str = ""


def _to(address: str) -> Go:
    def go(page: Page) -> None:
        page.goto(address)

    return go


def _first(address: str, link: str) -> Go:
    """The first of a list."""

    def go(page: Page) -> None:
        page.goto(address)
        page.locator(link).first.click()
        page.wait_for_load_state()

    return go


def _diagram(page: Page) -> None:
    _first("/cases/?show=again&kind=matter", "a.title")(page)
    page.wait_for_selector(".diagram .djs-element.step-done")


def _form(page: Page) -> None:
    page.goto("/report/")
    page.click("text=石棠镇")
    for _level in range(2):
        page.locator(".places a").first.click()
        page.wait_for_load_state()


def _receipt(page: Page) -> None:
    _form(page)
    page.fill("#i-words", "村口老桥的路灯坏了一个多月，晚上看不清路，请尽快修好。")
    page.locator("main form .btn-primary").last.click()
    page.wait_for_load_state()
    other = page.locator("text=继续提交")
    if other.count():
        other.first.click()
        page.wait_for_load_state()


SHOTS = [
    Shot("start", "", WIDE, _to("/")),
    Shot("report", "", PHONE, _form),
    Shot("receipt", "", PHONE, _receipt),
    Shot("deputies", "", PHONE, _to("/deputies/")),
    Shot("tasks", "jiaotong", WIDE, _to("/tasks/")),
    Shot("task", "jiaotong", TALL, _first("/tasks/", "a.title")),
    Shot("sign_off", "head", TALL, _first("/tasks/?step=issue", "a.title")),
    Shot("leave", "jiaotong", WIDE, _to("/leave/")),
    Shot("intake", "station", TALL, _to("/intake/")),
    Shot("answers", "", PHONE, _to("/answers/")),
    Shot("case", "office", TALL, _diagram),
    Shot("diagram", "office", TALL, _diagram, ".diagram"),
    Shot("desk", "office", WIDE, _to("/desk/screen/")),
    Shot("overdue", "supervisor", WIDE, _to("/overdue/")),
    Shot("operation", "admin", WIDE, _to("/operation/")),
    Shot("suggestion", "county", TALL, _first("/cases/?kind=suggestion&show=again", "a.title")),
    Shot("projects", "", PHONE, _to("/projects/")),
    Shot("result", "", PHONE, _first("/projects/", "a[href*='/ballots/']")),
]
