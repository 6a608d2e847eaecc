"""Receiving a matter."""

from __future__ import annotations

import pytest

from huiyin.cases import errors, services
from huiyin.cases.models import Case, Clock, Fact, Task
from huiyin.directory.actors import NotYourAct
from huiyin.forms.answers import AnswersRejected
from huiyin.history import selectors as history
from tests.cases.conftest import RECEIVED, REPORT
from tests.conftest import at


def test_opens_the_first_task_with_its_deadline_and_its_history(play):
    task = Task.objects.get(case=play.case)
    assert (task.step_id, task.role, task.place) == ("screen", "congress_office", play.town.place.parent)
    assert str(task.due_on) == "2026-09-02"
    assert [entry.kind for entry in history.entries_of("case", play.case.pk)] == ["case_received"]


def test_counts_the_answer_from_the_day_of_receipt_when_it_is_entered_later(definition, town):
    case = services.start_case(
        definition=definition,
        answers=REPORT,
        place=town.place,
        now=RECEIVED,
        received_at=at("2026-08-28T16:00"),
    )
    assert str(Clock.objects.get(case=case, rule__code="matter.answer").due_on) == "2026-09-04"


def test_is_refused_without_words_and_leaves_nothing(definition, town):
    with pytest.raises(AnswersRejected) as refused:
        services.start_case(
            definition=definition, answers={"category": "road"}, place=town.place, now=RECEIVED
        )
    assert refused.value.problems == {"words": "请填写“具体情况”，或者上传一段录音"}
    assert not Case.objects.exists()


def test_returns_the_same_case_when_the_source_key_is_repeated(definition, town):
    received = [
        services.start_case(
            definition=definition, answers=REPORT, place=town.place, now=RECEIVED, source_key="paper:7"
        )
        for _ in range(2)
    ]
    assert received[0] == received[1]
    assert Case.objects.count() == 1


def test_keeps_the_category_as_a_fact(play):
    assert Fact.objects.get(case=play.case).text == "road"


def test_masks_the_name_of_the_one_who_asked(play):
    assert play.case.reporter.name == "周**"
    assert play.case.reporter.details["name"] == "周全"


def test_is_refused_where_matters_are_not_reported_and_when_it_lies_ahead(definition, town):
    with pytest.raises(errors.PlaceUnknown):
        services.start_case(
            definition=definition, answers=REPORT, place=town.place.parent.parent, now=RECEIVED
        )
    with pytest.raises(errors.NotReceivedYet):
        services.start_case(
            definition=definition,
            answers=REPORT,
            place=town.place,
            now=RECEIVED,
            received_at=at("2026-09-02T09:00"),
        )


def test_is_entered_for_somebody_else_by_the_station_and_not_by_a_handler(definition, town):
    case = services.start_case(
        definition=definition, answers=REPORT, place=town.place, now=RECEIVED, by=town.actors["station"]
    )
    assert history.entries_of("case", case.pk)[0].facts["for_another"] is True
    with pytest.raises(NotYourAct):
        services.start_case(
            definition=definition, answers=REPORT, place=town.place, now=RECEIVED, by=town.actors["a"]
        )


def test_says_that_the_calendar_ends_when_a_deadline_lies_outside(definition, town):
    with pytest.raises(errors.NotInCalendar):
        services.start_case(
            definition=definition,
            answers=REPORT,
            place=town.place,
            now=RECEIVED,
            received_at=at("2001-01-01T09:00"),
        )
