"""票决 in the browser: choose, read again, cast, keep the receipt; and the result that everybody reads."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session as Cookie
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huiyin.cases import services as cases
from huiyin.cases.models import Case, Fact
from huiyin.congress import services
from huiyin.congress.models import Ballot, SealedVote, Vote
from tests.congress.conftest import in_the_box
from tests.web.conftest import REPORT

NAMES = ("deputy", "deputy2", "deputy3", "deputy4", "deputy5", "deputy6")


class Congress:
    """The town's congress: six deputies, and projects to choose from."""

    def __init__(self, town, definition) -> None:
        self.town, self.definition = town, definition
        self.office = town.actors["congress"]

    def project(self, title: str, cost: str = "") -> Case:
        case = cases.start_case(
            definition=self.definition,
            answers={**REPORT, "words": f"{title}，群众呼声很高，请列入明年的项目。"},
            place=self.town.place,
            now=timezone.now(),
        )
        Case.objects.filter(pk=case.pk).update(kind="livelihood", title=title)
        if cost:
            Fact.objects.create(case=case, name="cost", text=cost)
        case.refresh_from_db()
        return case

    def prepare(self, method: str = "approval", places: int = 2, count: int = 3) -> Ballot:
        county = self.town.place.parent.parent
        projects = [self.project(f"建设{n}号公园", cost=str(100 * n)) for n in range(1, count + 1)]
        return services.prepare_ballot(
            session=services.session_in_force(place=county, moment=timezone.now()),
            title="民生实事项目票决",
            method=method,
            places=places,
            cases=projects,
            by=self.office,
            now=timezone.now(),
        )

    def open(self, **given) -> Ballot:
        people = [self.town.actors[name].person for name in NAMES]
        return services.open_ballot(
            ballot=self.prepare(**given), by=self.office, now=timezone.now(), people=people
        )

    def cast(self, ballot: Ballot, *votes: list[int]) -> list[str]:
        return [
            services.cast(
                ballot=ballot, marks=marks, by=self.town.actors[name], now=timezone.now(), confirm=True
            )
            for name, marks in zip(NAMES, votes, strict=False)
        ]

    def count(self, ballot: Ballot) -> Ballot:
        return services.close_and_count(ballot=ballot, by=self.office, now=timezone.now())


@pytest.fixture
def congress(town, definition):
    return Congress(town, definition)


def url(name: str, ballot: Ballot, *more: str) -> str:
    return reverse(name, args=[ballot.public_id, *more])


def text(answer) -> str:
    return answer.content.decode()


def test_says_that_there_is_nothing_to_vote_on(client_of):
    page = text(client_of("deputy").get(reverse("ballots")))
    assert "目前没有票决" in page


def test_leads_those_who_vote_or_run_votes_and_nobody_else(client_of):
    link = f'href="{reverse("ballots")}"'
    for name in ("deputy", "congress"):
        assert link in text(client_of(name).get(reverse("tasks")))
    assert link not in text(client_of("a").get(reverse("tasks")))


def test_lists_state_and_how_many_have_voted(client_of, congress):
    congress.cast(congress.open(), [1], [2])
    page = text(client_of("deputy3").get(reverse("ballots")))
    assert "投票中" in page
    assert "2 / 6 人" in page
    assert "去投票" in page
    assert "已投票" in text(client_of("deputy").get(reverse("ballots")))


def test_asks_a_stranger_to_sign_in_and_hides_it_from_who_is_not_on_the_roll(client_of, congress):
    ballot = congress.open()
    assert Client().get(url("ballot", ballot))["Location"].startswith("/sign-in/")
    assert client_of("a").get(url("ballot", ballot)).status_code == 404
    assert Client().get(url("ballot_result", ballot)).status_code == 404


def test_shows_the_paper_with_titles_costs_and_links(client_of, congress):
    ballot = congress.open()
    page = text(client_of("deputy").get(url("ballot", ballot)))
    assert "至多选 2 项" in page
    assert page.index("建设1号公园") < page.index("建设2号公园")
    assert "概算 300 万元" in page
    case = ballot.candidates.get(number=1).case
    assert reverse("project", args=[case.public_id]) in page
    assert client_of("deputy").get(reverse("project", args=[case.public_id])).status_code == 200
    assert Client().get(reverse("project", args=[case.public_id])).status_code == 404


def test_repeats_the_choice_before_it_is_cast(client_of, congress):
    ballot, client = congress.open(), client_of("deputy")
    page = text(client.post(url("ballot", ballot), {"step": "choose", "marks": ["1", "3"]}))
    assert "核对选择" in page
    assert "建设3号公园" in page
    assert "建设2号公园" not in page
    assert not SealedVote.objects.exists()
    back = text(client.post(url("ballot", ballot), {"step": "change", "marks": ["1", "3"]}))
    assert re.findall(r'value="(\d)" checked', back) == ["1", "3"]


def test_gives_the_receipt_once_and_says_afterwards_only_that_one_has_voted(client_of, congress):
    ballot, client = congress.open(), client_of("deputy")
    answer = client.post(url("ballot", ballot), {"step": "cast", "marks": ["1", "3"]})
    code = re.search(r'class="code">([0-9a-z]{16})<', text(answer))[1]
    assert "no-store" in answer["Cache-Control"]
    assert in_the_box() == [[1, 3]]
    page = text(client.get(url("ballot", ballot)))
    assert "已投票" in page
    assert code not in page
    assert "checked" not in page
    assert "核对选择" not in page


def test_keeps_nothing_of_a_choice_or_a_receipt_in_the_session(client_of, congress):
    ballot, client = congress.open(), client_of("deputy")
    before = set(client.session.keys())
    client.post(url("ballot", ballot), {"step": "choose", "marks": ["1"]})
    client.post(url("ballot", ballot), {"step": "cast", "marks": ["1"]})
    assert set(client.session.keys()) == before
    assert Cookie.objects.exists()


def test_warns_that_too_many_marks_are_invalid_and_casts_them_only_then(client_of, congress):
    ballot, client = congress.open(), client_of("deputy")
    page = text(client.post(url("ballot", ballot), {"step": "choose", "marks": ["1", "2", "3"]}))
    assert "这样投出的票无效" in page
    refused = client.post(url("ballot", ballot), {"step": "cast", "marks": ["1", "2", "3"]})
    assert refused.status_code == 422
    assert len(re.findall(r'value="\d" checked', text(refused))) == 3
    sent = {"step": "cast", "marks": ["1", "2", "3"], "invalid": "yes"}
    assert client.post(url("ballot", ballot), sent).status_code == 200
    assert in_the_box() == [[1, 2, 3]]


def test_calls_an_empty_paper_an_abstention(client_of, congress):
    page = text(client_of("deputy").post(url("ballot", congress.open()), {"step": "choose"}))
    assert "弃权票" in page


def test_says_why_a_vote_is_refused_and_keeps_the_marks(client_of, congress):
    ballot = congress.open()
    congress.cast(ballot, [2])
    again = client_of("deputy").post(url("ballot", ballot), {"step": "cast", "marks": ["1"]})
    assert again.status_code == 409
    assert "您的选择没有投出" in text(again)
    assert 'value="1" checked disabled' in text(again)
    unknown = client_of("deputy2").post(url("ballot", ballot), {"step": "cast", "marks": ["9"]})
    assert unknown.status_code == 422
    office = client_of("congress").post(url("ballot", ballot), {"step": "cast", "marks": ["1"]})
    assert office.status_code == 403
    congress.count(ballot)
    late = client_of("deputy3").post(url("ballot", ballot), {"step": "cast", "marks": ["3"]})
    assert late.status_code == 409
    assert Vote.objects.count() == 1


def test_ranks_by_a_select_per_candidate(client_of, congress):
    ballot, client = congress.open(method="ranked"), client_of("deputy")
    assert "第 2 位" in text(client.get(url("ballot", ballot)))
    page = text(client.post(url("ballot", ballot), {"rank-1": "2", "rank-2": "", "rank-3": "1"}))
    assert re.findall(r'name="marks" value="(\d)"', page) == ["3", "1"]
    back = text(client.post(url("ballot", ballot), {"step": "change", "marks": ["3", "1"]}))
    assert re.findall(r'value="(\d)" selected', back) == ["2", "1"]
    client.post(url("ballot", ballot), {"step": "cast", "marks": ["3", "1"]})
    assert in_the_box() == [[3, 1]]


def test_refuses_one_rank_for_two_and_keeps_the_ranks(client_of, congress):
    ballot = congress.open(method="ranked")
    answer = client_of("deputy").post(url("ballot", ballot), {"rank-1": "1", "rank-2": "1"})
    assert answer.status_code == 422
    assert "第 1 位选了不止一个项目" in text(answer)
    assert re.findall(r'value="(\d)" selected', text(answer)) == ["1", "1"]


def test_lets_the_office_open_and_count_and_shows_it_no_marks(client_of, congress):
    ballot, office = congress.prepare(), client_of("congress")
    assert "开始投票" in text(office.get(url("ballot", ballot)))
    office.post(url("ballot_act", ballot, "open"))
    ballot.refresh_from_db()
    assert ballot.state == "open"
    congress.cast(ballot, *[[1, 2]] * 5)
    page = text(office.get(url("ballot", ballot)))
    assert "已有 5 人投票" in page
    assert "得票" not in page
    assert "您不在本次票决的名册上" in page
    answer = office.post(url("ballot_act", ballot, "count"), follow=True)
    assert answer.redirect_chain[-1][0] == url("ballot_result", ballot)
    assert office.post(url("ballot_act", ballot, "burn")).status_code == 404


def test_lets_nobody_else_open_or_count(client_of, congress):
    ballot = congress.open()
    answer = client_of("deputy").post(url("ballot_act", ballot, "count"), follow=True)
    assert "您的岗位没有这项权限" in text(answer)
    ballot.refresh_from_db()
    assert ballot.state == "open"


def test_says_before_the_count_that_there_is_no_result(client_of, congress):
    ballot = congress.open()
    assert "尚未计票" in text(client_of("congress").get(url("ballot_result", ballot)))
    assert client_of("congress").get(url("ballot_recount", ballot)).status_code == 409


def test_shows_everybody_the_result(congress):
    ballot = congress.open()
    congress.cast(ballot, [1, 2], [1, 2], [1, 2], [1, 2], [3])
    congress.count(ballot)
    page = text(Client().get(url("ballot_result", ballot)))
    assert "2 个项目当选" in page
    assert [int(n) for n in re.findall(r"<dd>(\d+)</dd>", page)] == [6, 5, 5, 0, 4, 4]
    assert re.findall(r'class="figure">(\d+)<', page) == ["4", "4", "1"]
    assert page.count('class="elected"') == 2
    assert "超过 1/2（4 票以上）" in page
    file = Client().get(url("ballot_recount", ballot))
    assert file["Content-Disposition"].startswith("attachment")
    assert file.json()["result"] == Ballot.objects.get().result


def test_says_that_too_few_votes_decide_nothing(congress):
    ballot = congress.open()
    congress.cast(ballot, [1])
    congress.count(ballot)
    page = text(Client().get(url("ballot_result", ballot)))
    assert "未达法定人数" in page
    assert "当选</span>" not in page


def test_names_those_who_are_tied_at_the_cut(congress):
    ballot = congress.open(places=2)
    congress.cast(ballot, [1, 2], [1, 3], [1, 2], [1, 3], [2, 3], [2, 3])
    congress.count(ballot)
    page = text(Client().get(url("ballot_result", ballot)))
    assert "3 个项目得票相同，而名额只剩 2 个，须对它们再次投票" in page
    assert page.count(">并列</span>") == 3


def test_finds_a_vote_by_its_receipt(congress):
    ballot = congress.open()
    code = congress.cast(ballot, [1, 3], [2], [2], [2])[0]
    congress.count(ballot)
    found = Client().post(url("ballot_result", ballot), {"code": f" {code.upper()} "})
    assert "票上所选：1、3" in text(found)
    unknown = Client().post(url("ballot_result", ballot), {"code": "nosuchcode"})
    assert unknown.status_code == 422
    assert "没有找到这个回执号的票" in text(unknown)


def test_sends_a_deputy_to_the_result_after_the_count(client_of, congress):
    ballot = congress.open()
    congress.count(ballot)
    assert client_of("deputy").get(url("ballot", ballot))["Location"] == url("ballot_result", ballot)
