"""纸质选票: typed one a line, checked, then put into the box; nothing that was typed is lost."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from huiyin.congress import services
from huiyin.congress.models import RollEntry, SealedVote
from huiyin.web.ballot_papers import read_papers
from tests.congress.conftest import in_the_box
from tests.web.test_ballots import Congress, text

FIVE = range(1, 6)


@pytest.fixture
def ballot(town, definition):
    return Congress(town, definition).open(places=2, count=5)


def page(ballot):
    return reverse("ballot_papers", args=[ballot.public_id])


def ids(town, *names):
    return [town.actors[name].person.public_id for name in names]


def checked(client, ballot, sent):
    """What the page answers to the check, and its mark."""
    answer = client.post(page(ballot), {**sent, "step": "check"})
    found = re.search(r'name="mark" value="(\w+)"', text(answer))
    return answer, found.group(1) if found else ""


def enter(client, ballot, sent):
    _answer, mark = checked(client, ballot, sent)
    return client.post(page(ballot), {**sent, "step": "enter", "mark": mark}, follow=True)


@pytest.mark.parametrize(
    ("line", "marks"),
    [
        ("1 3 5", [1, 3, 5]),
        ("１，３、5", [1, 3, 5]),
        (" 2.4 ", [2, 4]),
        ("0", []),
        ("弃", []),
        ("x", None),
        ("X", None),
        ("废", None),
        ("-2 -4", [1, 3, 5]),
        ("-1-2", None),
    ],
)
def test_reads_a_paper_as_it_is_typed(line, marks):
    papers = read_papers(line, FIVE, 2, ranked=False)
    if line == "-1-2":
        assert [number for number, _text, _words in papers.problems] == [1]
    else:
        assert (papers.votes, papers.problems) == ((marks,), ())


def test_an_empty_line_is_no_paper_and_does_not_move_the_numbers_of_lines():
    papers = read_papers("1\n\n 9\n\n2 2\n1 2 3\n", FIVE, 2, ranked=False)
    assert papers.votes == ([1], [1, 2, 3])
    assert [line for line, _text, _words in papers.problems] == [3, 5]
    assert papers.too_many == (6,)


def test_a_ranked_paper_keeps_its_order_and_strikes_nobody_out():
    assert read_papers("3 1", FIVE, 3, ranked=True).votes == ([3, 1],)
    for line in ("-1", "1 -2"):
        assert read_papers(line, FIVE, 3, ranked=True).problems
    assert read_papers("1 -2", FIVE, 3, ranked=False).problems


@pytest.mark.parametrize("line", ["六", "1 二", "99999999999999999999", "1e3", "-"])
def test_what_is_no_number_is_said_with_its_line(line):
    assert [number for number, _text, _words in read_papers(line, FIVE, 2, ranked=False).problems] == [1]


def test_the_office_checks_and_enters_the_papers_of_a_box(client_of, ballot, town):
    office = client_of("congress")
    sent = {"papers": "1 2\n0\nx\n\n1 2 3\n", "voters": ids(town, "deputy", "deputy2", "deputy3", "deputy4")}
    assert page(ballot) in text(office.get(reverse("ballot", args=[ballot.public_id])))
    answer, mark = checked(office, ballot, sent)
    for said in (
        "选票 4 张",
        "无法辨认（作废）：1 张",
        "未选（弃权）：1 张",
        "多选（超过 2 项，作废）：1 张，第 5 行",
    ):
        assert said in text(answer)
    assert not SealedVote.objects.exists()
    done = office.post(page(ballot), {**sent, "step": "enter", "mark": mark}, follow=True)
    assert "已录入纸质选票 4 张。" in text(done)
    box = in_the_box(ballot=ballot)
    assert sorted(map(str, box)) == sorted(map(str, [[1, 2], [], None, [1, 2, 3]]))
    assert RollEntry.objects.filter(ballot=ballot, voted=True).count() == 4


def test_what_was_changed_after_the_check_is_checked_again(client_of, ballot, town):
    office, voters = client_of("congress"), ids(town, "deputy", "deputy2", "deputy3")
    _answer, mark = checked(office, ballot, {"papers": "1\n2\n3", "voters": voters})
    changed = {"papers": "1\n2\n4", "voters": voters, "step": "enter", "mark": mark}
    answer = office.post(page(ballot), changed)
    assert "确认录入" in text(answer)
    assert not SealedVote.objects.exists()


def test_a_slip_of_the_hand_is_said_with_its_line_and_everything_is_kept(client_of, ballot, town):
    voters = ids(town, "deputy", "deputy2", "deputy3")
    answer, mark = checked(client_of("congress"), ballot, {"papers": "1 2\n1 7\n3 3", "voters": voters})
    assert (answer.status_code, mark) == (422, "")
    for said in ("第 2 行“1 7”：没有“7”号候选", "第 3 行“3 3”：3 号写了两次", "1 2\n1 7\n3 3"):
        assert said in text(answer)
    assert all(f'value="{voter}" checked' in text(answer) for voter in voters)


def test_papers_that_do_not_fit_the_voters_are_refused_at_the_check(client_of, ballot, town):
    answer, mark = checked(
        client_of("congress"), ballot, {"papers": "1\n2\n3\n4", "voters": ids(town, "deputy")}
    )
    assert (answer.status_code, mark, "请重新清点" in text(answer)) == (422, "", True)
    nothing, _mark = checked(client_of("congress"), ballot, {"papers": "\n"})
    assert nothing.status_code == 422


def test_a_refusal_of_the_service_keeps_everything(client_of, ballot, town):
    office = client_of("congress")
    few = enter(office, ballot, {"papers": "1\n2 3", "voters": ids(town, "deputy", "deputy2")})
    assert (few.status_code, "2 3" in text(few)) == (422, True)
    voters = ids(town, "deputy", "deputy2", "deputy3")
    _answer, mark = checked(office, ballot, {"papers": "1\n2\n4 5", "voters": voters})
    services.cast(ballot=ballot, marks=[1], by=town.actors["deputy"], now=timezone.now())
    sent = {"papers": "1\n2\n4 5", "voters": voters, "step": "enter", "mark": mark}
    early = office.post(page(ballot), sent)
    assert (early.status_code, "4 5" in text(early)) == (409, True)
    stranger = enter(office, ballot, {"papers": "1\n2\n4 5", "voters": [*voters[:2], "nobody"]})
    assert (stranger.status_code, "4 5" in text(stranger)) == (403, True)
    assert SealedVote.objects.count() == 1


def test_who_has_voted_is_shown_and_cannot_be_ticked(client_of, ballot, town):
    services.cast(ballot=ballot, marks=[1], by=town.actors["deputy"], now=timezone.now())
    office = client_of("congress")
    (voted,) = ids(town, "deputy")
    assert f'value="{voted}" disabled checked' in text(office.get(page(ballot)))
    everyone = text(office.post(page(ballot), {"papers": "1 2", "step": "all"}))
    assert everyone.count(" checked>") == 6
    assert "1 2" in everyone


def test_papers_are_entered_by_the_office_alone_and_while_voting_is_open(client_of, ballot, town, definition):
    assert client_of("deputy").get(page(ballot)).status_code == 403
    assert client_of("deputy").post(page(ballot), {"papers": "1"}).status_code == 403
    assert client_of("a").get(page(ballot)).status_code == 404
    office, voters = client_of("congress"), ids(town, "deputy", "deputy2", "deputy3")
    sent = {"papers": "1\n2\n3", "voters": voters}
    _answer, mark = checked(office, ballot, sent)
    services.close_and_count(ballot=ballot, by=town.actors["congress"], now=timezone.now())
    late = office.post(page(ballot), {**sent, "step": "enter", "mark": mark})
    assert (late.status_code, "1\n2\n3" in text(late)) == (409, True)
    assert office.get(page(ballot)).status_code == 302


def test_enter_in_a_box_checks_and_never_enters(client_of, ballot, town):
    sent = {"papers": "1\n2\n3", "voters": ids(town, "deputy", "deputy2", "deputy3")}
    answer, mark = checked(client_of("congress"), ballot, sent)
    assert mark
    first = re.search(r'<button[^>]*name="step" value="(\w+)"', text(answer))
    assert first.group(1) == "check"
