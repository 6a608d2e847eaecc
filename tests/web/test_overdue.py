"""超期清单: a row for each late step, its units together, and what they say about it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from huiyin.cases import services
from huiyin.cases.models import Case, Task
from tests.web.playing import play_until
from tests.web.test_ballots import text

WORDS = "我写了很长的说明，一个字也不能丢"


@pytest.fixture
def late(town) -> Case:
    """A suggestion that its lead and its co-handling units have not signed for."""
    case = play_until(town, "sign")
    for days, task in enumerate(Task.objects.open().filter(case=case).order_by("-id"), 2):
        Task.objects.filter(pk=task.pk).update(due_on=timezone.localdate() - timedelta(days=days))
    return case


def rows(page: str) -> list[str]:
    return page.split("<tbody>")[1].split("</tbody>")[0].split("<tr>")[1:]


def explain(town, task, words, by):
    return services.explain_lateness(task=task, words=words, by=town.actors[by], now=timezone.now())


def test_a_step_that_waits_for_several_units_is_one_row(client_of, late):
    waiting = Task.objects.open().filter(case=late)
    assert waiting.count() > 1
    (row,) = rows(text(client_of("watch").get(reverse("overdue"))))
    assert "a局、b局" in row or "b局、a局" in row
    assert f"超期 {waiting.count() + 1} 天" in row


def test_a_unit_is_chosen_by_chip_or_by_select(client_of, late):
    page = text(client_of("watch").get(reverse("overdue"), {"unit": "b局"}))
    assert '<option value="b局" selected>' in page
    (row,) = rows(page)
    assert "b局" in row
    assert "a局" not in row


def test_supervisors_read_the_newest_words_of_each_unit(client_of, late, town):
    tasks = {task.unit.name: task for task in Task.objects.open().filter(case=late).select_related("unit")}
    explain(town, tasks["a局"], "先前的话", "a")
    explain(town, tasks["a局"], "管件缺货", "a")
    explain(town, tasks["b局"], "等主办单位", "b")
    (row,) = rows(text(client_of("watch").get(reverse("overdue"))))
    assert row.count("超期说明") == 2
    assert "管件缺货" in row
    assert "等主办单位" in row
    assert "先前的话" not in row
    whole = text(client_of("watch").get(reverse("case", args=[late.public_id])))
    assert "先前的话" in whole


def test_the_list_asks_as_much_for_many_words_as_for_one(client_of, late, town):
    tasks = list(Task.objects.open().filter(case=late).select_related("unit"))
    watch = client_of("watch")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            watch.get(reverse("overdue"))
        return len(asked)

    explain(town, tasks[0], "一", tasks[0].unit.name[0])
    before = queries()
    for task in tasks:
        explain(town, task, "二", task.unit.name[0])
    assert queries() == before


def test_the_form_stands_on_a_late_task_alone(client_of, late):
    task = Task.objects.open().filter(case=late, unit__name="a局").first()
    url, handler = reverse("task", args=[task.public_id]), client_of("a")
    assert "说明超期原因" in text(handler.get(url))
    assert "说明超期原因" not in text(client_of("watch").get(url))
    Task.objects.filter(pk=task.pk).update(due_on=timezone.localdate())
    assert "说明超期原因" not in text(handler.get(url))


def test_a_handler_explains_and_reads_it_on_the_task(client_of, late):
    task = Task.objects.open().filter(case=late, unit__name="a局").first()
    send = reverse("task_explain", args=[task.public_id])
    page = text(client_of("a").post(send, {"words": WORDS}, follow=True))
    assert "超期说明已登记" in page
    assert WORDS in page


@pytest.mark.parametrize(("who", "due_in", "status"), [("a", 0, 409), ("watch", -2, 403)])
def test_a_refusal_keeps_the_words(client_of, late, who, due_in, status):
    task = Task.objects.open().filter(case=late, unit__name="a局").first()
    Task.objects.filter(pk=task.pk).update(due_on=timezone.localdate() + timedelta(days=due_in))
    answer = client_of(who).post(reverse("task_explain", args=[task.public_id]), {"words": WORDS})
    assert (answer.status_code, WORDS in text(answer), "form-problem" in text(answer)) == (status, True, True)
    empty = client_of("b").post(reverse("task_explain", args=[task.public_id]), {"words": " "})
    assert empty.status_code in (403, 409)
