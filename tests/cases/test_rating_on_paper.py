"""代录评价: what a rater wrote or said counts from its day, and is entered by whom it does not concern."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction

from huiyin.cases import errors, services
from huiyin.cases.models import Clock, Completion, Rating
from huiyin.cases.services import transcribing
from huiyin.core import time_source
from huiyin.directory.actors import NotYourAct, actor_of
from huiyin.directory.models import Post
from huiyin.directory.roles import Role
from huiyin.files import services as files
from huiyin.forms.answers import AnswersRejected
from huiyin.lifecycle import virtual
from huiyin.lifecycle.scenarios import moment
from tests.cases.entering import NOW, RATING, enter, paper, told
from tests.files.pictures import jpeg
from tests.web.playing import play_until, task_of


def test_a_rating_on_paper_is_the_deputys_and_meets_the_clock_on_its_day(town):
    case = play_until(town, "rate")
    clock = Clock.objects.get(case=case, task=task_of(case, "rate"))
    enter(town, case, "rate", RATING, on="2026-02-13", note="邮寄，节后拆封")
    rating = Rating.objects.get(case=case)
    assert (rating.rater, rating.result, rating.late) == ("deputy", "satisfied", False)
    done = Completion.objects.get(task__step_id="rate", case=case)
    assert (done.by, done.on_behalf_of) == (town.actors["congress"].person, case.reporter)
    clock.refresh_from_db()
    assert time_source.day_of(clock.met_at) == date(2026, 2, 13)


def test_a_rating_that_lay_in_the_office_is_not_late(town):
    case = play_until(town, "rate")
    due = Clock.objects.get(case=case, task=task_of(case, "rate")).due_on
    later = moment(f"{due + timedelta(days=1)} 09:00")
    virtual.pass_time(case.pk, later)
    case.refresh_from_db()
    assert case.outcome == "unrated"
    closed = time_source.day_of(case.closed_at)
    for on, late in ((closed - timedelta(days=1), False), (closed, True)):
        assert _rated_late(town, case, on, later) is late


def _rated_late(town, case, on: date, now) -> bool:
    scan = files.stage(kind="photo", raw=jpeg(), now=now)
    sheet = {"transcription": {"way": "paper", "on": str(on), "note": "补录", "proof": [scan.public_id]}}
    with transaction.atomic():
        services.complete_task(
            task=task_of(case, "late_rate"), answers=RATING, by=town.actors["congress"], now=now, key=str(on),
            transcription=sheet,
        )  # fmt: skip
        late = Rating.objects.get(case=case).late
        transaction.set_rollback(True)
    return late


def test_a_rating_cannot_have_come_before_the_answer(town):
    case = play_until(town, "rate")
    with pytest.raises(AnswersRejected) as refused:
        enter(town, case, "rate", RATING, on="2026-02-02", note="补录")
    assert "答复送达日期" in refused.value.problems["transcription"]


@pytest.mark.parametrize("by", ["a", "a-head", "government", "station", "watch"])
def test_the_rated_and_the_others_enter_no_rating(town, by):
    case = play_until(town, "rate")
    assert not transcribing.may(task_of(case, "rate"), town.actors[by])
    with pytest.raises(NotYourAct):
        enter(town, case, "rate", RATING, by=by)


def test_a_clerk_who_also_works_in_the_unit_enters_nothing_about_it(town):
    case = play_until(town, "rate")
    office = town.actors["congress"].person
    Post.objects.create(
        person=office,
        role=Role.HANDLER,
        unit=town.units["a"],
        place=town.place.parent.parent,
        from_on="2020-01-01",
    )
    both = actor_of(office, NOW.date())
    assert not transcribing.may(task_of(case, "rate"), both)
    with pytest.raises(errors.NoOwnTranscription):
        services.complete_task(
            task=task_of(case, "rate"), answers=RATING, by=both, now=NOW, key="k", transcription=paper()
        )


def test_a_mover_who_works_in_the_unit_rates_not_on_paper_either(town):
    case = play_until(town, "rate")
    Post.objects.create(
        person=case.reporter, role=Role.HANDLER, unit=town.units["a"], place=town.place.parent.parent,
        from_on="2020-01-01",
    )  # fmt: skip
    with pytest.raises(errors.NoOwnRating):
        enter(town, case, "rate", RATING, on="2026-02-13", note="补录")


def test_a_station_enters_no_rating_of_its_own_answer(play):
    play.do("screen", {"screening": "accept"})
    play.do("dispatch", {"route": "station"})
    play.do("station_answer", {"reply": {"result": "done", "text": "已由联络站协调修好。"}})
    call = {"way": "phone", "on": str(time_source.day_of(play.now)), "note": "当日来电"}
    with pytest.raises(errors.NoOwnTranscription):
        services.complete_task(
            task=play.task("citizen_rate"), answers={"rating": {"result": "satisfied"}}, by=play.town.actors["station"],
            now=play.now, key="k", transcription={"transcription": call},
        )  # fmt: skip


def test_a_station_enters_what_a_citizen_says_on_the_telephone(play):
    play.answer()
    note = "当日 10 时来电，以查询码核实"
    call = {"transcription": {"way": "phone", "on": str(time_source.day_of(play.now)), "note": note}}
    task = play.task("citizen_rate")
    services.complete_task(
        task=task, answers={"rating": {"result": "dissatisfied", "words": "灯又坏了"}}, by=play.town.actors["station"],
        now=play.now, key="k", transcription=call,
    )  # fmt: skip
    assert Rating.objects.get(case=play.case).rater == "citizen"
    assert any("来电" in line for line in told(play.case))
