"""What people do beside the tasks: progress, withdrawal, contact, urging, re-assigning, taking."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.cases import errors, services
from huiyin.cases.models import Assignment, Contact, ProgressNote, Task
from huiyin.directory.actors import NotYourAct
from huiyin.forms.answers import AnswersRejected
from huiyin.history import selectors as history
from huiyin.notices.models import Notice

PROGRESS = {"progress": {"stage": "踏勘", "text": "到现场查看。"}}


def kinds(play) -> list[str]:
    return [entry.kind for entry in history.entries_of("case", play.case.pk)]


def test_progress_leaves_the_task_open_and_tells_the_asker(play):
    play.dispatch()
    task = play.task("sign")
    services.add_progress(task=task, answers=PROGRESS, by=play.town.actors["a"], now=play.now)
    assert ProgressNote.objects.get().unit == play.town.units["a"]
    assert play.task("sign") == task
    assert Notice.objects.filter(person=play.case.reporter, kind="progress").exists()


def test_progress_is_noted_once_when_the_key_is_repeated(play):
    play.dispatch()
    for _ in range(2):
        services.add_progress(
            task=play.task("sign"), answers=PROGRESS, by=play.town.actors["a"], now=play.now, key="p1"
        )
    assert ProgressNote.objects.count() == 1


def test_progress_is_refused_to_another_unit_and_without_words(play):
    play.dispatch()
    with pytest.raises(errors.NotYours):
        services.add_progress(
            task=play.task("sign"), answers=PROGRESS, by=play.town.actors["b"], now=play.now
        )
    with pytest.raises(AnswersRejected):
        services.add_progress(task=play.task("sign"), answers={}, by=play.town.actors["a"], now=play.now)


def test_withdrawal_takes_every_open_task_away(play):
    play.dispatch("b")
    services.withdraw_case(case=play.case, reason="灯亮了", by=play.asker, now=play.now)
    play.case.refresh_from_db()
    assert play.case.outcome == "withdrawn"
    assert not Task.objects.open().filter(case=play.case).exists()
    assert "case_withdrawn" in kinds(play)


def test_withdrawal_is_the_askers_with_a_reason_and_before_the_reply(play):
    with pytest.raises(errors.OnlyTheAsker):
        services.withdraw_case(case=play.case, reason="x", by=play.town.actors["office"], now=play.now)
    with pytest.raises(errors.ReasonMissing):
        services.withdraw_case(case=play.case, reason=" ", by=play.asker, now=play.now)
    play.answer()
    with pytest.raises(errors.CannotWithdraw):
        services.withdraw_case(case=play.case, reason="不用了", by=play.asker, now=play.now)


def test_a_contact_is_confirmed_or_denied_by_the_asker_alone(play):
    play.dispatch()
    play.do("sign", {"sign": "accept"})
    play.do(
        "work",
        {"contact": {"way": "visit", "on": "2026-09-01", "text": "上门"}, "progress": {"text": "换灯"}},
    )
    contact = Contact.objects.get()
    with pytest.raises(errors.OnlyTheAsker):
        services.confirm_contact(contact=contact, happened=True, by=play.town.actors["a"], now=play.now)
    assert (
        services.confirm_contact(contact=contact, happened=False, by=play.asker, now=play.now).confirmed
        is False
    )
    assert "contact_denied" in kinds(play)


def test_urging_needs_the_right_and_words(play):
    with pytest.raises(NotYourAct):
        services.urge_case(case=play.case, words="快办", by=play.town.actors["a"], now=play.now)
    with pytest.raises(errors.ReasonMissing):
        services.urge_case(case=play.case, words="", by=play.town.actors["office"], now=play.now)
    for _sent_twice in range(2):
        services.urge_case(case=play.case, words="快办", by=play.town.actors["office"], now=play.now)
    assert kinds(play)[-2:].count("urged") == 1
    later = play.now + timedelta(days=2)
    services.urge_case(case=play.case, words="快办", by=play.town.actors["office"], now=later)
    assert kinds(play)[-2:] == ["urged", "urged"], "two days later it is another"


def test_reassigning_moves_the_open_tasks_along(play):
    play.dispatch()
    part = Assignment.objects.get()
    services.reassign(
        assignment=part,
        unit_id=play.town.units["c"].public_id,
        reason="职责在丙",
        by=play.town.actors["office"],
        now=play.now,
    )
    assert play.task("sign").unit == play.town.units["c"]
    play.do("sign", {"sign": "accept"})
    assert play.task("work").unit == play.town.units["c"]


def test_reassigning_is_refused_to_a_unit_that_has_a_part_already(play):
    play.dispatch("b")
    part = Assignment.objects.get(part="lead")
    with pytest.raises(errors.UnitAssignedAlready):
        services.reassign(
            assignment=part,
            unit_id=play.town.units["b"].public_id,
            reason="x",
            by=play.town.actors["office"],
            now=play.now,
        )


def test_a_task_is_taken_and_given_back(play):
    task, office = play.task("screen"), play.town.actors["office"]
    assert services.take_task(task=task, by=office, now=play.now).claimed_by == office.person
    assert services.return_task(task=task, by=office, now=play.now).claimed_by is None
    with pytest.raises(errors.NotTaken):
        services.return_task(task=task, by=office, now=play.now)
