"""收回 of a hand-over: until the first unit signs, with the assignment that was made since."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.cases import errors, runtime, services
from huiyin.cases.models import Assignment, Case, CaseState, Completion, Recall, Task
from huiyin.cases.present.recalls import taken_back
from huiyin.history import selectors as history
from huiyin.notices.models import Notice
from huiyin.web import prefill
from tests.cases.test_recalling import LATER, sender, standing
from tests.web.playing import do, play_until, task_of

ASSIGN = {"plan": "change", "units": {"lead": "@unit.b", "co": ["@unit.c"]}}


def hand_over_and_assign(town) -> tuple[Case, Task, dict[str, object]]:
    """A suggestion that the office handed over and the government assigned; and what stood before the hand-over."""
    case = play_until(town, "hand_over")
    before = standing(case)
    do(town, case, "hand_over", {"handover": {"on": "2026-02-10"}}, LATER)
    do(town, case, "assign", ASSIGN, LATER + timedelta(hours=1))
    case.refresh_from_db()
    return case, Task.objects.get(case=case, step_id="hand_over"), before


def test_a_hand_over_is_taken_back_with_the_assignment_until_the_first_unit_signs(town):
    case, task, before = hand_over_and_assign(town)
    office = sender(town, task)
    (offer,) = services.recallable(case, office)
    assert (offer.task, offer.until, offer.along) == (task, "签收", ("分办",))
    government = Completion.objects.get(case=case, task__step_id="assign").by
    services.recall_task(task=task, by=office, now=LATER + timedelta(hours=2))
    assert standing(case) == before
    assert set(Recall.objects.filter(case=case).values_list("step_id", "done_by", "task")) == {
        ("assign", government.pk, task.pk),
        ("hand_over", office.person.pk, task.pk),
    }
    told = Notice.objects.get(kind="taken_back_with", subject_id=case.pk)
    assert (told.person, told.facts["task"]) == (government, "分办")
    kinds = [one.kind for one in history.entries_of("case", case.pk)]
    assert kinds.count("task_recalled") == 2


def test_what_was_taken_back_with_it_waits_in_the_form_once(town):
    case, task, _before = hand_over_and_assign(town)
    services.recall_task(task=task, by=sender(town, task), now=LATER + timedelta(hours=2))
    do(town, case, "hand_over", {"handover": {"on": "2026-02-11"}}, LATER + timedelta(hours=3), key="anew")
    again = task_of(case, "assign")
    document = runtime.document_of(again, case.definition_id)
    words = prefill.defaults(again, document, town.actor_for(again))
    assert words["units"]["lead"] == town.units["b"].public_id
    assert [row.step_id for row in taken_back([again])[again.pk]] == ["assign"]
    do(town, case, "assign", ASSIGN, LATER + timedelta(hours=4), key="anew")
    assert taken_back([again]) == {again.pk: []}
    assert Task.objects.open().filter(case=case, step_id="sign").count() == 2


def test_what_the_next_person_took_and_took_back_stands_in_nobodys_way(town):
    case, task, before = hand_over_and_assign(town)
    assign = Task.objects.get(case=case, step_id="assign")
    services.recall_task(task=assign, by=sender(town, assign), now=LATER + timedelta(hours=2))
    services.take_task(task=assign, by=town.actor_for(assign), now=LATER + timedelta(hours=3))
    services.recall_task(task=task, by=sender(town, task), now=LATER + timedelta(hours=4))
    assert standing(case) == before
    assert set(Recall.objects.filter(case=case).values_list("task", flat=True)) == {task.pk}


def test_the_first_signature_ends_it(town):
    case, task, _before = hand_over_and_assign(town)
    by = sender(town, task)
    sign = Task.objects.open().get(case=case, step_id="sign", unit=town.units["b"])
    services.complete_task(
        task=sign,
        answers={"sign": "accept"},
        by=town.actor_for(sign),
        now=LATER + timedelta(hours=2),
        key="s",
    )
    case.refresh_from_db()
    assert services.recallable(case, by) == []
    with pytest.raises(errors.RecalledTooLate):
        services.recall_task(task=task, by=by, now=LATER + timedelta(hours=3))
    assert len(CaseState.objects.get(case=case).undo) == 1  # the signature alone


def test_another_act_on_the_matter_ends_it(town):
    case, task, _before = hand_over_and_assign(town)
    part = Assignment.objects.filter(case=case).order_by("pk").last()
    services.reassign(
        assignment=part,
        unit_id=town.units["a"].public_id,
        reason="职责调整",
        by=sender(town, task),
        now=LATER + timedelta(hours=2),
    )
    with pytest.raises(errors.RecalledTooLate):
        services.recall_task(task=task, by=sender(town, task), now=LATER + timedelta(hours=3))
