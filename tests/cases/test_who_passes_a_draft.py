"""A second pair of eyes for every reply, by the head of the unit itself; and no work for nobody."""

from __future__ import annotations

import pytest

from huiyin.cases import errors, present, services
from huiyin.cases.models import Task
from huiyin.directory import actors
from huiyin.directory.models import Person, Post, Unit
from huiyin.directory.roles import Role
from huiyin.lifecycle.scenarios import moment
from huiyin.supervision import selectors
from tests.web.playing import do, play_until, task_of

NOW = moment("2026-02-11 10:00")
PASS = {"review": {"decision": "pass"}}
ISSUE = {
    "issuing": {
        "decision": "issue",
        "document_number": "岚水利〔2026〕12号",
        "signed_by": "何局",
        "signed_on": "2026-02-10",
    }
}


def act(case, step: str, answers: dict, by) -> None:
    services.complete_task(task=task_of(case, step), answers=answers, by=by, now=NOW, key=step)


def test_nobody_passes_a_draft_that_he_wrote_but_may_return_it(town):
    case = play_until(town, "check")
    with pytest.raises(errors.OwnDraft, match="同事"):
        act(case, "check", PASS, town.actors["a"])
    act(case, "check", {"review": {"decision": "return", "remarks": "重写第二条"}}, town.actors["a"])
    assert task_of(case, "draft")


def test_a_colleague_passes_it(town):
    case = play_until(town, "check")
    act(case, "check", PASS, town.actors["a-head"])
    assert task_of(case, "cosign")


def chief_of_a_section(town) -> actors.Actor:
    bureau = town.units["a"]
    section = Unit.objects.create(
        jurisdiction=town.jurisdiction, place=bureau.place, kind=Unit.Kind.SECTION, code="sub1", name="一科",
        pinyin="yike", parent=bureau,
    )  # fmt: skip
    person = Person.objects.create(jurisdiction=town.jurisdiction, name="科长")
    Post.objects.create(
        person=person, role=Role.UNIT_HEAD, unit=section, place=section.place, from_on="2020-01-01"
    )
    return actors.actor_of(person, NOW.date())


def test_the_chief_of_a_section_handles_for_the_bureau_but_does_not_sign_for_it(town):
    case = play_until(town, "deliver")
    chief = chief_of_a_section(town)
    assert list(Task.objects.waiting_for(chief)) == [task_of(case, "deliver")]
    other = play_until(town, "issue", definition=case.definition)
    with pytest.raises(errors.NotYours):
        act(other, "issue", ISSUE, chief)
    assert not Task.objects.waiting_for(chief).filter(step_id="issue").exists()


def leave(town, role: str, unit: str) -> None:
    Post.objects.filter(role=role, unit=town.units[unit]).update(to_on="2026-02-01")


@pytest.mark.parametrize(("role", "word"), [("unit_head", "单位负责人"), ("handler", "")])
def test_no_unit_gets_a_matter_for_which_it_lacks_a_post(town, role, word):
    case = play_until(town, "propose")
    leave(town, role, "a")
    if not word:
        do(town, case, "propose", {"units": {"lead": "@unit.a"}}, NOW)  # its head can handle it
        return
    with pytest.raises(errors.UnitUnstaffed, match=f"a局.*{word}"):
        do(town, case, "propose", {"units": {"lead": "@unit.a"}}, NOW)
    # Beside the lead it signs for nothing.
    do(town, case, "propose", {"units": {"lead": "@unit.b", "co": ["@unit.a"]}}, NOW)


def test_a_unit_without_people_gets_no_part_at_all(town):
    case = play_until(town, "propose")
    leave(town, "unit_head", "c")
    leave(town, "handler", "c")
    with pytest.raises(errors.UnitUnstaffed, match="c局"):
        do(town, case, "propose", {"units": {"lead": "@unit.a", "co": ["@unit.c"]}}, NOW)


def test_work_that_waits_for_nobody_is_shown_to_the_offices(town):
    case = play_until(town, "review")
    assert not selectors.overdue(town.actors["congress"], NOW.date()).exists()
    leave(town, "unit_head", "a")
    (row,) = selectors.overdue(town.actors["congress"], NOW.date())
    assert (row.step_id, row.nobody) == ("review", True)
    (turn,) = present.waiting_on(case, NOW.date())
    assert turn.nobody
