"""分派: inside a unit the work goes to one person of a 科室, with the unit's own deadline."""

from __future__ import annotations

from datetime import date

import pytest

from huiyin.cases import errors, services
from huiyin.cases.models import Task
from huiyin.directory import actors
from huiyin.directory.actors import Actor
from huiyin.directory.models import Person, Post, Unit
from huiyin.directory.roles import Role
from huiyin.history import selectors as history
from huiyin.notices.models import Notice


@pytest.fixture
def sectioner(town) -> Actor:
    """Somebody who works in a 科室 of the first unit."""
    bureau = town.units["a"]
    section = Unit.objects.create(
        jurisdiction=town.jurisdiction, place=bureau.place, kind=Unit.Kind.SECTION, code="sub1", name="一科",
        pinyin="yike", parent=bureau,
    )  # fmt: skip
    person = Person.objects.create(jurisdiction=town.jurisdiction, name="沈科", code="shen")
    Post.objects.create(
        person=person, role=Role.HANDLER, unit=section, place=bureau.place, from_on=date(2020, 1, 1)
    )
    return actors.actor_of(person, date(2026, 9, 1))


def give(play, step: str, to: Actor, by: str = "a-head", due_on: date | None = None) -> Task:
    task, by_actor = play.task(step), play.town.actors[by]
    return services.give_task(task=task, to=to.person, by=by_actor, now=play.now, due_on=due_on)


def test_the_head_gives_the_work_to_a_section_and_the_next_steps_follow(play, sectioner):
    play.dispatch()
    last = play.task("sign").due_on
    given = give(play, "sign", sectioner, due_on=last)
    assert (given.claimed_by, given.inside_due_on) == (sectioner.person, last)
    assert Notice.objects.filter(person=sectioner.person, kind="task_given").count() == 1
    assert any(line.kind == "task_given" for line in history.entries_of("case", play.case.pk))
    with pytest.raises(errors.TakenByAnother):
        play.do("sign", {"sign": "accept"})
    services.complete_task(
        task=play.task("sign"), answers={"sign": "accept"}, by=sectioner, now=play.now, key="signed"
    )
    assert play.task("work").claimed_by == sectioner.person


def test_put_back_into_the_queue_the_next_step_is_anybodys(play, sectioner):
    play.dispatch()
    give(play, "sign", sectioner)
    services.return_task(task=play.task("sign"), by=sectioner, now=play.now)
    play.do("sign", {"sign": "accept"})
    assert play.task("work").claimed_by is None


def test_only_the_head_gives_what_a_colleague_has(play, sectioner):
    play.dispatch()
    services.take_task(task=play.task("sign"), by=sectioner, now=play.now)
    with pytest.raises(errors.TakenByAnother):
        give(play, "sign", play.town.actors["a"], by="a")
    assert give(play, "sign", play.town.actors["a"]).claimed_by == play.town.actors["a"].person


def test_nobody_outside_gives_or_gets_it(play, sectioner):
    play.dispatch()
    with pytest.raises(errors.NotYours):
        give(play, "sign", sectioner, by="b")
    with pytest.raises(errors.NotInUnit):
        give(play, "sign", play.town.actors["b"])
    assert play.task("sign").claimed_by is None


def test_what_waits_for_an_office_is_not_given(play, sectioner):
    with pytest.raises(errors.NotInside):
        give(play, "screen", sectioner, by="office")


@pytest.mark.parametrize("day", [date(2026, 8, 1), date(2099, 1, 1)])
def test_the_units_own_deadline_lies_before_the_legal_one(play, sectioner, day):
    play.dispatch()
    with pytest.raises(errors.InsideDueWrong):
        give(play, "sign", sectioner, due_on=day)


def test_a_unit_that_takes_the_part_over_gives_it_anew(play, sectioner):
    play.dispatch()
    give(play, "sign", sectioner)
    part = play.case.assignments.get()
    services.reassign(
        assignment=part, unit_id=play.town.units["c"].public_id, reason="职责已划转",
        by=play.town.actors["office"], now=play.now,
    )  # fmt: skip
    task = play.task("sign")
    assert (task.claimed_by, task.assignment.handler) == (None, None)
