"""
Every page in its states: full, empty, sent with nothing typed, and forbidden; and axe finds nothing wrong with any of them.

The demo is walked as each of its people. The addresses are those that the pages themselves name, so a new page is here as
soon as somebody can reach it; what no link leads to is reached by a story (tests/e2e/stories).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

from huiyin.core import time_source
from huiyin.directory.models import Account, Person
from huiyin.history.models import Entry
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import storing
from huiyin.lifecycle.demo import county, session
from huiyin.lifecycle.scenarios import rolled_back
from huiyin.rules import services as rules
from huiyin.web import urls
from tests.e2e import crawling, screen, states
from tests.e2e.crawling import Found, Keeping
from tests.e2e.stories import citizens, congress, offices, troubles
from tests.e2e.stories.stage import Stage, tell

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.xdist_group("county")]

#: Everybody whose pages differ; "" is a citizen.
PEOPLE = (
    "", "office", "station", "deputy", "jiaotong", "head", "gov", "supervisor", "county", "designer", "admin",
)  # fmt: skip
#: Pages of one kind that one person looks at.
EACH = 4
#: What everybody may read or send, with or without an account.
PUBLIC = frozenset(
    {
        "home", "sign_in", "sign_out", "demo_become", "demo_tour", "choose_place", "choose_place_in", "report", "deputies",
        "deputies_in", "answers", "answer", "look_up", "projects", "project", "project_photo", "project_photo_small",
        "ballot_result", "ballot_recount", "set_language", "collections", "propose", "scan",
    }
)  # fmt: skip
#: What everybody who is signed in may read: one's own work, and how the matters of the place are handled.
OWN = frozenset(
    {
        "tasks", "tasks_export", "tasks_together", "progress_together", "cases", "desk", "grid", "leave", "key_cases",
        "commitments", "ballots", "definitions", "print_diagram", "print_called", "diagram", "called_diagram",
    }
)  # fmt: skip
#: What leads a stranger on to a page that is public.
LEADING_ON = frozenset({"ballot", "propose"})
#: Addresses that a test writes out, with the piece of it that stands there.
WRITTEN_OUT = {
    "commitment_kept": "commitment_", "commitment_rate": "commitment_", "import_discard": "}discard/",
    "incident_decide": "/operation/incidents/", "migration_revert": "}revert/", "batch": "正在办理",
    "import": "导入 1 件", "move_cases": "/move/", "migration": "}revert/",
}  # fmt: skip


@contextmanager
def a_county(blocker, folder) -> Iterator[None]:
    with blocker.unblock(), override_settings(DEMO=True, MEDIA_ROOT=folder), rolled_back():
        rules.seed_calendar()
        yield


def walked() -> list[Found]:
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE"
        )  # nobody looks into a transaction that is not over, and the plans would be a stranger's
    return [page for who in PEOPLE for page in crawling.walk(who, EACH)]


# Playwright's loop gives Django another connection: the browser has to be there before the first transaction.
@pytest.fixture(scope="module")
def empty(browser, django_db_setup, django_db_blocker, tmp_path_factory) -> list[Found]:
    """The pages of a county on its first day."""
    with a_county(django_db_blocker, tmp_path_factory.mktemp("empty")):
        place = county.build()
        for process in bundles.shipped():
            storing.store(bundles.read(process), place, version=1, by=None, now=time_source.now())
        return walked()


@pytest.fixture(scope="module")
def full(empty, told, django_db_blocker, tmp_path_factory) -> Iterator[list[Found]]:
    """The pages of a county with a year behind it."""
    patch = pytest.MonkeyPatch()
    patch.setattr(session, "SUGGESTIONS", 9)
    patch.setattr(session, "STUCK_EVERY", 2)
    with a_county(django_db_blocker, tmp_path_factory.mktemp("full")):
        call_command("seed_demo", verbosity=0)
        call_command("demo-session", seed=11)
        yield walked()
    patch.undo()


@pytest.fixture(scope="module")
def told(browser, django_db_setup, django_db_blocker, tmp_path_factory) -> Stage:
    """What the people of a town are shown in the stories."""
    with a_county(django_db_blocker, tmp_path_factory.mktemp("told")):
        stage = Stage.built()
        for story in (*citizens.STORIES, *offices.STORIES, *congress.STORIES, *troubles.STORIES):
            tell(story, stage)
    return stage


@pytest.fixture(scope="module")
def sendings(full) -> list[tuple[str, str, int, list[Found]]]:
    """(who, name, status, page) of what is answered to each form in which nothing was typed."""
    found = []
    for who, name, address, words in sent(full):
        kept: list[Found] = []
        with rolled_back():
            answer = crawling.signed_in(who, Keeping(who, kept)).post(address, words)
        found.append((who, name, answer.status_code, kept))
    return found


@pytest.fixture(scope="module")
def pages(full, empty, told, sendings) -> list[Found]:
    """One page of each kind, with all that it loads."""
    walked_to = [page for page in (*full, *empty) if page.is_page and not page.is_elsewhere]
    county = states.chosen([*walked_to, *(page for *_sent, kept in sendings for page in kept)])
    loaded = [one if one.parts else crawling.with_parts(one, crawling.signed_in(one.who)) for one in county]
    return states.chosen([*loaded, *told.pages])


@pytest.fixture
def stranger() -> Client:
    """Somebody with an account and no post."""
    place = Account.objects.get(username="office").person.jurisdiction
    Account.objects.create(username="stranger", person=Person.objects.create(name="路人", jurisdiction=place))
    return crawling.signed_in("stranger")


def sent(full: list[Found]) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """(who, name, address, words) of every way to send a form as it was shown, one of each kind."""
    known = set()
    for page in full:
        for form in page.forms if page.is_page else ():
            for elsewhere, button in form.buttons or ((None, {}),):
                address = elsewhere or form.address
                kind = (form.who, crawling.name_of(address), tuple(button), tuple(sorted(form.hidden)))
                if kind not in known:
                    known.add(kind)
                    yield form.who, str(kind[1]), address, {**form.hidden, **button}


def test_every_page_answers_whoever_it_is_offered_to(full):
    broken = [(page.who, page.address, page.status) for page in full if page.status != 200]
    assert not broken
    assert len({page.name for page in full}) > 50


def test_every_address_is_walked_or_has_a_test_of_its_own(full):
    shown = {page.name for page in full} | {name for _who, name, _address, _words in sent(full)}
    folder = Path(__file__).parents[1] / "web"
    tests = "".join(path.read_text() for path in folder.glob("test_*.py"))
    missing = {one.name for one in urls.urlpatterns} - shown
    told = tests.replace("'", '"')
    assert not {name for name in missing if WRITTEN_OUT.get(name, f'"{name}"') not in told}
    assert len(shown) > 60


def test_a_list_without_rows_says_so(empty, full):
    """What lists something in the full county has a word for it in the empty one."""
    lists = {(page.who, page.address) for page in full if page.is_page and page.has("list")}
    found = [page for page in empty if page.is_page and (page.who, page.address) in lists]
    assert not [(page.who, page.address) for page in found if not page.has("empty") and not page.has("list")]
    assert sum(page.has("empty") for page in found) > 20
    assert not [(page.who, page.address, page.status) for page in empty if page.status != 200]


def test_a_stranger_is_shown_nothing(full, stranger):
    first = {page.name: page for page in reversed(full)}
    wrong = []
    for name, page in first.items():
        if name in PUBLIC:
            continue
        nobody, somebody = Client().get(page.address), stranger.get(page.address)
        if nobody.status_code not in (302, 403, 404):
            wrong.append(("without an account", name, nobody.status_code))
        if name in OWN or (name in LEADING_ON and somebody.status_code == 302):
            continue
        if somebody.status_code not in (403, 404):
            wrong.append(("without a post", name, somebody.status_code))
    assert not wrong
    for name in ("tasks", "cases", "desk", "leave", "key_cases", "commitments"):
        assert 'class="empty"' in stranger.get(reverse(name)).content.decode(), name


def test_a_strangers_form_does_nothing(full, stranger):
    wrong, before = [], Entry.objects.count()
    for who, name, address, words in sent(full):
        if name in PUBLIC:
            continue
        for whose, client in (("without an account", Client()), ("without a post", stranger)):
            with rolled_back():
                answer = client.post(address, words)
                if answer.status_code >= 500 or Entry.objects.count() != before:
                    wrong.append((whose, who, name, answer.status_code))
    assert not wrong


def test_a_form_in_which_nothing_was_typed_ends_in_a_sentence_or_in_what_it_says(sendings):
    wrong, refused = [], set()
    for who, name, status, kept in sendings:
        if status < 400:
            continue
        refused.add(name)
        page = "".join(one.content.decode() for one in kept)
        said = 'role="alert"' in page or "form-problem" in page or "notice error" in page
        if status >= 500 or not said:
            wrong.append((who, name, status))
    assert not wrong
    assert {"task", "report", "intake", "sessions", "publish", "leave", "start", "case_act"} <= refused


def test_every_address_that_answers_with_a_page_is_seen_by_axe(pages):
    seen = {page.name for page in pages if page.template not in states.COMMON} | {"sign_in"}
    assert {one.name for one in urls.urlpatterns} - seen == set(states.NO_PAGE)
    assert states.templates() == {page.template for page in pages}


def test_no_page_lacks_a_state(full, told, pages):
    shown = {name: kinds for name, kinds in states.shown(pages).items() if kinds & {"full", "empty"}}
    lacking = {
        state: {name for name, kinds in shown.items() if state not in kinds} for state in states.LACKING
    }
    assert lacking == {state: set(names) for state, names in states.LACKING.items()}
    # A stranger has knocked at every page of the county in a test above, at those of the stories when they were told.
    assert set(shown) - {page.name for page in full} - told.closed - PUBLIC - OWN == set()


def test_what_is_empty_says_what_to_do(pages):
    silent = [
        (page.name, box.text_content()) for page in pages for box in page.empties if not states.helps(box)
    ]
    assert not silent


def test_axe_finds_nothing_and_everything_fits_a_desk_and_a_phone(pages, browser):
    assert len(pages) > 180
    found = screen.faults_of(browser, pages)
    assert not found, "\n" + "\n".join(found)
