"""超期说明: who owes a late task says why; supervisors read the newest words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from huiyin.cases import errors, present, services
from huiyin.cases.models import DelayNote, Task
from huiyin.history import selectors as history
from huiyin.history import words as history_words

DUE = date(2026, 8, 31)


@pytest.fixture
def late(play):
    """The unit's task, a day past its deadline."""
    play.dispatch()
    task = play.task("sign", "a")
    Task.objects.filter(pk=task.pk).update(due_on=DUE)
    task.refresh_from_db()
    return task


def explain(play, task, words="管件缺货，九月五日到货后完成。", by="a", now=None):
    return services.explain_lateness(task=task, words=words, by=play.town.actors[by], now=now or play.now)


def test_the_unit_says_why_and_the_history_keeps_it(play, late):
    note = explain(play, late, " 管件缺货 ")
    assert (note.text, note.unit, note.round) == ("管件缺货", play.town.units["a"], 1)
    line = history.entries_of("case", play.case.pk)[-1]
    told = history_words.tell(line.kind, line.facts, by="周")
    assert told == f"周说明超期原因（「{late.name}」应于 2026-08-31 前完成）：管件缺货"
    assert Task.objects.get(pk=late.pk).status == Task.Status.OPEN
    (shown,) = present.case(play.case, play.town.actors["watch"]).rounds[0].delays
    assert shown == note


def test_the_same_words_again_are_one_note_and_other_words_another(play, late):
    first = explain(play, late)
    assert explain(play, late) == first
    explain(play, late, "又推迟到九月十日。", now=play.now + timedelta(days=1))
    assert DelayNote.objects.count() == 2


def test_the_head_explains_what_a_colleague_has_taken(play, late):
    services.take_task(task=late, by=play.town.actors["a"], now=play.now)
    assert explain(play, late, by="a-head").by == play.town.actors["a-head"].person


@pytest.mark.parametrize("who", ["b", "watch", "office"])
def test_only_who_owes_it_explains(play, late, who):
    with pytest.raises(errors.NotYours):
        explain(play, late, by=who)


def test_words_are_needed(play, late):
    with pytest.raises(errors.ReasonMissing):
        explain(play, late, " ")


@pytest.mark.parametrize("due_on", [None, date(2026, 9, 1), date(2026, 9, 2)])
def test_what_is_not_late_needs_no_explanation(play, late, due_on):
    Task.objects.filter(pk=late.pk).update(due_on=due_on)
    with pytest.raises(errors.NotLate):
        explain(play, late)


def test_what_is_done_is_not_explained_any_more(play, late):
    play.do("sign", {"sign": "accept"})
    with pytest.raises(errors.TaskClosed):
        explain(play, late)


def test_the_one_who_asked_does_not_read_it_in_the_history(play, late):
    explain(play, late)
    assert "lateness_explained" not in {one.kind for one in present.entries_of(play.case, play.asker)}
    assert "lateness_explained" in {
        one.kind for one in present.entries_of(play.case, play.town.actors["office"])
    }


def test_the_database_refuses_a_note_without_its_task(play, late):
    explain(play, late)
    with pytest.raises(IntegrityError, match="a_delay_note_says_why_a_task_is_late"):
        DelayNote.objects.update(text="")
