"""民生实事项目 for everybody: plan against actual, the light by its printed rule, and nobody's name."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from huiyin.cases.models import (
    Assignment,
    Case,
    Clock,
    Completion,
    Milestone,
    ProgressNote,
    Reply,
    Task,
    Visit,
)
from huiyin.files import services as files
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import storing
from huiyin.supervision import projects as board
from tests.web.test_ballots import Congress, text

TODAY = timezone.localdate()


@pytest.fixture
def congress(town, definition):
    return Congress(town, definition)


@pytest.fixture
def building(congress):
    """A project with its plan: one milestone reached, one to come."""
    case = congress.project("建设口袋公园", cost="560")
    Case.objects.filter(pk=case.pk).update(stage="building")
    plan(case, ("开工", -40, -38), ("完工", 60, None))
    Assignment.objects.create(
        case=case, unit=congress.town.units["a"], part="lead", round=1, assigned_at=timezone.now()
    )
    return case


def plan(case: Case, *rows: tuple[str, int, int | None]) -> list[Milestone]:
    return [
        Milestone.objects.create(
            case=case,
            number=number,
            name=name,
            planned_on=TODAY + timedelta(days=planned),
            done_on=None if done is None else TODAY + timedelta(days=done),
        )
        for number, (name, planned, done) in enumerate(rows, 1)
    ]


def read(case: Case | None = None, **query: object) -> str:
    address = reverse("project", args=[case.public_id]) if case else reverse("projects")
    return text(Client().get(address, query))


def light(rows: list[Milestone], reported=frozenset(), due_on: date | None = None, closed: bool = False):
    return board.light_of(rows, frozenset(reported), due_on, closed, TODAY)


@pytest.mark.parametrize(
    ("planned", "done", "colour"),
    [
        (-31, None, "red"),
        (-30, None, "yellow"),
        (-1, None, "yellow"),
        (0, None, "yellow"),
        (7, None, "yellow"),
        (8, None, "green"),
        (-90, -1, "green"),
    ],
)
def test_lights_by_how_late_the_plan_is(congress, planned, done, colour):
    case = congress.project("建设口袋公园")
    assert light(plan(case, ("完工", planned, done))).colour == colour


def test_a_report_keeps_a_milestone_that_is_due_soon_green_and_a_late_one_yellow(congress):
    case = congress.project("建设口袋公园")
    soon, late = plan(case, ("完工", 3, None), ("验收", -3, None))
    assert light([soon], {soon.pk}).colour == "green"
    assert light([late], {late.pk}).colour == "yellow"


def test_a_project_past_its_own_day_is_red_an_archived_one_green_and_one_without_a_plan_grey(congress):
    rows = plan(congress.project("建设口袋公园"), ("完工", 60, None))
    assert light(rows, due_on=TODAY - timedelta(days=1)).colour == "red"
    assert light(rows, due_on=TODAY).colour == "green"
    late = plan(congress.project("建设停车场"), ("完工", -60, None))
    assert light(late, closed=True).colour == "green"
    assert light([]).colour == "grey"


def test_says_that_nothing_is_published_yet(db):
    page = read()
    assert "还没有公布的项目" in page
    assert "红灯：有节点比计划晚超过 30 天" in page


def test_shows_plan_against_actual_with_the_light_and_why(building):
    page = read()
    assert "建设口袋公园" in page
    assert "主办：a局" in page
    assert "绿灯" in page
    assert "按计划推进" in page
    assert "完成 1 / 2 个节点 · 50%" in page
    assert (TODAY - timedelta(days=40)).isoformat() in page
    assert (TODAY - timedelta(days=38)).isoformat() in page
    Milestone.objects.filter(case=building, number=2).update(planned_on=TODAY - timedelta(days=31))
    page = read()
    assert "红灯" in page
    assert "“完工”比计划晚 31 天" in page


def test_a_running_clock_of_the_building_that_is_past_due_makes_it_red(building, town, monkeypatch):
    monkeypatch.setattr(board, "_CLOCKS", (town.profile.rules.first().code,))
    Clock.objects.create(
        case=building,
        rule=town.profile.rules.first(),
        round=1,
        started_on=TODAY - timedelta(days=9),
        started_at=timezone.now(),
        due_on=TODAY - timedelta(days=2),
    )
    assert f"项目应于 {(TODAY - timedelta(days=2)).isoformat()} 完成" in read(building)


@pytest.mark.parametrize("hidden", [{"restricted": True}, {"kind": "matter"}, {"stage": "collecting"}])
def test_keeps_to_itself_what_is_not_public(building, hidden):
    Case.objects.filter(pk=building.pk).update(**hidden)
    assert "建设口袋公园" not in read()
    assert Client().get(reverse("project", args=[building.public_id])).status_code == 404


def test_shows_the_candidates_of_a_counted_ballot_and_an_elected_one_before_its_plan(congress):
    ballot = congress.open()
    assert "建设1号公园" not in read()
    congress.cast(ballot, [1, 2], [1, 2], [1, 2], [1], [3])
    congress.count(ballot)
    page = read()
    assert "灰灯" in page
    assert page.count("<h2><a href") == 1  # only the first has a majority of all
    assert "建设3号公园" in page
    assert "票决结果" in page
    beaten = ballot.candidates.get(number=3).case
    assert "得 1 票（名册 6 人）" in read(beaten)


def test_keeps_the_years_apart(building, congress):
    other = congress.project("建设停车场")
    Case.objects.filter(pk=other.pk).update(stage="building")
    Milestone.objects.create(case=other, number=1, name="完工", planned_on=date(2019, 10, 1))
    assert "建设停车场" in read(year=2019)
    assert "建设口袋公园" not in read(year=2019)
    assert "建设停车场" not in read()
    assert "建设口袋公园" in read(year="²")


def photo(case: Case, part: str):
    data = BytesIO()
    Image.new("RGB", (40, 30)).save(data, "PNG")
    staged = files.stage(kind="photo", raw=data.getvalue(), now=timezone.now())
    files.commit(
        ids=[staged.public_id],
        kinds=["photo"],
        subject_kind="case",
        subject_id=case.pk,
        part=part,
        now=timezone.now(),
    )
    return staged


def test_shows_reports_with_photos_visits_and_the_reply_without_anybodys_name(building, town):
    by = {"case": building, "round": 1, "by": town.actors["a"].person, "at": timezone.now()}
    note = ProgressNote.objects.create(
        **by,
        unit=town.units["a"],
        stage="主体施工",
        text="两处公园完成绿化。",
        milestone=building.milestones.first(),
    )
    Visit.objects.create(**by, agrees=False, text="现场只见到一处。")
    Reply.objects.create(
        **by,
        unit=town.units["a"],
        result="done",
        text="五处公园全部建成。",
        document_number="岚建〔2026〕12号",
    )
    shown = photo(building, f"note:{note.pk}")
    page = read(building)
    for words in (
        "两处公园完成绿化。",
        "与填报不一致",
        "五处公园全部建成。",
        "岚建〔2026〕12号",
        "概算 560 万元",
    ):
        assert words in page
    for name in ("周全", "周**", "13800000000", str(town.actors["a"].person.name), building.text.words):
        assert name not in page
    address = reverse("project_photo_small", args=[building.public_id, shown.public_id, "small"])
    assert address in page
    assert Client().get(address)["Content-Type"] == "image/jpeg"


def test_sends_no_other_photo_of_the_case(building):
    asked = photo(building, "report")
    assert (
        Client().get(reverse("project_photo", args=[building.public_id, asked.public_id])).status_code == 404
    )


def test_says_what_was_measured_whatever_the_field_is_called(building, town):
    bundle = bundles.read("livelihood")
    definition = storing.store(bundle, town.jurisdiction, version=1, by=None, now=timezone.now())
    Case.objects.filter(pk=building.pk).update(definition=definition, stage="measuring")
    assert "满意度测评" not in read(building)
    task = Task.objects.create(
        case=building,
        key="measure",
        step_id="measure",
        name="满意度测评",
        form="measure",
        address="congress_office@place",
        place=building.place,
        round=2,
        status="done",
        opened_at=timezone.now(),
        closed_at=timezone.now(),
    )
    tally = {"members": 182, "satisfied": 152, "basic": 27, "dissatisfied": 2, "abstained": 1}
    by = town.actors["congress"].person
    answers = {"on": TODAY.isoformat(), "tally": tally}
    Completion.objects.create(task=task, case=building, by=by, at=timezone.now(), answers=answers, key="k")
    page = read(building)
    assert "第 2 次" in page
    assert [int(n) for n in re.findall(r"<dd>(\d+)</dd>", page)] == [182, 152, 27, 2, 1]


def test_is_open_to_everyone_and_has_an_error_for_what_does_not_exist(building):
    assert Client().get(reverse("project", args=["nosuchproject"])).status_code == 404
    assert Client().post(reverse("projects")).status_code == 405


def test_a_project_that_was_found_wanting_is_yellow_and_a_late_one_stays_red():
    def again(due_on: date) -> str:
        return board.light_of(done, frozenset(), due_on, False, TODAY, again=True).colour

    done = [Milestone(number=1, name="完工", planned_on=TODAY, done_on=TODAY)]
    assert again(TODAY + timedelta(days=30)) == "yellow"
    assert again(TODAY - timedelta(days=1)) == "red"
