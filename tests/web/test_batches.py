"""批量交办 of a whole list: all its pages in one go, with a page that says how far it is."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from huiyin.cases.models import Batch, Task
from huiyin.core import time_source
from huiyin.jobs import services as jobs
from huiyin.lifecycle.scenarios import moment
from huiyin.web.pages import tasks as page_of_tasks
from tests.web.playing import do, play_until, publish
from tests.web.test_suggestions import text

DAY = "2026-02-11"
LIST = f"{reverse('tasks')}?step=hand_over"


@pytest.fixture(autouse=True)
def _day(monkeypatch):
    monkeypatch.setattr(page_of_tasks, "PAGE", 2)
    with time_source.standing_at(moment(f"{DAY} 15:00")):
        yield


@pytest.fixture
def cases(town):
    definition = publish(town)
    return [play_until(town, "hand_over", definition=definition) for _n in range(3)]


def send(client, every: int, **more: str):
    posted = {"every": str(every), "key": "one", "handover.on": DAY} | more
    return client.post(f"{reverse('tasks_together')}?step=hand_over&all=every", posted)


def test_offers_the_whole_list_where_it_has_several_pages(client_of, cases):
    office = client_of("office")
    assert "全部 3 件" in text(office.get(LIST))
    shown = text(office.get(f"{LIST}&all=every"))
    assert "办理列表中的全部 3 件，包括其他页。" in shown
    assert '<input type="hidden" name="every" value="3">' in shown
    assert 'name="task"' not in shown


def test_who_hands_over_and_who_assigns_reads_what_a_unit_had_against_it(client_of, town, cases):
    against = "b局建议由其他单位承办：建议由住建部门承办。"
    office = client_of("office")
    assert text(office.get(LIST)).count(against) == page_of_tasks.PAGE
    task = Task.objects.open().get(case=cases[0])
    assert against in text(office.get(reverse("task", args=[task.public_id])))
    do(town, cases[0], "hand_over", {"handover": {"on": DAY}}, moment(f"{DAY} 15:00"))
    assert against in text(client_of("government").get(reverse("grid", args=["assign"])))


def test_a_single_page_needs_no_more_than_its_boxes(client_of, cases, monkeypatch):
    monkeypatch.setattr(page_of_tasks, "PAGE", 30)
    assert "全部 3 件" not in text(client_of("office").get(LIST))


def test_does_all_pages_in_the_background_and_leads_to_the_list(client_of, cases):
    office = client_of("office")
    answer = send(office, 3)
    assert answer.status_code == 302
    under_way = office.get(answer["Location"])
    assert under_way["Refresh"] == f"3; url={answer['Location']}"
    assert "正在办理：0 / 3 件" in text(under_way)
    assert send(office, 3)["Location"] == answer["Location"]  # the button pressed twice
    while jobs.run_due(now=time_source.now(), limit=100):
        pass
    over = office.get(answer["Location"])
    assert "Refresh" not in over
    assert "已办理 3 件。" in text(over)
    assert reverse("handover", args=[DAY]) in text(over)
    assert Task.objects.open().filter(step_id="assign").count() == 3


def test_a_list_that_changed_is_looked_at_again_with_the_words_kept(client_of, cases, town):
    do(town, cases[0], "hand_over", {"handover": {"on": DAY}}, time_source.now())
    answer = send(client_of("office"), 3)
    assert answer.status_code == 409
    shown = text(answer)
    assert "列表有变化：刚才是 3 件，现在是 2 件。请核对后再提交。" in shown
    assert re.search(rf'name="handover\.on"[^>]*value="{DAY}"', shown)
    assert not Batch.objects.exists()


def test_what_is_missing_is_said_and_nothing_starts(client_of, cases):
    answer = send(client_of("office"), 3, **{"handover.on": ""})
    assert answer.status_code == 422
    assert "办理列表中的全部 3 件，包括其他页。" in text(answer)
    assert not Batch.objects.exists()


def test_tells_what_was_refused_and_shows_it_to_nobody_else(client_of, cases, town):
    office = client_of("office")
    where = send(office, 3)["Location"]
    do(town, cases[1], "hand_over", {"handover": {"on": DAY}}, time_source.now())
    while jobs.run_due(now=time_source.now(), limit=100):
        pass
    shown = text(office.get(where))
    assert "1 件没有办成，原因见下表。" in shown
    assert reverse("case", args=[cases[1].public_id]) in shown
    for name in ("government", "a", "deputy"):
        assert client_of(name).get(where).status_code == 404
