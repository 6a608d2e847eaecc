"""收回: what one has just sent is taken back until the next person acts, and everything stands as before it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.cases import errors, services
from huiyin.cases.models import (
    Assignment,
    CaseState,
    Clock,
    Completion,
    Contact,
    DraftReview,
    ProgressNote,
    Recall,
    ReplyDraft,
    Task,
)
from huiyin.cases.services import recalling
from huiyin.files import services as files
from huiyin.files.models import Attachment
from huiyin.history import selectors as history
from huiyin.jobs.models import Job
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle.scenarios import moment
from huiyin.notices.models import Notice
from tests.files.pictures import jpeg
from tests.web.playing import do, play_until, task_of

LATER = moment("2026-02-11 09:00")


def standing(case) -> dict[str, object]:
    """Everything about a case that a recall must bring back."""
    case.refresh_from_db()
    tasks = Task.objects.filter(case=case).order_by("pk")
    clocks = Clock.objects.filter(case=case).order_by("pk")
    return {
        "state": bytes(CaseState.objects.get(case=case).state),
        "columns": (case.stage, case.round, case.deputy_id, case.profile_id, case.closed_at, case.outcome),
        "tasks": list(tasks.values_list("key", "status", "closed_at", "due_on", "assignment_id")),
        "clocks": list(clocks.values_list("pk", "due_on", "met_at", "stopped_at")),
        "parts": list(
            Assignment.objects.filter(case=case)
            .order_by("pk")
            .values_list("public_id", "unit_id", "part", "handler_id")
        ),
        "drafts": list(
            ReplyDraft.objects.filter(case=case).values_list("version", "document_number", "signed_on")
        ),
        "reviews": DraftReview.objects.filter(case=case).count(),
        "notes": ProgressNote.objects.filter(case=case).count(),
        "facts": list(case.facts.order_by("name").values_list("name", "text")),
        "jobs": sorted(
            Job.objects.filter(subject_id=case.pk, status="waiting").values_list("key", "due_at", "group")
        ),
        "notices": Notice.objects.filter(subject_id=case.pk, kind="task_for_you").count(),
    }


#: step -> (unit, answers): steps of a suggestion whose words can be taken back
STEPS = {
    "propose": ("", {"units": {"lead": "@unit.a", "co": ["@unit.b"]}}),
    "hand_over": ("", {"handover": {"on": "2026-02-10"}}),
    "assign": ("", {"plan": "change", "units": {"lead": "@unit.b", "co": ["@unit.c"]}}),
    "sign": ("a", {"sign": "accept"}),
    "work": ("", {"working": "extend", "extension": {"to": "2026-06-01", "reason": "涉及面广，需跨年度实施"},
                  "contact": {"way": "visit", "on": "2026-02-10", "text": "登门面商"}, "progress": {"text": "已勘察"}}),
    "draft": ("", None),
    "check": ("", {"review": {"decision": "pass"}}),
    "cosign": ("", {"review": {"decision": "pass"}}),
    "review": ("", {"review": {"decision": "return", "remarks": "缺时间表"}}),
    "issue": ("", {"issuing": {"decision": "issue", "document_number": "岚水利〔2026〕12号", "signed_by": "何局",
                               "signed_on": "2026-02-11"}}),
}  # fmt: skip
DRAFT = {"reply_draft": {"result": "done", "asks": [
    {"ask": 1, "result": "done", "text": "已完成主管网改造。"}, {"ask": 2, "result": "done", "text": "已公布。"}],
    "contact_name": "林晚", "contact_phone": "0570-1"}}  # fmt: skip


def send(town, case, step: str) -> Task:
    unit, answers = STEPS[step]
    waiting = Task.objects.open().filter(case=case, step_id=step).select_related("case__reporter")
    task = waiting.get(unit=town.units[unit]) if unit else waiting.first()
    by = town.actor_for(task)
    answers = town.resolve(answers or DRAFT)
    services.complete_task(task=task, answers=answers, by=by, now=LATER, key="recalled")
    return task


@pytest.mark.parametrize("step", STEPS)
def test_everything_stands_as_before(town, step):
    case = play_until(town, step)
    before = standing(case)
    task = send(town, case, step)
    assert standing(case) != before
    by = sender(town, task)
    assert [one.task for one in services.recallable(case, by)] == [task]
    services.recall_task(task=task, by=by, now=LATER + timedelta(minutes=1))
    after = standing(case)
    assert after == before
    assert not Completion.objects.filter(task=task).exists()
    assert Recall.objects.get(task=task).answers
    assert services.recallable(case, by) == []


def sender(town, task):
    done = Completion.objects.get(task=task).by_id
    return next(actor for actor in town.actors.values() if actor.person.pk == done)


@pytest.mark.parametrize("step", ["assign", "draft", "issue"])
def test_it_is_done_again_and_goes_on(town, step):
    case = play_until(town, step)
    task = send(town, case, step)
    by = sender(town, task)
    services.recall_task(task=task, by=by, now=LATER + timedelta(minutes=1))
    answers = town.resolve(STEPS[step][1] or DRAFT)
    with pytest.raises(errors.TaskMoved):  # the page that was open before the recall sends nothing
        services.complete_task(
            task=task,
            answers=answers,
            by=by,
            now=LATER + timedelta(minutes=2),
            key="recalled",
            seen_revision=0,
        )
    services.complete_task(task=task, answers=answers, by=by, now=LATER + timedelta(minutes=3), key="again")
    assert Task.objects.get(pk=task.pk).status == Task.Status.DONE
    assert Task.objects.open().filter(case=case, opened_at=LATER + timedelta(minutes=3)).exists()
    kinds = [one.kind for one in history.entries_of("case", case.pk)]
    assert kinds.count("task_recalled") == 1
    assert kinds.index("task_recalled") < len(kinds) - 1


def test_somebody_who_took_the_next_step_has_acted(town):
    case = play_until(town, "draft")
    task = send(town, case, "draft")
    following = Task.objects.open().get(case=case)
    services.take_task(task=following, by=town.actor_for(following), now=LATER + timedelta(minutes=1))
    by = sender(town, task)
    assert services.recallable(case, by) == []
    with pytest.raises(errors.RecalledTooLate):
        services.recall_task(task=task, by=by, now=LATER + timedelta(minutes=2))


def test_after_the_next_step_it_is_too_late(town):
    case = play_until(town, "draft")
    task = send(town, case, "draft")
    do(town, case, "check", {"review": {"decision": "pass"}}, LATER + timedelta(minutes=5))
    with pytest.raises(errors.RecalledTooLate):
        services.recall_task(task=task, by=sender(town, task), now=LATER + timedelta(minutes=6))


def test_only_the_sender_takes_it_back(town):
    case = play_until(town, "assign")
    task = send(town, case, "assign")
    for name in ("congress", "a", "deputy"):
        assert services.recallable(case, town.actors[name]) == []
        with pytest.raises(errors.NotYours):
            services.recall_task(task=task, by=town.actors[name], now=LATER + timedelta(minutes=1))


@pytest.mark.parametrize("step", ["submit", "screen", "deliver", "rate"])
def test_what_gave_a_number_or_told_somebody_outside_stands(town, step):
    case = play_until(town, step)
    task = task_of(case, step)
    by = town.actor_for(task)
    scenario = bundles.read("suggestion").scenarios[0]
    answers = next(one["answers"] for one in scenario["steps"] if one.get("do") == step)
    services.complete_task(task=task, answers=town.resolve(answers), by=by, now=LATER, key="k")
    assert services.recallable(case, by) == []
    with pytest.raises(errors.CannotRecall):
        services.recall_task(task=task, by=by, now=LATER + timedelta(minutes=1))


def test_photos_of_a_note_that_was_taken_back_wait_again(play):
    play.dispatch()
    play.do("sign", {"sign": "accept"})
    photo = files.stage(kind="photo", raw=jpeg(), now=play.now)
    task = play.do("work", {"progress": {"text": "换灯", "photos": [photo.public_id]}})
    assert Attachment.objects.get().committed_at is not None
    services.recall_task(task=task, by=play.town.actors["a"], now=play.now + timedelta(minutes=1))
    assert not ProgressNote.objects.exists()
    assert Attachment.objects.get().committed_at is None
    again = {"progress": {"text": "换灯两盏", "photos": [photo.public_id]}}
    play.do("work", again)
    assert ProgressNote.objects.get().text == "换灯两盏"
    assert Attachment.objects.get().committed_at is not None


def test_a_system_that_moved_the_case_makes_it_too_late(town):
    case = play_until(town, "assign")
    task = send(town, case, "assign")
    by = sender(town, task)
    CaseState.objects.filter(case=case).update(revision=99)
    assert not recalling.recallable(case, by)


def test_a_contact_that_was_taken_back_is_confirmed_by_nobody(town):
    case = play_until(town, "work")
    task = task_of(case, "work")
    contact = {"contact": {"way": "visit", "on": "2026-02-10", "text": "登门面商"}}
    answers = {"working": "done", **contact, "progress": {"text": "已实施"}}
    services.complete_task(task=task, answers=answers, by=town.actors["a"], now=LATER, key="k")
    assert Notice.objects.filter(kind="contact_to_confirm", subject_id=case.pk).exists()
    services.recall_task(task=task, by=town.actors["a"], now=LATER + timedelta(minutes=1))
    assert not Contact.objects.filter(case=case, task=task).exists()
    assert not Notice.objects.filter(kind="contact_to_confirm", subject_id=case.pk).exists()


def test_after_the_deputy_has_confirmed_the_contact_it_is_too_late(town):
    case = play_until(town, "work")
    task = task_of(case, "work")
    contact = {"contact": {"way": "visit", "on": "2026-02-10", "text": "登门面商"}}
    answers = {"working": "done", **contact, "progress": {"text": "已实施"}}
    services.complete_task(task=task, answers=answers, by=town.actors["a"], now=LATER, key="k")
    spoken = Contact.objects.get(case=case, task=task)
    services.confirm_contact(
        contact=spoken, happened=False, by=town.actors["deputy"], now=LATER + timedelta(minutes=1)
    )
    with pytest.raises(errors.RecalledTooLate):
        services.recall_task(task=task, by=town.actors["a"], now=LATER + timedelta(minutes=2))
