"""批量办理 in the background: every task once, a sentence for each that was refused, and a page sent twice starts one."""

from __future__ import annotations

import pytest

from huiyin.cases import services
from huiyin.cases.models import Batch, BatchRow, Case, Completion, Task
from huiyin.cases.services.batching import NothingToDo, TooManyTogether
from huiyin.forms import answers as forms
from huiyin.jobs import services as jobs
from huiyin.jobs.models import Job
from huiyin.lifecycle.scenarios import moment
from tests.web.playing import play_until, publish

NOW = moment("2026-02-11 09:00")
ANSWERS = {"handover": {"on": "2026-02-11"}}


@pytest.fixture
def waiting(town) -> list[Task]:
    """Three suggestions that wait to be handed over."""
    definition = publish(town)
    cases = [play_until(town, "hand_over", definition=definition) for _n in range(3)]
    found = Task.objects.open().filter(case__in=cases, step_id="hand_over").select_related("case")
    return list(found.order_by("id"))


def start(town, tasks, answers=ANSWERS, key="one") -> Batch:
    by = town.actor_for(tasks[0]) if tasks else town.actors["office"]
    return services.start_batch(tasks=tasks, answers=answers, by=by, now=NOW, key=key)


def work_off() -> None:
    while jobs.run_due(now=NOW, limit=100):
        pass


def test_completes_every_task_once_however_often_it_is_sent(town, waiting):
    batch = start(town, waiting)
    assert start(town, waiting) == batch
    assert (
        Task.objects.open().filter(pk__in=[task.pk for task in waiting]).count() == 3
    )  # nothing in the request
    work_off()
    for row in BatchRow.objects.filter(batch=batch):
        services.do_batch_row(row=row, now=NOW)  # a job that is delivered twice
    assert Completion.objects.filter(task__in=waiting, by=batch.by, key="one").count() == 3
    assert set(batch.rows.values_list("error", flat=True)) == {""}
    assert not batch.rows.filter(done_at=None).exists()


def test_what_was_done_meanwhile_is_refused_with_its_sentence_and_holds_up_nothing(town, waiting):
    batch = start(town, waiting)
    services.complete_task(
        task=waiting[1], answers=ANSWERS, by=town.actor_for(waiting[1]), now=NOW, key="another window"
    )
    work_off()
    refused = batch.rows.exclude(error="")
    assert list(refused.values_list("task", flat=True)) == [waiting[1].pk]
    assert "已" in refused.get().error
    assert not Task.objects.open().filter(pk__in=[task.pk for task in waiting]).exists()
    assert not Job.objects.filter(kind="cases.batch_row", status="failed").exists()


def test_whoever_lost_the_post_meanwhile_does_nothing(town, waiting):
    batch = start(town, waiting)
    batch.by.posts.update(to_on="2026-02-11")
    work_off()
    assert Task.objects.open().filter(pk__in=[task.pk for task in waiting]).count() == 3
    assert batch.rows.exclude(error="").count() == 3


def test_starts_nothing_without_tasks_with_wrong_answers_or_with_too_many(town, waiting, monkeypatch):
    with pytest.raises(NothingToDo):
        start(town, [])
    with pytest.raises(forms.AnswersRejected):
        start(town, waiting, {})
    monkeypatch.setattr("huiyin.cases.services.batching.MOST_IN_BATCH", 2)
    with pytest.raises(TooManyTogether):
        start(town, waiting)
    assert not Batch.objects.exists()
    assert Case.objects.filter(closed_at=None).count() == 3
