"""What the states of pages are, and which page cannot have which, with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from lxml.html import HtmlElement

from tests.e2e.crawling import FRAMES, Found

ERRORS = frozenset({400, 409, 422, 429})
#: The pages that say for all others that something is not there, not allowed, or not possible now.
COMMON = frozenset({"404.html", "web/refusal.html", "web/sign_in.html"})


def _because(reason: str, *names: str) -> dict[str, str]:
    return dict.fromkeys(names, reason)


NO_PAGE = {
    **_because(
        "acts and leads back to the page on which it stands; what it refuses is said there or on the common page",
        "demo_become", "demo_tour", "sign_out", "follow_contact", "import_discard", "leave_end", "task_take",
        "reply_template_remove", "consultation_withdraw", "ballot_discard", "ballot_act", "start_save",
    ),
    **_because("a sentence beside the form that a script keeps", "task_save_beside"),
    **_because(
        "a file",
        "handover_list", "handover_notice", "import_sample", "import_template", "tasks_export", "case_letter",
        "called_diagram", "diagram", "attachment", "attachment_small", "ballot_recount", "project_photo",
        "project_photo_small",
    ),
}  # fmt: skip

_READ = "only read: nothing is sent from it"
LACKING: dict[str, dict[str, str]] = {
    "full": {},
    "empty": {
        **_because("a form, which waits to be filled in",
            "sign_in", "report", "look_up", "intake", "start", "start_for", "propose", "task_for", "signatures_for",
            "withdrawal_for", "contact_for", "slip",
        ),
        **_because("about one thing, which is there or the page is not",
            "follow", "case", "answer", "receipt", "met", "consultation", "join", "join_code", "print_letter",
        ),
        "home": "its ways on are always there",
        "choose_place": "the step above choose_place_in: an installation begins with a county",
        "deputies": "the step above deputies_in: an installation begins with a county",
        "batch": "begins with the matters that were chosen",
        "reply_template": "lists at least the template that is being changed",
        "door_sheet": "is not made of nothing: without a choice the page of the choice comes back",
        "print_diagram": "a published process has its drawing",
        "print_called": "a published process has its drawing",
        "ballot": "is drawn up of at least one project",
        "ballot_papers": "the roll of an open ballot is never empty; no papers are the error that the check says",
    },
    "error": _because(_READ,
        "home", "choose_place", "choose_place_in", "deputies", "deputies_in", "answers", "met", "receipt", "slip",
        "handovers", "batch", "desk", "cases", "key_cases", "join_code", "answer_sheet", "handover_sheet",
        "print_letter", "definitions", "print_diagram", "print_called", "overdue", "ballots", "projects", "project",
        "collections",
    ),
}  # fmt: skip


def templates() -> set[str]:
    """The templates that are a whole page."""
    folder = Path(settings.ROOT) / "platform" / "huiyin" / "web" / "templates"
    found = [*folder.glob("*.html"), *(folder / "web").glob("*.html")]
    return {path.relative_to(folder).as_posix() for path in found} - FRAMES


def chosen(pages: Iterable[Found]) -> list[Found]:
    """One page of each kind: of one address, template, status, and state, with the same kinds of fields."""
    kinds: dict[tuple[object, ...], Found] = {}
    for page in pages:
        name = "" if page.template in COMMON else page.name
        kinds.setdefault((name, page.template, page.status, bool(page.empties), page.fields), page)
    return list(kinds.values())


def shown(pages: Iterable[Found]) -> dict[str, set[str]]:
    """Name of an address -> the states in which its page has been shown."""
    pages = [page for page in pages if page.template not in COMMON or page.name == "sign_in"]
    wrong = {page.template for page in pages if page.status in ERRORS}
    found: dict[str, set[str]] = {}
    for page in pages:
        states = found.setdefault(page.name, set())
        if page.status == 200:
            states.add("empty" if page.empties else "full")
        if page.status in ERRORS or page.template in wrong:
            states.add("error")
    return found


def helps(box: HtmlElement) -> bool:
    """Whether an empty state says more than that there is nothing: a way on, or a second sentence."""
    bold = "".join(one.text_content() for one in box.xpath(".//strong | .//h2"))
    more = box.text_content().strip() != bold.strip() or "；" in bold
    return bool(box.xpath(".//a | .//button")) or (bool(bold) and more)
