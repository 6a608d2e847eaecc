"""Each ask is judged apart: settled or not, and how many are not decides how it goes on."""

from __future__ import annotations

from datetime import date

import pytest

from huiyin.cases import errors
from huiyin.cases.models import AskRating, Rating, Task
from huiyin.directory import actors
from huiyin.directory.models import Post
from huiyin.directory.roles import Role
from huiyin.forms.answers import AnswersRejected
from tests.cases.acting import act_of, answers, record, speak, write_asks


@pytest.fixture
def delivered(play):
    write_asks(play)
    play.dispatch()
    speak(play)
    record(act_of(play), "reply_draft", answers(1, 2, 3))
    record(act_of(play, "office"), "delivery", {"on": "2026-09-01", "way": "site"})
    return play


def rate(play, value, *, by=None, address="mover"):
    task = Task.objects.filter(case=play.case).first()
    task.address = address
    return record(act_of(play, by or play.asker, task), "rating", value)


def judged(*settled: str) -> list[dict]:
    return [{"ask": number, "settled": word} for number, word in enumerate(settled, 1)]


def test_the_mover_rates_as_a_deputy(delivered):
    act = rate(delivered, {"result": "basic", "asks": judged("yes", "no", "no")})
    assert Rating.objects.get().rater == "deputy"
    assert act.routing == {"deputy_result": "basic", "deputy_attitude": "", "unsettled": 2}
    assert list(AskRating.objects.values_list("ask__number", "settled")) == [
        (1, True),
        (2, False),
        (3, False),
    ]


def test_a_rating_without_asks_leaves_none_unsettled(delivered):
    act = rate(delivered, {"result": "satisfied"}, address="reporter")
    assert (Rating.objects.get().rater, act.routing["unsettled"]) == ("citizen", 0)


def test_an_unknown_ask_and_one_judged_twice_are_refused(delivered):
    for asks, sentence in (
        ([{"ask": 8, "settled": "no"}], "没有诉求 8，请核对"),
        ([*judged("yes"), *judged("no")], "诉求 1 评价了不止一次"),
    ):
        with pytest.raises(AnswersRejected) as refused:
            rate(delivered, {"result": "basic", "asks": asks})
        assert refused.value.problems == {"rating": sentence}
    assert not Rating.objects.exists()


@pytest.mark.parametrize("who", ["a", "office"])
def test_neither_who_drafted_nor_who_delivered_rates_the_reply(delivered, who):
    with pytest.raises(errors.NoOwnRating):
        rate(delivered, {"result": "satisfied"}, by=who)


def test_a_mover_who_heads_a_unit_that_handled_it_rates_nothing(delivered):
    """局长 are often deputies: the unit still does not rate itself."""
    Post.objects.create(
        person=delivered.asker.person,
        role=Role.UNIT_HEAD,
        unit=delivered.town.units["a"],
        place=delivered.town.place,
        from_on=date(2020, 1, 1),
    )
    mover = actors.actor_of(delivered.asker.person, date(2026, 9, 1))
    with pytest.raises(errors.NoOwnRating):
        rate(delivered, {"result": "satisfied"}, by=mover)
