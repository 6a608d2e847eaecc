"""Defects that were found once, each by the act that showed it."""

from __future__ import annotations

from datetime import date

import pytest

from huiyin.cases import errors, present, services
from huiyin.cases.models import Assignment, Case, Clock, Fact, Task
from huiyin.directory import actors
from huiyin.directory.actors import NotYourAct
from huiyin.directory.models import Person, Place, Post, Unit
from huiyin.forms.answers import AnswersRejected
from huiyin.notices.models import Notice
from huiyin.web import codes
from tests.cases.conftest import RECEIVED, REPORT
from tests.conftest import at


def reassign(play, assignment):
    unit = play.town.units["c"].public_id
    office = play.town.actors["office"]
    return services.reassign(assignment=assignment, unit_id=unit, reason="x", by=office, now=play.now)


def test_a_part_that_is_done_is_given_to_no_other_unit(play):
    play.answer()
    with pytest.raises(errors.PartDone):
        reassign(play, Assignment.objects.get())


def test_a_unit_that_objected_is_ruled_on_before_it_is_changed(play):
    play.dispatch()
    play.do("sign", {"sign": "object", "objection": {"reason": "不是我局的职责。"}})
    with pytest.raises(errors.RuleFirst):
        reassign(play, Assignment.objects.get())


def test_a_ruling_that_upholds_names_the_next_unit(play):
    play.dispatch()
    play.do("sign", {"sign": "object", "objection": {"reason": "不是我局的职责。"}})
    with pytest.raises(errors.UnitMissing):
        play.do("ruling", {"ruling": {"decision": "upheld", "reason": "职责在他处"}})


def test_a_unit_no_longer_sees_the_task_of_a_matter_that_left_it(play):
    play.dispatch()
    task = play.task("sign")
    play.do("sign", {"sign": "object", "objection": {"reason": "不是我局的职责。", "suggest": "@unit.b"}})
    play.do("ruling", {"ruling": {"decision": "upheld", "reason": "职责在乙"}})
    assert not Task.objects.visible_to(play.town.actors["a"]).filter(pk=task.pk).exists()
    assert Task.objects.visible_to(play.town.actors["b"]).filter(case=play.case).exists()


@pytest.fixture
def from_elsewhere(play):
    """The deputy who follows the matter, and holds a congress office's post in another county."""
    play.dispatch()
    jurisdiction = play.town.jurisdiction
    other = Place.objects.create(
        jurisdiction=jurisdiction,
        level="county",
        code="zz9",
        name="他县",
        full_name="他县",
        pinyin="t",
        path="/zz9/",
    )
    unit = Unit.objects.create(
        jurisdiction=jurisdiction,
        place=other,
        kind="congress_office",
        code="zz9u",
        name="他县人大",
        pinyin="t",
    )
    person = Person.objects.get(pk=play.town.actors["deputy"].person.pk)
    Post.objects.create(person=person, role="congress_office", unit=unit, place=other, from_on="2000-01-01")
    return actors.actor_of(person, date(2026, 9, 1))


def test_a_right_in_one_county_is_none_in_another(play, from_elsewhere):
    with pytest.raises(NotYourAct):
        services.urge_case(case=play.case, words="快", by=from_elsewhere, now=play.now)
    clock = Clock.objects.get(rule__code="matter.answer")
    with pytest.raises(NotYourAct):
        services.extend_clock(clock=clock, to=date(2026, 10, 8), reason="x", by=from_elsewhere, now=play.now)
    assert present.case(Case.objects.get(pk=play.case.pk), from_elsewhere).contact == {}
    assert present.case(Case.objects.get(pk=play.case.pk), play.town.actors["a"]).contact["name"] == "周全"


def test_one_raters_extension_is_not_cut_off_by_the_others_clock(play):
    play.answer()
    citizen = Clock.objects.get(task__step_id="citizen_rate")
    services.extend_clock(
        clock=citizen, to=date(2026, 10, 15), reason="住院", by=play.town.actors["office"], now=play.now
    )
    play.wait("2026-09-30T09:00")
    assert play.task("citizen_rate").status == "open"
    play.wait("2026-10-20T09:00")
    assert play.case.outcome == "unrated"


def test_the_conclusion_of_a_conference_can_be_filtered_on_and_is_told(play):
    for _ in range(3):
        play.do("screen", {"screening": "accept"}) if play.case.round == 1 else None
        if play.case.round == 1:
            units = {"lead": "@unit.a"}
            play.do("dispatch", {"route": "units", "units": units, "deputy": "@deputy"})
        else:
            play.do("study", {"finding": "没有彻底解决。", "route": "units", "units": {"lead": "@unit.a"}})
        play.do("sign", {"sign": "accept"})
        play.do("work", {"progress": {"text": "更换灯具"}})
        play.do("reply", {"reply": {"result": "done", "text": "已更换灯具，恢复照明。"}})
        last = play.case.round == 3
        play.do("citizen_rate", {"rating": {"result": "satisfied" if last else "dissatisfied"}})
        play.do("deputy_rate", {"rating": {"result": "satisfied"}})
        play.case.refresh_from_db()
    play.do("reopen_window", {"not_solved": "灯又灭了，还是没有解决。"})
    conclusion = {"on": "2026-09-01", "conclusion": "committed", "reason": "线路改造列入明年计划。"}
    play.do("conference", conclusion)
    assert Fact.objects.get(case=play.case, name="conclusion").text == "committed"
    closings = Notice.objects.filter(person=play.case.reporter, kind="closed_answered").order_by("at")
    assert [notice.facts["reason"] for notice in closings] == ["", "线路改造列入明年计划。"]
    rounds = present.case(Case.objects.get(pk=play.case.pk), play.town.actors["office"]).rounds
    assert "灯又灭了，还是没有解决。" in {words for *_rest, words in rounds[0].remarks}


def test_nobody_whose_matter_was_merged_is_left_in_silence(play, definition, town):
    other = services.start_case(definition=definition, answers=REPORT, place=town.place, now=RECEIVED)
    play.do("screen", {"screening": "merge", "into": other.number, "reason": "同一盏路灯，一并办理。"})
    services.withdraw_case(
        case=other, reason="灯亮了", by=actors.reporter(other.reporter), now=at("2026-09-02T09:00")
    )
    assert Notice.objects.filter(person=play.case.reporter, kind="merged_ended").exists()


def test_a_matter_into_which_others_were_merged_is_not_merged_itself(play, definition, town):
    other = services.start_case(definition=definition, answers=REPORT, place=town.place, now=RECEIVED)
    third = services.start_case(definition=definition, answers=REPORT, place=town.place, now=RECEIVED)
    play.do("screen", {"screening": "merge", "into": other.number, "reason": "同一盏路灯，一并办理。"})
    screen = Task.objects.select_related("case__reporter").get(case=other, step_id="screen")
    answers = {"screening": "merge", "into": third.number, "reason": "再并一次。"}
    with pytest.raises(errors.HasMerged):
        services.complete_task(task=screen, answers=answers, by=town.actors["office"], now=RECEIVED, key="m")


def test_a_code_typed_in_full_width_letters_fits_and_nonsense_does_not(play):
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in codes.code_of(play.case))
    assert codes.fits(play.case, wide)
    assert not codes.fits(play.case, "查询码")


def test_an_extension_beyond_the_calendar_is_a_sentence(play):
    with pytest.raises(errors.NotInCalendar):
        services.extend_clock(
            clock=Clock.objects.get(rule__code="matter.answer"),
            to=date(9999, 12, 31),
            reason="x" * 600,
            by=play.town.actors["office"],
            now=play.now,
        )


def test_a_contact_in_the_future_is_refused(play):
    play.dispatch()
    play.do("sign", {"sign": "accept"})
    contact = {"way": "phone", "on": "2027-01-01", "text": "将要联系"}
    with pytest.raises(AnswersRejected):
        play.do("work", {"contact": contact, "progress": {"text": "换灯"}})
