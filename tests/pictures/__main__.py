"""`python3 -m tests.pictures SITE FOLDER [NAME …]`: take the pictures from a demo that runs and has played its session."""

from __future__ import annotations

import argparse
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from tests.e2e import launching
from tests.pictures.shots import SHOTS, Shot

#: Pictures of pages need few colours.
COLOURS = 128


def main() -> int:
    """Take all of them, or those that are named."""
    parser = argparse.ArgumentParser(prog="pictures", description=__doc__)
    parser.add_argument("site", help="such as http://127.0.0.1:8000")
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", help="; ".join(shot.name for shot in SHOTS))
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - {shot.name for shot in SHOTS}:
        parser.error(f"no such picture: {', '.join(sorted(unknown))}")
    path = launching.chromium()
    if path is None:
        sys.stderr.write("没有找到 Chromium。 / No Chromium is installed; apt-get install chromium\n")
        return 1
    chosen.folder.mkdir(parents=True, exist_ok=True)
    with launching.launched(path) as browser:
        for shot in [one for one in SHOTS if not chosen.names or one.name in chosen.names]:
            (chosen.folder / f"{shot.name}.png").write_bytes(take(browser, chosen.site, shot))
            sys.stdout.write(f"{shot.name}.png\n")
    return 0


def take(browser: Browser, site: str, shot: Shot) -> bytes:
    """One picture, as PNG of few colours."""
    context = browser.new_context(base_url=site, locale="zh-CN", viewport=shot.size)
    page = context.new_page()
    if shot.who:
        page.goto("/")
        page.click(f"button[value={shot.who}]")
        page.wait_for_load_state()
    shot.go(page)
    page.wait_for_load_state("networkidle")
    whole = page.locator(shot.part).first.screenshot() if shot.part else page.screenshot()
    context.close()
    small = BytesIO()
    Image.open(BytesIO(whole)).convert("RGB").quantize(COLOURS).save(small, "PNG", optimize=True)
    return small.getvalue()


if __name__ == "__main__":
    sys.exit(main())
