"""
Take the README's pictures from a running demo.

    python3 run.py --data /path/to/a/new/demo --port 8000        in one terminal, until its session has been played
    <the development environment's python> docs/pictures/take.py http://127.0.0.1:8000
"""

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
PASSWORD = "huiyin-demo"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


def sign_in(page: Page, name: str) -> None:
    page.goto("/sign-in/")
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    page.click("main button")


def phone(browser, site: str) -> None:
    context = browser.new_context(
        base_url=site, locale="zh-CN", viewport={"width": 390, "height": 760}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/report/")
    page.click("text=石棠镇")
    page.locator(".places a").first.click()
    page.locator(".places a").first.click()
    page.screenshot(path=HERE / "report.png")
    page.fill("#i-words", "村口老桥的路灯坏了一个多月，晚上看不清路，请尽快修好。")
    page.click("main form .btn-primary")
    page.screenshot(path=HERE / "receipt.png")


def desk(browser, site: str) -> None:
    for name, path, file in (
        ("jiaotong", "/tasks/", "tasks.png"),
        ("supervisor", "/overdue/", "overdue.png"),
    ):
        page = browser.new_context(
            base_url=site, locale="zh-CN", viewport={"width": 1280, "height": 640}
        ).new_page()
        sign_in(page, name)
        page.goto(path)
        page.screenshot(path=HERE / file)
    page = browser.new_context(
        base_url=site, locale="zh-CN", viewport={"width": 1280, "height": 900}
    ).new_page()
    sign_in(page, "office")
    page.goto("/cases/?show=again&kind=matter")
    page.locator("a.title").first.click()
    page.wait_for_selector(".diagram .djs-element.step-done")
    page.screenshot(path=HERE / "case.png")
    page.locator(".diagram").first.screenshot(path=HERE / "diagram.png")


def year(browser, site: str) -> None:
    """The played session: a suggestion on one page, the public result of the ballot, the projects on a phone."""
    page = browser.new_context(
        base_url=site, locale="zh-CN", viewport={"width": 1280, "height": 1100}
    ).new_page()
    sign_in(page, "county")
    page.goto("/cases/?kind=suggestion&show=again")
    page.locator("a.title").first.click()
    page.screenshot(path=HERE / "suggestion.png")
    page = browser.new_context(
        base_url=site, locale="zh-CN", viewport={"width": 390, "height": 760}, java_script_enabled=False
    ).new_page()
    page.goto("/projects/")
    page.screenshot(path=HERE / "projects.png")
    page.locator("a[href*='/ballots/']").first.click()
    page.screenshot(path=HERE / "result.png")


def main(site: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        phone(browser, site)
        desk(browser, site)
        year(browser, site)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
