"""票决, sessions and commitments over the API."""

from __future__ import annotations

from datetime import date

import pytest

from huiyin.cases.models import Case
from huiyin.congress import counting, services
from huiyin.congress.models import Ballot, Commitment
from tests.api.conftest import NOW, is_problem
from tests.congress.conftest import in_the_box

NAMES = ("deputy", "deputy2", "deputy3", "deputy4", "deputy5", "deputy6")


@pytest.fixture
def draft(start, town):
    projects = [start(words=f"建设{n}号公园，方便群众休闲，请列入明年的项目。") for n in (1, 2, 3)]
    return services.prepare_ballot(
        session=services.session_in_force(place=town.place.parent.parent, moment=NOW),
        title="民生实事项目票决",
        method="approval",
        places=2,
        cases=projects,
        by=town.actors["congress"],
        now=NOW,
    )


@pytest.fixture
def ballot(draft, town):
    people = [town.actors[name].person for name in NAMES]
    return services.open_ballot(ballot=draft, by=town.actors["congress"], now=NOW, people=people)


def at(ballot: Ballot, more: str = "") -> str:
    return f"/ballots/{ballot.public_id}/{more}"


def vote(caller, ballot, marks, **more):
    return caller.write(at(ballot, "votes/"), {"marks": marks, **more})


def test_lists_nothing_where_there_is_nothing_and_asks_who_comes(caller, anyone):
    assert caller("deputy").read("/ballots/").json() == {"next": None, "results": []}
    for path in ("ballots", "sessions", "commitments"):
        assert is_problem(anyone.get(f"/api/v1/{path}/"), 401, "not_authenticated")


def test_lists_who_may_vote_how_many_have(caller, ballot):
    vote(caller("deputy"), ballot, [1])
    (row,) = caller("deputy2").read("/ballots/", state="open").json()["results"]
    assert (row["state"], row["roll"], row["voted"]) == ("open", 6, 1)
    assert caller("deputy2").read("/ballots/", state="counted").json()["results"] == []
    assert caller("a").read("/ballots/").json()["results"] == []
    assert is_problem(caller("a").read(at(ballot)), 404, "not_found")


def test_pages_through_ballots(caller, ballot, draft, town, start):
    services.prepare_ballot(
        session=ballot.session,
        title="补充票决",
        method="ranked",
        places=1,
        cases=[start()],
        by=town.actors["congress"],
        now=NOW,
    )
    first = caller("congress").read("/ballots/", page_size=1).json()
    assert [row["title"] for row in first["results"]] == ["补充票决"]
    following = caller("congress").get(first["next"]).json()
    assert [row["title"] for row in following["results"]] == ["民生实事项目票决"]
    assert following["next"] is None


def test_shows_candidates_and_to_the_office_alone_the_roll(caller, ballot):
    own = caller("deputy").read(at(ballot)).json()
    assert [row["number"] for row in own["candidates"]] == [1, 2, 3]
    assert (own["have_i_voted"], own["voters"], own["result"]) == (False, [], None)
    office = caller("congress").read(at(ballot)).json()
    assert office["have_i_voted"] is None
    assert len(office["voters"]) == 6


def test_casts_a_vote_once(caller, ballot):
    answer = vote(caller("deputy"), ballot, [1, 3])
    assert answer.status_code == 201
    assert len(answer.json()["receipt"]) == 16
    assert answer["Cache-Control"] == "no-store"
    assert in_the_box() == [[1, 3]]
    assert is_problem(vote(caller("deputy"), ballot, [1, 3]), 409, "already_voted")
    assert caller("deputy").read(at(ballot)).json()["have_i_voted"] is True


def test_refuses_marks_that_mean_nothing_and_asks_before_an_invalid_vote(caller, ballot):
    deputy = caller("deputy")
    assert is_problem(vote(deputy, ballot, [9]), 422, "unknown_candidate")
    assert is_problem(vote(deputy, ballot, "1"), 422, "invalid")
    assert is_problem(deputy.write(at(ballot, "votes/"), {}), 422, "invalid")
    assert is_problem(vote(deputy, ballot, [1, 2, 3]), 422, "too_many_marks")
    assert vote(deputy, ballot, [1, 2, 3], confirm=True).status_code == 201
    assert is_problem(vote(caller("congress"), ballot, [1]), 403, "not_your_act")


def test_takes_paper_votes_from_the_office(caller, ballot, town):
    ids = [town.actors[name].person.public_id for name in NAMES]
    office, box = caller("congress"), at(ballot, "paper-votes/")
    body = {"votes": [[1], None, [9, 9]], "voters": ids[:3]}
    assert is_problem(caller("deputy").write(box, body), 403, "not_your_act")
    stranger = town.actors["a"].person.public_id
    assert is_problem(
        office.write(box, {"votes": [[1]] * 3, "voters": [stranger, *ids[:2]]}), 403, "not_on_roll"
    )
    assert is_problem(office.write(box, {"votes": [[1]], "voters": ids[:2]}), 422, "paper_mismatch")
    answer = office.write(box, body)
    assert (answer.status_code, answer.json()) == (201, {"entered": 3})
    assert sorted(map(str, in_the_box())) == ["None", "[1]", "[9, 9]"]
    assert is_problem(office.write(box, body), 409, "already_voted")


def test_opens_and_counts_for_the_office_alone(caller, draft):
    office = caller("congress")
    assert office.read(at(draft)).json()["state"] == "draft"
    assert is_problem(caller("deputy").write(at(draft, "open/")), 404, "not_found")
    opened = office.write(at(draft, "open/")).json()
    assert (opened["state"], opened["roll"]) == ("open", 6)
    assert is_problem(office.write(at(draft, "open/")), 409, "ballot_moved")
    assert is_problem(caller("deputy").write(at(draft, "count/")), 403, "not_your_act")
    counted = office.write(at(draft, "count/")).json()
    assert (counted["state"], counted["result"]["status"]) == ("counted", "no_quorum")


def test_hands_out_the_recount_file_after_the_count(caller, ballot):
    for name in NAMES[:5]:
        vote(caller(name), ballot, [1])
    assert is_problem(caller("deputy").read(at(ballot, "recount-file/")), 409, "not_counted")
    caller("congress").write(at(ballot, "count/"))
    file = caller("a").read(at(ballot, "recount-file/"))
    assert counting.recount(file.json()).elected == (1,)
    ballot.refresh_from_db()
    assert file.content.decode() == services.recount_file(ballot=ballot)


def test_lists_sessions(caller, ballot):
    (row,) = caller("a").read("/sessions/").json()["results"]
    assert row["id"] == ballot.session.public_id
    assert (row["number"], row["term"]) == (None, 17)
    assert caller("a").read(f"/sessions/{row['id']}/").json() == row
    assert caller("a").read("/sessions/", meeting=True).json()["results"] == []


@pytest.fixture
def promised(case, town):
    Case.objects.filter(pk=case.pk).update(reporter=town.actors["deputy"].person)
    return Commitment.objects.create(
        case=case,
        case_round=1,
        unit=town.units["a"],
        text="完成桥面改造",
        due_on=date(2026, 12, 1),
        made_on=date(2026, 9, 1),
        made_at=NOW,
    )


def test_lists_commitments_by_sight_and_state(caller, promised):
    (row,) = caller("a").read("/commitments/", state="ahead").json()["results"]
    assert (row["text"], row["unit_name"], row["kept_at"]) == ("完成桥面改造", "a局", None)
    assert caller("a").read("/commitments/", state="late").json()["results"] == []
    assert is_problem(caller("a").read("/commitments/", state="x"), 422, "invalid")
    assert caller("b").read("/commitments/").json()["results"] == []
    assert is_problem(caller("b").read(f"/commitments/{promised.public_id}/"), 404, "not_found")


def test_reports_and_rates_a_commitment(caller, promised):
    path, unit, mover = f"/commitments/{promised.public_id}/", caller("a"), caller("deputy")
    assert is_problem(mover.write(f"{path}rate/", {"result": "basic"}), 409, "not_kept_yet")
    assert is_problem(unit.write(f"{path}report-kept/", {}), 422, "invalid")
    assert is_problem(mover.write(f"{path}report-kept/", {"words": "好了"}), 403, "not_the_unit")
    assert unit.write(f"{path}report-kept/", {"words": "已改造。"}).json()["kept_words"] == "已改造。"
    assert is_problem(unit.write(f"{path}report-kept/", {"words": "好"}), 409, "kept_already")
    assert is_problem(unit.write(f"{path}rate/", {"result": "basic"}), 403, "only_the_mover")
    assert is_problem(mover.write(f"{path}rate/", {"result": "dissatisfied"}), 422, "words_missing")
    rated = mover.write(f"{path}rate/", {"result": "satisfied"}).json()
    assert rated["rating"] == "satisfied"
    assert rated["closed_at"] is not None
