"""A suggestion through the API: moved by a deputy, and read in full."""

from __future__ import annotations

from datetime import date

import pytest

from huiyin.cases.models import Case
from huiyin.directory.models import Post, Term
from tests.api.conftest import is_problem
from tests.web.playing import play_until, publish

WORDS = "石棠镇老城区供水管网建成三十余年，爆管频发，居民用水得不到保障。"


@pytest.fixture
def body(town):
    publish(town)
    answers = {"title": "关于改造供水管网的建议", "words": WORDS, "asks": ["完成主管网改造", "公布停水安排"]}
    return {"kind": "suggestion", "place": town.place.parent.public_id, "answers": answers}


def test_a_deputy_moves_one_by_himself(caller, body, town):
    answer = caller("deputy").write("/cases/", body, key="one")
    assert answer.status_code == 201, answer.content
    case = Case.objects.get()
    assert (case.reporter, case.source) == (town.actors["deputy"].person, "web")
    read = caller("deputy").read(f"/cases/{case.public_id}/").json()
    assert [ask["text"] for ask in read["asks"]] == body["answers"]["asks"]
    assert read["signing"] is None


def test_nobody_moves_one_without_the_post(caller, body):
    assert is_problem(caller("station").write("/cases/", body, key="one"), 403, "not_your_act")
    assert not Case.objects.exists()


def test_a_township_deputy_moves_none_in_the_county(caller, body, town):
    township = town.place.parent
    while township.level != "town":
        township = township.parent
    term = Term.objects.filter(place=township).first() or Term.objects.create(
        jurisdiction=town.jurisdiction, place=township, number=8, from_on=date(2022, 1, 1)
    )
    Post.objects.filter(person=town.actors["deputy3"].person).update(term=term)
    county = {**body, "place": township.parent.public_id}
    assert is_problem(caller("deputy3").write("/cases/", county, key="one"), 403, "not_your_act")
    assert not Case.objects.exists()
    own = {**body, "place": township.public_id}
    assert caller("deputy3").write("/cases/", own, key="two").status_code == 201


def test_shows_the_reply_point_by_point_and_who_signed(caller, town):
    case = play_until(town, "rate")
    read = caller("deputy").read(f"/cases/{case.public_id}/").json()
    (one,) = read["rounds"]
    assert (one["reply"]["document_number"], one["reply"]["delivered_on"], one["reply"]["way"]) == (
        "岚水利〔2026〕12号",
        "2026-02-10",
        "paper",
    )
    assert [ask["answer"]["result"] for ask in one["asks"]] == ["done", "done"]
    assert (one["extensions"], one["visits"], read["milestones"]) == ([], [], [])
    assert [(row["status"]) for row in read["signing"]["rows"]] == ["signed"]
    assert (read["signing"]["have"], read["derived_from"], read["derived_cases"]) == (2, None, [])
