"""What is printed comes out of the browser as a sheet of A4: nothing cut off, and nothing on it that can only be clicked."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import override_settings

from huiyin.lifecycle.scenarios import rolled_back
from tests.e2e import screen
from tests.e2e.crawling import Found
from tests.e2e.stories import citizens, congress
from tests.e2e.stories.stage import Stage, tell
from tests.e2e.test_print import POINTS_A_MM, pages_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.xdist_group("paper")]

A4 = (210 * POINTS_A_MM, 297 * POINTS_A_MM)
DOTS_A_MM = 96 / 25.4
STORIES = (
    citizens.reports,
    citizens.comes_to_the_counter,
    citizens.prints_codes,
    citizens.reads_the_projects,
    congress.votes,
    congress.prints_a_letter,
)
#: What can only be used on a screen, as far as it is seen.
CLICKED = """selector => [...document.querySelectorAll(selector)].filter(one => {
    const box = one.getBoundingClientRect();
    return one.checkVisibility() && box.width > 1 && box.height > 1 && box.right > 0 && box.bottom > 0;
  }).map(one => one.outerHTML.slice(0, 120))"""
#: What sticks out of the sheet to the right, or out of a box that hides it.
CUT_OFF = """() => [...document.querySelectorAll("body *")].filter(one => {
    const box = one.getBoundingClientRect(), hides = getComputedStyle(one).overflowY === "hidden";
    if (!one.checkVisibility() || box.width <= 1 || box.right <= 0) return false;
    return box.right > window.innerWidth + 1 || hides && one.scrollHeight > one.clientHeight + 1;
  }).map(one => one.outerHTML.slice(0, 120))"""


@dataclass(frozen=True)
class Sheet:
    """A page that is printed: the margin in mm, and what else may stand on it."""

    template: str
    margin: float = 18
    clicked: str = "nav, form, button, .btn, .skip, .crumbs a"


SHEETS = (
    Sheet("answer_sheet"),
    Sheet("handover_sheet"),
    Sheet("print_letter"),
    Sheet("answer"),
    Sheet("receipt"),
    Sheet("project"),
    Sheet("door_sheet", margin=10),
    # A ballot is printed to be read before the vote, with the boxes of its candidates.
    Sheet("ballot", margin=10, clicked="nav, .btn, .skip"),
    # What is typed from the box, to be compared with the papers: the boxes and the lines stand on it.
    Sheet("ballot_papers", margin=10, clicked="nav, .btn, .skip"),
)


@pytest.fixture(scope="module")
def shown(browser, django_db_setup, django_db_blocker, tmp_path_factory) -> list[Found]:
    folder = tmp_path_factory.mktemp("paper")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder), rolled_back():
        stage = Stage.built()
        for story in STORIES:
            tell(story, stage)
    return [page for page in stage.pages if page.status == 200 and not page.empties]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.template)
def test_is_printed_whole_and_without_what_is_clicked(shown, browser, sheet):
    found = next(page for page in shown if page.template == f"web/{sheet.template}.html")
    with screen.opened(browser) as opened:
        page = opened.show(found)
        page.emulate_media(media="print")
        page.set_viewport_size({"width": round((210 - 2 * sheet.margin) * DOTS_A_MM), "height": 900})
        assert page.evaluate(CLICKED, sheet.clicked) == []
        assert page.evaluate(CUT_OFF) == []
        pdf = page.pdf(format="A4", prefer_css_page_size=True, print_background=True)
    (size,) = pages_of(pdf)
    assert size == pytest.approx(A4, abs=1)
