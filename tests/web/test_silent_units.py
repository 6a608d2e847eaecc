"""A co-handling unit that says nothing holds the answer up no longer than some days after its deadline."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from docx import Document

from huiyin.cases import present, services
from huiyin.cases.models import Case, Clock, Task
from huiyin.core import time_source
from huiyin.history import selectors as history
from huiyin.history import words
from huiyin.jobs.models import Incident
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import scenarios, virtual
from huiyin.lifecycle.scenarios import moment
from huiyin.notices.models import Notice
from huiyin.web import letter_writing
from tests.web.playing import play_until

SUGGESTION = bundles.read("suggestion")
#: 2 months from 2 February under 浙江 2016: 2 April; ten working days after it, with 清明 on Monday the 6th: the 17th.
LAST, SILENT = moment("2026-04-17 23:59"), moment("2026-04-18 00:00")


@pytest.fixture
def waiting(town) -> Case:
    """The co-handling unit has signed and is asked for its opinion; the lead's part was taken by its handler."""
    case = play_until(town, "opinion")
    work = Task.objects.get(case=case, step_id="work")
    services.take_task(task=work, by=town.actors["a"], now=moment("2026-02-09 09:00"))
    return case


def opinion(case: Case) -> Task:
    return Task.objects.get(case=case, step_id="opinion")


def test_its_part_ends_ten_working_days_after_the_deadline(waiting):
    virtual.pass_time(waiting.pk, LAST)
    assert opinion(waiting).status == Task.Status.OPEN
    virtual.pass_time(waiting.pk, SILENT)
    assert opinion(waiting).status == Task.Status.LAPSED
    assert Clock.objects.get(task=opinion(waiting)).stopped_at == SILENT
    assert not Incident.objects.exists()


def test_the_history_says_so_and_whoever_leads_is_told(waiting, town):
    virtual.pass_time(waiting.pk, SILENT)
    line = next(one for one in history.entries_of("case", waiting.pk) if one.kind == "part_lapsed")
    assert words.tell(line.kind, line.facts, by="系统").startswith(
        "b局在期限（2026-04-02）后仍没有完成「协办意见」"
    )
    notice = Notice.objects.get(kind="part_lapsed")
    assert notice.person == town.actors["a"].person
    assert "b局" in words.tell("notice_part_lapsed", notice.facts, by="")


def test_an_opinion_in_time_is_no_silence(waiting, town):
    with time_source.standing_at(LAST):
        services.complete_task(
            task=opinion(waiting),
            answers={"progress": {"text": "资金已落实"}},
            by=town.actors["b"],
            now=LAST,
            key="k",
        )
    virtual.pass_time(waiting.pk, SILENT)
    assert opinion(waiting).status == Task.Status.DONE
    assert not Notice.objects.filter(kind="part_lapsed").exists()


def test_a_deadline_that_was_moved_is_not_silent_on_the_old_day(waiting, town):
    clock = Clock.objects.get(task=opinion(waiting))
    office = town.actors["congress"]
    services.extend_clock(
        clock=clock, to=date(2026, 4, 10), reason="联合踏勘", by=office, now=moment("2026-03-01 09:00")
    )
    assert not services.fire_mark(clock=clock, mark="silent", now=SILENT)
    virtual.pass_time(waiting.pk, SILENT)
    assert opinion(waiting).status == Task.Status.OPEN
    virtual.pass_time(waiting.pk, moment("2026-04-25 00:00"))
    assert opinion(waiting).status == Task.Status.LAPSED


def test_another_units_longer_time_does_not_save_the_silent_one(waiting):
    """The message reaches the step of the unit alone, so a second clock of the same rule must not keep it back."""
    clock = Clock.objects.get(task=opinion(waiting))
    Clock.objects.create(
        case=waiting, rule=clock.rule, round=1, started_on=clock.started_on, started_at=clock.started_at,
        due_on=date(2026, 9, 1),
    )  # fmt: skip
    virtual.pass_time(waiting.pk, SILENT)
    assert opinion(waiting).status == Task.Status.LAPSED


def test_the_reply_names_the_unit_and_asks_it_to_countersign_nothing(town, client_of):
    found = next(one for one in SUGGESTION.scenarios if one["file"].startswith("20"))
    steps = found["steps"]
    checked = next(n for n, one in enumerate(steps) if one.get("do") == "review")
    case = scenarios.play(SUGGESTION, town, {**found, "steps": steps[:checked]}, scenarios.Run("silent"))
    case = Case.objects.get(pk=case.pk)
    assert not Task.objects.filter(case=case, step_id="cosign").exists()
    review = Task.objects.open().get(case=case)
    page = client_of("a-head").get(reverse("task", args=[review.public_id])).content.decode()
    assert "b局未在期限内提出意见" in page
    shown = present.case(case, town.actors["a"])
    assert shown.rounds[0].silent == ("b局",)
    assert "b局未在期限内提出意见" in render_to_string("web/parts/rounds.html", {"case": shown})
    assert list(letter_writing._opinions(shown.rounds[0])) == ["b局未在期限内提出意见。"]


def test_the_letter_of_the_whole_story_says_so(town):
    found = next(one for one in SUGGESTION.scenarios if one["file"].startswith("20"))
    case = Case.objects.get(pk=scenarios.play(SUGGESTION, town, found, scenarios.Run("silent")).pk)
    (one,) = present.case(case, town.actors["a"]).rounds
    letter = letter_writing.write(letter_writing.facts_of(case, one), letter_writing.template())
    assert any("b局未在期限内提出意见" in line.text for line in Document(BytesIO(letter)).paragraphs)
