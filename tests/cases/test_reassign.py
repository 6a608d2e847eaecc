"""调整承办单位: a part goes to another unit with its open tasks, by right, with a reason, while there is work."""

from __future__ import annotations

import pytest

from huiyin.cases import errors, services
from huiyin.cases.models import Assignment, Task
from huiyin.directory.actors import NotYourAct
from huiyin.directory.models import Jurisdiction, Place, Unit
from huiyin.history import selectors as history

SIGNED, WORKED = {"sign": "accept"}, {"progress": {"text": "更换灯具两盏"}}


def reassign(play, part: Assignment, unit: str = "c", **change):
    given = {"unit_id": play.town.units[unit].public_id if len(unit) == 1 else unit, "reason": "职责在丙"}
    return services.reassign(
        assignment=part, by=change.pop("by", play.town.actors["office"]), now=play.now, **{**given, **change}
    )


def lead(play, round: int = 1) -> Assignment:
    return Assignment.objects.get(case=play.case, part="lead", round=round)


def test_a_lead_takes_the_reply_along(play):
    play.dispatch()
    play.do("sign", SIGNED)
    play.do("work", WORKED)
    assert play.task("reply").unit == play.town.units["a"]
    reassign(play, lead(play))
    assert play.task("reply").unit == play.town.units["c"]
    play.do("reply", {"reply": {"result": "done", "text": "已更换灯具两盏，恢复照明。"}})
    assert play.case.reply_rows.get().unit == play.town.units["c"]


def test_another_units_task_stays(play):
    play.dispatch("b")
    reassign(play, Assignment.objects.get(case=play.case, part="co"))
    assert play.task("sign", "a").unit == play.town.units["a"]
    assert play.task("sign", "c").unit == play.town.units["c"]


def test_whoever_had_taken_the_task_has_it_no_more(play):
    play.dispatch()
    services.take_task(task=play.task("sign"), by=play.town.actors["a"], now=play.now)
    reassign(play, lead(play))
    task = play.task("sign")
    assert task.claimed_by is None
    with pytest.raises(errors.NotYours):
        services.complete_task(task=task, answers=SIGNED, by=play.town.actors["a"], now=play.now, key="k")


def test_says_from_whom_to_whom_and_why(play):
    play.dispatch()
    reassign(play, lead(play))
    told = {entry.kind: entry.facts for entry in history.entries_of("case", play.case.pk)}
    assert (told["unit_changed"]["before"], told["unit_changed"]["after"]) == ("a局", "c局")
    assert told["reassign_reason"] == {"reason": "职责在丙"}


def test_needs_the_right_a_reason_and_a_unit_that_handles(play):
    play.dispatch()
    part = lead(play)
    with pytest.raises(NotYourAct):
        reassign(play, part, by=play.town.actors["a"])
    with pytest.raises(errors.ReasonMissing):
        reassign(play, part, reason="  ")
    office = Unit.objects.get(jurisdiction=play.town.jurisdiction, kind=Unit.Kind.CONGRESS_OFFICE)
    for unit in ("nobody", office.public_id):
        with pytest.raises(errors.UnitUnknown):
            reassign(play, part, unit_id=unit)
    assert play.task("sign").unit == play.town.units["a"]


def test_does_not_go_to_a_unit_of_another_jurisdiction(play):
    other = Jurisdiction.objects.create(code="other", name="别县")
    place = Place.objects.create(
        jurisdiction=other, level="county", code="x", name="别县", full_name="别县", pinyin="b", path="/x/"
    )
    unit = Unit.objects.create(
        jurisdiction=other, place=place, kind="department", code="xd", name="别局", pinyin="b"
    )
    play.dispatch()
    with pytest.raises(errors.UnitUnknown):
        reassign(play, lead(play), unit_id=unit.public_id)


def test_is_refused_on_a_closed_matter(play):
    play.answer()
    play.do("citizen_rate", {"rating": {"result": "satisfied"}})
    play.do("deputy_rate", {"rating": {"result": "satisfied"}})
    with pytest.raises(errors.CaseClosed):
        reassign(play, lead(play))


def test_does_not_rewrite_an_earlier_round(play):
    play.answer()
    play.do("citizen_rate", {"rating": {"result": "dissatisfied"}})
    play.do("deputy_rate", {"rating": {"result": "satisfied"}})
    play.do("study", {"finding": "灯又灭了，线路没换。", "route": "units", "units": {"lead": "@unit.a"}})
    with pytest.raises(errors.RoundOver):
        reassign(play, lead(play, round=1))
    assert lead(play, round=1).unit == play.town.units["a"]
    assert Task.objects.open().get(case=play.case).unit == play.town.units["a"]
