"""Numbered asks, the hash that signatures are bound to, and the day of handing over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from huiyin.cases import errors
from huiyin.cases.models import Ask, Case
from huiyin.cases.texts import text_hash
from huiyin.forms.answers import AnswersRejected
from huiyin.rules.models import Profile
from tests.cases.acting import ASKS, act_of, answers, record, said, speak, write_asks
from tests.conftest import at


def test_asks_are_numbered_and_written_anew(play):
    act = record(act_of(play, play.asker), "asks", ASKS)
    assert said(act) == ["asks_written"]
    record(act_of(play, play.asker), "asks", ["只请修复桥面"])
    assert list(Ask.objects.values_list("number", "text")) == [(1, "只请修复桥面")]


def test_asks_that_are_being_answered_stay(play):
    write_asks(play)
    play.dispatch()
    speak(play)
    record(act_of(play), "reply_draft", answers(1, 2, 3))
    with pytest.raises(errors.AsksAnswered):
        record(act_of(play, play.asker), "asks", ["另一件事情"])
    assert Ask.objects.count() == 3


def test_the_hash_of_a_text_changes_with_every_part_of_it(play):
    hashes = {text_hash(play.case)}
    write_asks(play)
    hashes.add(text_hash(play.case))
    Ask.objects.filter(number=1).update(text="请重修桥面")
    hashes.add(text_hash(play.case))
    Case.objects.filter(pk=play.case.pk).update(title="另一个题目")
    play.case.refresh_from_db()
    hashes.add(text_hash(play.case))
    play.case.text.words = "另一段话"
    play.case.text.save()
    hashes.add(text_hash(Case.objects.get(pk=play.case.pk)))
    assert len(hashes) == 5
    assert {len(found) for found in hashes} == {64}
    assert text_hash(play.case) == text_hash(Case.objects.get(pk=play.case.pk))


def test_handing_over_says_from_which_day_clocks_count(play):
    now = at("2026-09-05T10:00")
    act = record(act_of(play, "office", now=now), "handover", {"on": "2026-09-03"})
    assert act.first_day == date(2026, 9, 3)
    assert said(act) == ["handed_over"]


def test_handing_over_pins_the_rules_in_force_on_its_day(play):
    old = play.case.profile
    new = Profile.objects.create(
        jurisdiction=play.town.jurisdiction, code=old.code, name="新规定", source="x", digest="new",
        valid_from="2026-09-03",
    )  # fmt: skip
    record(act_of(play, "office", now=at("2026-09-05T10:00")), "handover", {"on": "2026-09-02"})
    assert Case.objects.get().profile == old
    record(act_of(play, "office", now=at("2026-09-05T10:00")), "handover", {"on": "2026-09-03"})
    assert Case.objects.get().profile == new


def test_handing_over_is_neither_in_the_future_nor_before_the_matter_came(play):
    with pytest.raises(AnswersRejected):
        record(act_of(play, "office"), "handover", {"on": "2026-09-02"})
    with pytest.raises(errors.HandedOverEarly):
        record(act_of(play, "office"), "handover", {"on": "2026-08-31"})
    assert record(act_of(play, "office"), "handover", {"on": "2026-09-01"}).first_day == play.now.date()


def test_a_number_is_given_once_in_a_jurisdiction_and_again_in_another(play, profile):
    from django.db import IntegrityError, transaction

    from huiyin.lifecycle import sandbox

    def copy(jurisdiction) -> Case:
        case = Case.objects.get(pk=play.case.pk)
        case.pk, case.public_id, case.jurisdiction = None, f"x{jurisdiction.pk}abcd", jurisdiction
        case.received_at += timedelta(days=1)
        case.save(force_insert=True)
        return case

    with (
        pytest.raises(IntegrityError, match="a_number_is_given_once_in_a_jurisdiction"),
        transaction.atomic(),
    ):
        copy(play.town.jurisdiction)
    assert copy(sandbox.build(profile).jurisdiction).number == play.case.number
