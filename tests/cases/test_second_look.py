"""复核: what was returned or merged is looked at once more if the asker wishes, and never by the one who decided."""

from __future__ import annotations

import pytest

from huiyin.cases import errors, services
from huiyin.cases.models import Clock, Task
from huiyin.cases.present.badges import status_badge
from huiyin.directory.addresses import people_led_to
from huiyin.history import words
from huiyin.history.models import Entry
from huiyin.notices.models import Notice
from huiyin.supervision import selectors as boards
from tests.cases.conftest import REPORT

RETURNED = {"screening": "return", "reason": "属合同纠纷，请向调解委员会提出。"}
WHY = {"why": "路灯立在公路上，不归物业管。"}
STANDS = {"second_look": {"decision": "upheld"}, "reason": "经查属小区业主共有，请向调解委员会提出。"}
ACCEPTED = {"second_look": {"decision": "reopened"}, "reason": "经查为公路照明设施，应予受理。"}


@pytest.fixture
def returned(play):
    play.do("screen", RETURNED)
    play.case.refresh_from_db()
    return play


@pytest.fixture
def merged(play, definition, town):
    other = services.start_case(definition=definition, answers=REPORT, place=town.place, now=play.now)
    play.do(
        "screen", {"screening": "merge", "into": other.number, "reason": "同一盏路灯，一并办理、分别答复。"}
    )
    play.case.refresh_from_db()
    return play


def told(play) -> str:
    newest = Notice.objects.filter(person=play.case.reporter).exclude(kind="task_for_you").latest("id")
    return words.tell(f"notice_{newest.kind}", newest.facts, by="")


def test_a_returned_matter_is_closed_with_its_reason_and_the_word_that_it_can_be_looked_at_again(returned):
    assert (returned.case.outcome, returned.case.ended_at) == ("declined", None)
    assert status_badge(returned.case).text == "已退回，可申请复核"
    assert "属合同纠纷" in told(returned)
    assert "复核一次" in told(returned)


def test_nothing_of_it_is_late_while_the_asker_may_ask(returned):
    running = Clock.objects.filter(case=returned.case, met_at=None, stopped_at=None)
    assert list(running.values_list("rule__code", flat=True)) == ["matter.ask_second_look"]
    returned.wait("2026-09-18T09:00")
    assert not boards.overdue(returned.town.actors["watch"], returned.now.date()).filter(case=returned.case)
    assert not Entry.objects.filter(subject_id=returned.case.pk, kind="clock_expired").exists()


def test_silence_lets_the_decision_stand(returned):
    before = Notice.objects.filter(person=returned.case.reporter).count()
    returned.wait("2026-10-30T09:00")
    assert (returned.case.outcome, status_badge(returned.case).text) == ("declined", "已退回")
    assert returned.case.ended_at is not None
    assert Notice.objects.filter(person=returned.case.reporter).count() == before


def test_who_screened_it_does_not_look_again(returned):
    office = returned.town.actors["office"]
    returned.do("ask_declined", WHY)
    task = returned.task("second_look")
    assert task.not_person == office.person
    assert office.person.pk not in people_led_to(task.target, returned.now.date())
    assert not Task.objects.waiting_for(office).filter(pk=task.pk)
    with pytest.raises(errors.NotYours):
        services.complete_task(task=task, answers=ACCEPTED, by=office, now=returned.now, key="own")
    assert Task.objects.waiting_for(returned.town.actors["congress"]).filter(pk=task.pk)


def test_a_second_look_that_upholds_ends_it_with_its_own_reason(returned):
    returned.do("ask_declined", WHY)
    returned.do("second_look", STANDS)
    returned.case.refresh_from_db()
    assert (returned.case.outcome, status_badge(returned.case).text) == ("declined", "已退回")
    assert "小区业主共有" in told(returned)
    assert "复核一次" not in told(returned)
    assert not Task.objects.open().filter(case=returned.case)


def test_a_matter_that_is_taken_up_after_all_goes_on_and_its_answer_is_due_from_now(returned):
    returned.wait("2026-09-08T09:00")
    returned.do("ask_declined", WHY)
    returned.do("second_look", ACCEPTED)
    returned.case.refresh_from_db()
    assert (returned.case.outcome, returned.case.closed_at) == ("", None)
    assert "改为受理" in told(returned)
    assert returned.task("dispatch")
    clock = Clock.objects.get(case=returned.case, rule__code="matter.answer", stopped_at=None)
    assert str(clock.started_on) == "2026-09-08"


def test_it_needs_a_reason(returned):
    from huiyin.forms.answers import AnswersRejected

    returned.do("ask_declined", WHY)
    with pytest.raises(AnswersRejected) as refused:
        returned.do("second_look", {"second_look": {"decision": "upheld"}})
    assert set(refused.value.problems) == {"reason"}


def test_a_merged_matter_that_is_taken_up_stands_alone_again(merged):
    assert merged.case.merged_into is not None
    assert status_badge(merged.case).text == "已并案，可申请复核"
    merged.do("ask_merged", WHY)
    merged.case.refresh_from_db()
    assert merged.case.merged_into is not None, "who looks again sees where it was merged"
    merged.do("second_look", ACCEPTED)
    merged.case.refresh_from_db()
    assert merged.case.merged_into is None


def test_a_merged_matter_that_is_upheld_stays_merged(merged):
    merged.do("ask_merged", WHY)
    merged.do("second_look", STANDS)
    merged.case.refresh_from_db()
    assert (merged.case.outcome, status_badge(merged.case).text) == ("merged", "已并案")
    assert merged.case.merged_into is not None


def test_those_handled_with_it_are_told_only_when_it_is_over(returned, definition, town):
    other = services.start_case(definition=definition, answers=REPORT, place=town.place, now=returned.now)
    type(other).objects.filter(pk=other.pk).update(merged_into=returned.case)
    assert not Notice.objects.filter(kind="merged_ended").exists()
    returned.wait("2026-10-30T09:00")
    assert Notice.objects.filter(person=other.reporter, kind="merged_ended").count() == 1
