"""送达: an answer is given to somebody without a telephone; when and how stands in the record, to whom does not."""

from __future__ import annotations

from datetime import date

import pytest

from huiyin.cases import errors, present, services
from huiyin.cases.models import Case, Delivery
from huiyin.cases.services import delivering
from huiyin.core.errors import Invalid
from huiyin.directory import actors
from huiyin.directory.actors import NotYourAct
from huiyin.history.models import Entry
from tests.web.playing import play_until

DAY = date(2026, 9, 1)


def deliver(play, who: str = "station", **other):
    given = {"on": DAY, "way": "hand", "to": "女儿周小满代收", **other}
    return services.record_delivery(case=play.case, by=play.town.actors[who], now=play.now, **given)


def test_is_recorded_with_its_day_and_way(play):
    play.answer()
    row = deliver(play)
    assert (row.on, row.way, row.round) == (DAY, "hand", 1)
    told = present.entries_of(play.case, play.town.actors["office"])[0].text
    assert told == "答复送达：当面交付，2026-09-01"


def test_to_whom_is_sealed_and_stands_in_no_entry(play):
    play.answer()
    row = deliver(play)
    assert row.sealed == {"to": "女儿周小满代收"}
    bodies = Entry.objects.filter(subject_kind="case", subject_id=play.case.pk).select_related("body")
    assert not any("周小满" in str(getattr(entry, "body", "")) for entry in bodies)


def test_to_whom_is_shown_to_those_alone_who_call_the_asker(play):
    play.answer()
    deliver(play)
    row = Case.objects.select_related("place", "definition", "reporter", "deputy", "text").get(
        pk=play.case.pk
    )
    assert present.case(row, play.town.actors["office"]).deliveries[0][1] == "女儿周小满代收"
    assert present.case(row, play.town.actors["watch"]).deliveries[0][1] == ""


def test_the_answer_of_the_matter_it_was_merged_into_is_delivered_too(play, definition, town):
    play.answer()
    other = services.start_case(
        definition=definition, answers={"category": "road", "words": "同一盏路灯坏了，请修。"}, place=town.place, now=play.now
    )  # fmt: skip
    Case.objects.filter(pk=other.pk).update(merged_into=play.case)
    row = services.record_delivery(
        case=other, on=DAY, way="post", to="本人", by=town.actors["office"], now=play.now
    )
    assert row.case == other


def test_before_the_answer_there_is_nothing_to_deliver(play):
    with pytest.raises(delivering.NothingToDeliver):
        deliver(play)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"on": date(2026, 9, 2)}, errors.DeliveredAhead),
        ({"on": date(2026, 8, 31)}, delivering.DeliveredEarly),
        ({"to": "  "}, delivering.ReceiverMissing),
        ({"to": "长" * 101}, delivering.ReceiverMissing),
    ],
)
def test_what_cannot_be_is_refused(play, wrong, refusal):
    play.answer()
    with pytest.raises(refusal) as refused:
        deliver(play, **wrong)
    assert isinstance(refused.value, Invalid)
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("who", ["a", "government", "watch", "deputy"])
def test_only_the_counter_and_the_congress_office_record_it(play, who):
    play.answer()
    with pytest.raises(NotYourAct):
        deliver(play, who)


def test_the_asker_does_not_record_it(play):
    play.answer()
    with pytest.raises(NotYourAct):
        services.record_delivery(
            case=play.case,
            on=DAY,
            way="hand",
            to="本人",
            by=actors.reporter(play.case.reporter),
            now=play.now,
        )


def test_a_deputys_suggestion_is_delivered_by_its_own_step(play, town):
    case = play_until(town, "deliver")
    with pytest.raises(errors.NoSlip):
        services.record_delivery(
            case=case, on=DAY, way="hand", to="本人", by=town.actors["congress"], now=play.now
        )
