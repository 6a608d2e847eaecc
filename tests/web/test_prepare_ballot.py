"""筹备票决: from projects that wait for the vote to a ballot that is drawn up, opened, counted and recorded."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from huiyin.cases import services as cases
from huiyin.cases.models import Case
from huiyin.congress import services
from huiyin.congress.models import Ballot, Session
from huiyin.core import time_source
from huiyin.directory.models import Term
from huiyin.history import selectors as history
from huiyin.lifecycle import sandbox
from tests.conftest import at
from tests.web.playing import do, publish

NOW = at("2026-02-03T09:00")
TITLES = ("建设五处口袋公园", "新增公共停车位六百个", "建设老年助餐点十五个")


@pytest.fixture(autouse=True)
def today():
    with time_source.standing_at(NOW):
        yield


@pytest.fixture
def meeting(town) -> Session:
    county = town.place_for(("county",))
    term = Term.objects.filter(place=county).first() or Term.objects.create(
        jurisdiction=town.jurisdiction, place=county, number=17, from_on=date(2022, 1, 1)
    )
    return services.enter_session(
        term=term,
        number=5,
        opens_on=date(2026, 2, 3),
        closes_on=date(2026, 2, 6),
        deadline_at=at("2026-02-04T17:00"),
        by=town.actors["congress"],
        now=NOW,
    )


@pytest.fixture
def projects(town) -> list[Case]:
    """Three projects that the standing committee has put to the vote, and one that it has not reviewed."""
    definition, county, found = publish(town, "livelihood"), town.place_for(("county",)), []
    for number, title in enumerate((*TITLES, "还没有审议的项目")):
        answers = {"category": "urban", "title": title, "words": f"{title}，方便群众，呼声较高。"}
        now = NOW - timedelta(hours=9 - number)
        case = cases.start_case(definition=definition, answers=answers, place=county, now=now)
        do(town, case, "screen", {"public": "yes", "feasible": "yes", "screening": "accept"}, now)
        if title in TITLES:
            do(town, case, "committee", {"reviewing": "candidate", "cost": "560"}, now)
            found.append(case)
    return found


def send(client: Client, meeting: Session, projects: list[Case], **changed: object):
    given = {
        "session": meeting.public_id,
        "title": "2026年民生实事项目票决",
        "method": "approval",
        "places": "2",
        "cases": [one.public_id for one in projects],
    }
    return client.post(reverse("prepare_ballot"), {**given, **changed})


def shown(answer) -> str:
    return answer.content.decode()


def test_asks_a_stranger_to_sign_in():
    assert Client().get(reverse("prepare_ballot"))["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("name", ["deputy", "a", "government"])
def test_is_closed_to_other_roles(client_of, meeting, projects, name):
    assert client_of(name).get(reverse("prepare_ballot")).status_code == 403
    assert send(client_of(name), meeting, projects).status_code == 403
    assert reverse("prepare_ballot") not in shown(client_of(name).get(reverse("ballots")))
    assert not Ballot.objects.exists()


def test_is_found_from_the_list_of_ballots(client_of):
    assert reverse("prepare_ballot") in shown(client_of("congress").get(reverse("ballots")))


def test_sends_to_the_sessions_where_none_is_entered(client_of, town):
    page = shown(client_of("congress").get(reverse("prepare_ballot")))
    assert "还没有登记会议" in page
    assert reverse("sessions") in page


def test_says_so_when_no_project_waits(client_of, meeting):
    page = shown(client_of("congress").get(reverse("prepare_ballot")))
    assert "没有等待票决的项目" in page
    assert "拟定票决</button>" not in page


def test_offers_what_waits_for_the_vote_and_nothing_else(client_of, meeting, projects):
    page = shown(client_of("congress").get(reverse("prepare_ballot")))
    assert all(title in page for title in TITLES)
    assert "还没有审议的项目" not in page
    assert "概算 560 万元" in page
    assert "县十七届人大五次会议民生实事项目票决" in page


def test_is_drawn_up_then_opened_then_counted_then_recorded(client_of, town, meeting, projects):
    office = client_of("congress")
    answer = send(office, meeting, projects)
    ballot = Ballot.objects.get()
    url = reverse("ballot", args=[ballot.public_id])
    assert answer["Location"] == url
    assert [one.title for one in ballot.candidates.order_by("number")] == list(TITLES)
    assert "候选 3 个，应选 2 个" in shown(office.get(url))
    assert "没有等待票决的项目" in shown(office.get(reverse("prepare_ballot")))
    office.post(reverse("ballot_act", args=[ballot.public_id, "open"]))
    ballot.refresh_from_db()
    assert (ballot.state, ballot.roll.count()) == ("open", 1 + len(sandbox.DEPUTIES))
    for name in ("deputy", *sandbox.DEPUTIES):
        services.cast(ballot=ballot, marks=[1, 2], by=town.actors[name], now=NOW)
    office.post(reverse("ballot_act", args=[ballot.public_id, "count"]))
    result = reverse("ballot_result", args=[ballot.public_id])
    assert "下一步" in shown(office.get(result))
    assert "下一步" not in shown(Client().get(result))
    assert "没有等待票决的项目" in shown(office.get(reverse("prepare_ballot")))
    do(town, projects[0], "vote", {"ballot": {"ballot": ballot.public_id}, "reason": "当选"}, NOW)
    assert projects[0].tasks.open().get().step_id == "publish"


@pytest.mark.parametrize("pairs", [[(1, 2), (1, 3), (2, 3)] * 2, []], ids=["tied", "no quorum"])
def test_what_a_ballot_left_undecided_can_be_voted_on_again(client_of, town, meeting, projects, pairs):
    office, names = client_of("congress"), ("deputy", *sandbox.DEPUTIES)
    send(office, meeting, projects)
    ballot = services.open_ballot(ballot=Ballot.objects.get(), by=town.actors["congress"], now=NOW)
    for name, marks in zip(names, pairs, strict=False):
        services.cast(ballot=ballot, marks=marks, by=town.actors[name], now=NOW)
    assert "没有等待票决的项目" in shown(office.get(reverse("prepare_ballot")))
    services.close_and_count(ballot=ballot, by=town.actors["congress"], now=NOW)
    assert shown(office.get(reverse("prepare_ballot"))).count('name="cases"') == len(TITLES)


@pytest.mark.parametrize(
    ("wrong", "beside"),
    [
        ({"places": "4"}, "应选项目不能多于候选项目（3 个）"),
        ({"places": ""}, "请填写一个数字"),
        ({"title": " "}, "请填写。"),
        ({"method": "lots"}, "请选择投票方式"),
        ({"cases": []}, "请至少选择一个候选项目"),
    ],
)
def test_says_what_is_wrong_and_keeps_the_words(client_of, meeting, projects, wrong, beside):
    answer = send(client_of("congress"), meeting, projects, **wrong)
    assert answer.status_code == 422
    assert beside in shown(answer)
    if "title" not in wrong:
        assert 'value="2026年民生实事项目票决"' in shown(answer)
    assert not Ballot.objects.exists()


def test_keeps_which_candidates_were_chosen(client_of, meeting, projects):
    answer = send(client_of("congress"), meeting, projects[1:], places="9")
    page = shown(answer)
    assert f'value="{projects[0].public_id}">' in page
    assert f'value="{projects[1].public_id}" checked>' in page


def test_takes_no_case_that_does_not_wait_for_the_vote(client_of, meeting, projects, matter):
    answer = send(client_of("congress"), meeting, [matter], places="1")
    assert answer.status_code == 422
    assert not Ballot.objects.exists()


def test_a_draft_is_taken_back_and_its_projects_are_free(client_of, meeting, projects):
    office = client_of("congress")
    send(office, meeting, projects)
    ballot = Ballot.objects.get()
    office.post(reverse("ballot_discard", args=[ballot.public_id]))
    assert not Ballot.objects.exists()
    kinds = [one.kind for one in history.entries_of("ballot", ballot.pk)]
    assert kinds == ["ballot_prepared", "ballot_discarded"]
    assert TITLES[0] in shown(office.get(reverse("prepare_ballot")))


def test_nobody_else_takes_it_back_and_nobody_once_it_is_open(client_of, town, meeting, projects):
    send(client_of("congress"), meeting, projects)
    ballot = Ballot.objects.get()
    url = reverse("ballot_discard", args=[ballot.public_id])
    assert client_of("deputy").post(url).status_code == 404
    services.open_ballot(ballot=ballot, by=town.actors["congress"], now=NOW)
    assert client_of("deputy").post(url).status_code == 302
    answer = client_of("congress").post(url, follow=True)
    assert "该票决的状态已变化" in shown(answer)
    assert Ballot.objects.get().state == "open"
