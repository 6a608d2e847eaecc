"""Clocks begin on the day of the event that their rule names, and days that people enter are checked."""

from __future__ import annotations

from datetime import date

import pytest

from huiyin.cases import errors, services
from huiyin.cases.models import Clock
from huiyin.cases.recording import Act
from huiyin.cases.services import clocks
from huiyin.cases.texts import text_hash
from huiyin.congress import services as congress
from huiyin.forms.answers import AnswersRejected
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle.scenarios import moment
from huiyin.rules.models import Rule
from tests.web.playing import do, play_until, publish

DELIVERY = {"on": "2026-02-10", "way": "paper"}
ISSUING = {"decision": "issue", "document_number": "岚水利〔2026〕12号", "signed_by": "何局"}


def started(case, code: str) -> date:
    return Clock.objects.filter(case=case, rule__code=code).latest("id").started_on


def test_who_signs_late_for_a_part_gains_nothing(town):
    case = play_until(town, "sign")
    do(town, case, "sign", {"sign": "accept"}, moment("2026-03-30 09:00"), unit="b")
    assert started(case, "suggestion.opinion") == date(2026, 2, 2)


def test_in_a_later_round_the_opinion_counts_from_the_return(town):
    case = play_until(town, "sign")
    again = Clock.objects.create(
        case=case, rule=Rule.objects.get(profile=case.profile, code="suggestion.again"), round=2,
        started_on=date(2026, 3, 2), started_at=moment("2026-03-02 09:00"), due_on=date(2026, 4, 2),
    )  # fmt: skip
    case.round = 2
    act = Act(case, town.actors["b"], moment("2026-03-30 09:00"))
    assert clocks.day_of_event(act, "suggestion.opinion") == again.started_on


def test_a_delivery_that_is_entered_late_takes_nothing_from_the_time_to_rate(town):
    case = play_until(town, "deliver")
    do(town, case, "deliver", {"delivery": DELIVERY}, moment("2026-02-12 12:00"))
    assert started(case, "suggestion.rate") == date(2026, 2, 12)


def test_the_hand_over_counts_from_the_submission_where_its_rule_says_so(town):
    Rule.objects.filter(profile=town.profile, code="suggestion.hand_over").update(starts_from="提出")
    case = play_until(town, "preview")
    later = moment("2026-02-09 09:00")
    for unit in ("a", "b"):
        do(town, case, "preview", {"opinion": "agree"}, later, unit=unit)
    assert started(case, "suggestion.hand_over") == date(2026, 2, 2)


@pytest.fixture
def bill(town):
    """A bill that waits for the presidium since the 2nd of February."""
    names = [f"deputy{n}" for n in range(2, 6)]
    report = {
        "title": "关于制定保护办法的议案",
        "words": "保护河流需要立法，现状堪忧，群众反映强烈。" * 2,
        "asks": ["制定保护办法"],
        "invitations": [f"@{name}" for name in names],
    }
    mover, now = town.actors["deputy"], moment("2026-02-02 09:00")
    case = services.start_case(
        definition=publish(town, "bill"), answers=town.resolve(report), by=mover, asker=mover.person, now=now,
        place=town.place_for(bundles.read("bill").levels),
    )  # fmt: skip
    for name in names:
        congress.sign(case=case, by=town.actors[name], now=now, seen_hash=text_hash(case))
    do(town, case, "submit", {"next": "submit", "signatures": {"confirmed": True}}, now)
    do(town, case, "receive", {"screening": "accept", "register": {"category": "water"}}, now)
    return case


def test_a_bill_counts_from_the_day_of_the_presidium(town, bill):
    answers = {"decision": "committee", "on": "2026-02-04"}
    do(town, bill, "presidium", answers, moment("2026-02-09 09:00"))
    assert started(bill, "bill.answer") == date(2026, 2, 4)


@pytest.mark.parametrize(("on", "words"), [("2099-01-01", "晚于今天"), ("2026-02-01", "早于收到")])
def test_a_day_on_which_something_was_done_lies_between_receipt_and_today(town, bill, on, words):
    with pytest.raises(AnswersRejected) as refused:
        do(town, bill, "presidium", {"decision": "committee", "on": on}, moment("2026-02-09 09:00"))
    assert words in refused.value.problems["on"]


def test_nothing_is_handed_over_before_it_was_accepted(town):
    case, later = play_until(town, "screen"), moment("2026-04-20 09:00")
    do(town, case, "screen", {"screening": "accept", "register": {"category": "water"}}, later)
    do(town, case, "propose", {"units": {"lead": "@unit.a"}}, later)
    do(town, case, "preview", {"opinion": "agree"}, later)
    with pytest.raises(errors.HandedOverEarly):
        do(town, case, "hand_over", {"handover": {"on": "2026-02-02"}}, later)


def test_nothing_is_signed_before_it_was_written_nor_delivered_before_it_was_signed(town):
    case, now = play_until(town, "issue"), moment("2026-02-11 12:00")
    with pytest.raises(AnswersRejected, match="更正") as refused:
        do(town, case, "issue", {"issuing": {**ISSUING, "signed_on": "1999-02-10"}}, now)
    assert refused.value.problems == {"issuing": "签发日期不能早于拟稿日期"}
    do(town, case, "issue", {"issuing": {**ISSUING, "signed_on": "2026-02-11"}}, now)
    do(town, case, "inspect", {"review": {"decision": "pass"}}, now)
    with pytest.raises(AnswersRejected) as refused:
        do(town, case, "deliver", {"delivery": DELIVERY}, now)
    assert refused.value.problems == {"delivery": "送达日期不能早于签发日期"}


def test_the_office_extends_an_answer_no_further_than_the_longest_period(town):
    case = play_until(town, "sign")
    clock = Clock.objects.get(case=case, rule__code="suggestion.answer")
    office, now = town.actors["congress"], moment("2026-02-03 09:00")
    with pytest.raises(errors.ExtensionTooLong, match="2026-08-03"):
        services.extend_clock(clock=clock, to=date(2026, 12, 31), reason="x", by=office, now=now)
    moved = services.extend_clock(clock=clock, to=date(2026, 8, 3), reason="x", by=office, now=now)
    assert moved.due_on == date(2026, 8, 3)
