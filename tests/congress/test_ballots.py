"""票决: secret, once each, counted in the open."""

import hashlib
import json
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection

from huiyin.cases.models import Fact
from huiyin.congress import counting, errors, selectors, services
from huiyin.congress.models import Ballot, BallotCandidate, RollEntry, SealedVote, Vote
from huiyin.core import errors as refusals
from huiyin.directory.actors import NotYourAct
from huiyin.history import selectors as history
from huiyin.history import words
from tests.congress.conftest import NOW, in_the_box, told


def prepare(congress, *, count=3, by=None, **given):
    cases = [congress.case("project", mover=n) for n in range(count)]
    return services.prepare_ballot(
        **{
            "session": services.session_in_force(place=congress.county, moment=NOW),
            "title": "2027年民生实事项目",
            "method": "approval",
            "places": 2,
            "cases": cases,
            **given,
        },
        by=by or congress.office,
        now=NOW,
    )


def opened(congress, **given):
    return services.open_ballot(ballot=prepare(congress, **given), by=congress.office, now=NOW)


def cast(congress, ballot, number, marks, **given):
    by = congress.actor(congress.deputies[number])
    return services.cast(ballot=ballot, marks=marks, by=by, now=NOW, **given)


def counted(congress, votes, **given):
    ballot = opened(congress, **given)
    for number, marks in enumerate(votes):
        cast(congress, ballot, number, marks)
    return services.close_and_count(ballot=ballot, by=congress.office, now=NOW)


def test_the_roll_is_frozen_when_the_ballot_opens(congress):
    ballot = opened(congress)
    assert {entry.person for entry in ballot.roll.all()} == set(congress.deputies)
    congress.deputies[0].posts.all().delete()
    assert ballot.roll.count() == 15


def test_a_given_list_can_be_the_roll(congress):
    ballot = services.open_ballot(
        ballot=prepare(congress), by=congress.office, now=NOW, people=congress.deputies[:3]
    )
    assert ballot.roll.count() == 3
    with pytest.raises(errors.NotOnRoll):
        cast(congress, ballot, 5, [1])


def test_a_ballot_without_voters_does_not_open(congress):
    with pytest.raises(errors.RollEmpty):
        services.open_ballot(ballot=prepare(congress), by=congress.office, now=NOW, people=[])


def test_only_the_congress_office_prepares_opens_and_counts(congress):
    ballot, deputy = prepare(congress), congress.actor(congress.deputies[0])
    with pytest.raises(NotYourAct):
        prepare(congress, by=deputy)
    with pytest.raises(NotYourAct):
        services.open_ballot(ballot=ballot, by=deputy, now=NOW)
    ballot = services.open_ballot(ballot=ballot, by=congress.office, now=NOW)
    with pytest.raises(NotYourAct):
        services.close_and_count(ballot=ballot, by=deputy, now=NOW)


@pytest.mark.parametrize(
    "wrong",
    [{"places": 0}, {"places": 4}, {"title": " "}, {"cases": []}, {"quorum": (0, 3)}, {"majority": (1, 1)}],
)
def test_a_broken_ballot_is_refused(congress, wrong):
    with pytest.raises(errors.BallotBroken):
        prepare(congress, **wrong)


def test_a_deputy_votes_once_and_gets_a_code_that_finds_the_vote(congress):
    ballot = opened(congress)
    code = cast(congress, ballot, 0, [1, 3])
    assert in_the_box(ballot=ballot) == [[1, 3]]
    with pytest.raises(errors.AlreadyVoted):
        cast(congress, ballot, 0, [2])
    services.close_and_count(ballot=ballot, by=congress.office, now=NOW)
    assert selectors.vote_of(ballot, code).marks == [1, 3]
    assert selectors.vote_of(ballot, f" {code.upper()} ").valid
    assert selectors.vote_of(ballot, "x" * 16) is None
    assert not Vote.objects.filter(receipt=code).exists()
    assert Vote.objects.count() == 1


def test_who_is_no_deputy_or_not_on_the_roll_does_not_vote(congress):
    ballot = opened(congress)
    for actor, refusal in ((congress.office, NotYourAct), (congress.town.actors["deputy"], errors.NotOnRoll)):
        with pytest.raises(refusal):
            services.cast(ballot=ballot, marks=[1], by=actor, now=NOW)


@pytest.mark.parametrize("marks", [[4], [0], [1, 1]])
def test_a_mark_that_means_nothing_is_refused(congress, marks):
    ballot = opened(congress)
    with pytest.raises(errors.UnknownCandidate):
        cast(congress, ballot, 0, marks)
    assert not RollEntry.objects.filter(voted=True).exists()


def test_too_many_marks_are_cast_only_as_an_invalid_vote(congress):
    ballot = opened(congress)
    with pytest.raises(errors.TooManyMarks):
        cast(congress, ballot, 0, [1, 2, 3])
    assert in_the_box() == []
    cast(congress, ballot, 0, [1, 2, 3], confirm=True)
    services.close_and_count(ballot=ballot, by=congress.office, now=NOW)
    assert list(Vote.objects.values_list("marks", "valid")) == [([1, 2, 3], False)]


def test_voting_ends_with_the_count_and_begins_with_the_opening(congress):
    draft = prepare(congress)
    with pytest.raises(errors.BallotMoved):
        cast(congress, draft, 0, [1])
    ballot = counted(congress, [[1]] * 10)
    for act in (
        lambda: cast(congress, ballot, 11, [1]),
        lambda: services.open_ballot(ballot=ballot, by=congress.office, now=NOW),
        lambda: services.close_and_count(ballot=ballot, by=congress.office, now=NOW),
    ):
        with pytest.raises(errors.BallotMoved):
            act()


def test_nothing_leads_from_a_vote_to_a_voter(congress):
    ballot = opened(congress)
    for number in range(6):
        cast(congress, ballot, number, [number % 3 + 1])
    assert {field.name for field in SealedVote._meta.get_fields()} == {"id", "ballot", "paper"}
    assert {field.name for field in Vote._meta.get_fields()} == {"id", "ballot", "marks", "receipt", "valid"}
    assert {field.name for field in RollEntry._meta.get_fields()} == {"id", "ballot", "person", "voted"}
    services.close_and_count(ballot=ballot, by=congress.office, now=NOW)
    assert not SealedVote.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, xmin::text FROM congress_vote ORDER BY ctid")
        votes = cursor.fetchall()
    assert [row[0] for row in votes] == sorted(row[0] for row in votes)
    assert len({row[1] for row in votes}) == 1
    assert not [line for line in history.entries_of("ballot", ballot.pk) if line.kind == "vote_cast"]
    assert len(history.entries_of("ballot", ballot.pk)) == 3


def test_the_box_shows_neither_marks_nor_receipts_nor_how_many_marks(congress):
    """What a superuser reads in the files of the database, in dead rows too, is what the application wrote: this."""
    ballot = opened(congress)
    codes = [cast(congress, ballot, number, marks) for number, marks in enumerate(([], [1], [1, 2]))]
    with connection.cursor() as cursor:
        cursor.execute("SELECT paper FROM congress_sealedvote")
        papers = [bytes(row[0]) for row in cursor.fetchall()]
    assert len({len(paper) for paper in papers}) == 1
    hashes = [selectors.receipt_of(code).encode() for code in codes]
    assert not [one for one in (b"marks", *hashes) for paper in papers if one in paper]
    assert not Vote.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_once_are_one_vote_and_no_vote_is_lost(congress):
    ballot, found = opened(congress), []
    gate = threading.Barrier(8, timeout=30)

    def tap(number):
        try:
            gate.wait()
            found.append(cast(congress, ballot, number, [1]))
        except refusals.Refusal as refusal:
            found.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=tap, args=(number,)) for number in (0, 0, 1, 1, 2, 3, 4, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert found.count("AlreadyVoted") == 2
    assert (len(in_the_box()), RollEntry.objects.filter(voted=True).count()) == (6, 6)


def test_paper_is_entered_with_the_list_of_who_put_one_in(congress):
    ballot = opened(congress)
    cast(congress, ballot, 0, [1])
    services.enter_paper_votes(
        ballot=ballot,
        votes=[[1, 2], [1, 2, 3], None, [9]],
        voters=congress.deputies[1:5],
        by=congress.office,
        now=NOW,
    )
    assert len(in_the_box()) == 5
    assert RollEntry.objects.filter(voted=True).count() == 5
    assert history.entries_of("ballot", ballot.pk)[-1].facts == {"count": 4}
    with pytest.raises(errors.AlreadyVoted):
        cast(congress, ballot, 1, [1])
    services.close_and_count(ballot=ballot, by=congress.office, now=NOW)
    assert sorted(Vote.objects.values_list("valid", flat=True)) == [False, False, False, True, True]


def test_paper_that_does_not_fit_the_roll_is_refused(congress):
    ballot = opened(congress)
    cast(congress, ballot, 0, [1])
    stranger = congress.town.actors["deputy"].person
    for votes, voters, refusal in (
        ([[1]], congress.deputies[1:3], errors.PaperMismatch),
        ([], [], errors.PaperMismatch),
        ([[1], [1]], [congress.deputies[1]] * 2, errors.PaperMismatch),
        ([[1], [2]], congress.deputies[1:3], errors.TooFewPapers),
        ([[1]] * 3, [stranger, *congress.deputies[1:3]], errors.NotOnRoll),
        ([[1]] * 3, congress.deputies[:3], errors.AlreadyVoted),
    ):
        with pytest.raises(refusal):
            services.enter_paper_votes(ballot=ballot, votes=votes, voters=voters, by=congress.office, now=NOW)
    with pytest.raises(NotYourAct):
        services.enter_paper_votes(
            ballot=ballot,
            votes=[[1]],
            voters=[congress.deputies[1]],
            by=congress.actor(congress.deputies[0]),
            now=NOW,
        )
    assert len(in_the_box()) == 1


def test_the_result_stands_on_the_ballot_and_its_hash_in_the_history(congress):
    ballot = counted(congress, [[1, 2]] * 8 + [[1]] * 2)
    assert (ballot.result["status"], ballot.result["elected"]) == ("decided", [1, 2])
    last = history.entries_of("ballot", ballot.pk)[-1]
    again = services.recount_file(ballot=Ballot.objects.get(pk=ballot.pk))
    assert last.facts["sha256"] == hashlib.sha256(again.encode()).hexdigest()
    assert words.tell(last.kind, last.facts, by="林晚").startswith(
        "林晚结束投票并计票：2027年民生实事项目，应投 15 人，实投 10 张，当选 2 项"
    )
    assert history.faults() == []


def test_too_few_votes_decide_nothing(congress):
    assert counted(congress, [[1]] * 9).result["status"] == "no_quorum"


def test_a_recount_file_holds_all_that_a_recount_needs(congress, tmp_path, capsys):
    ballot = counted(congress, [[1, 2]] * 8 + [[3, 1]] * 2, method="ranked")
    text = services.recount_file(ballot=ballot)
    document = json.loads(text)
    receipts = [vote["receipt"] for vote in document["votes"]]
    assert receipts == sorted(receipts)
    assert set(document["votes"][0]) == {"receipt", "marks"}
    assert counting.recount(document).as_dict() == ballot.result
    file = tmp_path / "recount.json"
    file.write_text(text, encoding="utf-8")
    call_command("recount", str(file))
    assert "the recount equals the stored result" in capsys.readouterr().out


def test_a_changed_file_is_found_out(congress, tmp_path):
    document = json.loads(services.recount_file(ballot=counted(congress, [[1, 2]] * 10)))
    document["votes"][0]["marks"] = [3]
    file = tmp_path / "recount.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(CommandError, match="DIFFERS"):
        call_command("recount", str(file))
    file.write_text("[]", encoding="utf-8")
    with pytest.raises(CommandError, match="can't be recounted"):
        call_command("recount", str(file))


def test_there_is_no_recount_before_the_count(congress):
    with pytest.raises(errors.NotCounted):
        services.recount_file(ballot=opened(congress))


def test_a_counted_ballot_decides_about_its_candidates(congress):
    ballot = counted(congress, [[1, 2]] * 8 + [[3]] * 2)
    elected, beaten = (ballot.candidates.get(number=n).case for n in (1, 3))
    act = congress.record(elected, "ballot", {"ballot": ballot.public_id})
    assert act.routing == {"elected": True}
    assert told(elected)[-1] == "票决「2027年民生实事项目」：得 8 票（共 15 人），当选"
    assert dict(
        Fact.objects.filter(case=elected, name__in=["ballot", "votes"]).values_list("name", "text")
    ) == {
        "ballot": ballot.public_id,
        "votes": "8/15",
    }
    assert congress.record(beaten, "ballot", {"ballot": ballot.public_id}).routing == {"elected": False}
    assert told(beaten)[-1].endswith("未当选")


def test_a_ballot_that_did_not_decide_is_refused(congress):
    case = congress.case("project")
    with pytest.raises(errors.BallotUnknown):
        congress.record(case, "ballot", {"ballot": "nosuchballot"})
    draft = opened(congress)
    with pytest.raises(errors.NotCounted):
        congress.record(draft.candidates.get(number=1).case, "ballot", {"ballot": draft.public_id})
    tied = counted(congress, [[1, 2]] * 5 + [[1, 3]] * 5 + [[2, 3]] * 5)
    assert tied.result["status"] == "runoff"
    with pytest.raises(errors.BallotUndecided):
        congress.record(tied.candidates.get(number=1).case, "ballot", {"ballot": tied.public_id})
    with pytest.raises(errors.NotACandidate):
        congress.record(case, "ballot", {"ballot": tied.public_id})
    short = counted(congress, [[1]] * 3)
    with pytest.raises(errors.BallotUndecided):
        congress.record(short.candidates.get(number=1).case, "ballot", {"ballot": short.public_id})


def test_who_sees_a_ballot(congress):
    stranger, deputy = congress.town.actors["a"], congress.actor(congress.deputies[0])

    def sees(actor, ballot):
        return (
            Ballot.objects.visible_to(actor).filter(pk=ballot.pk).exists(),
            BallotCandidate.objects.visible_to(actor).filter(ballot=ballot).exists(),
        )

    draft, voting, done = prepare(congress), opened(congress), counted(congress, [[1]] * 10)
    assert [sees(congress.office, one) for one in (draft, voting, done)] == [(True, True)] * 3
    assert [sees(deputy, one)[0] for one in (draft, voting, done)] == [False, True, True]
    assert [sees(stranger, one)[0] for one in (draft, voting, done)] == [False, False, True]


def test_the_database_refuses_a_ballot_without_its_result(congress):
    ballot = prepare(congress)
    with pytest.raises(IntegrityError, match="a_ballot_has_"):
        Ballot.objects.filter(pk=ballot.pk).update(state="counted")
