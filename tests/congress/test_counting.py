"""计票: one pure function, held against another way of counting."""

import random
from fractions import Fraction
from itertools import groupby

import pytest

from huiyin.congress import counting

SHARES = ((2, 3), (1, 2))


def tell(votes, *, places=2, candidates=(1, 2, 3), roll=3, method="approval", shares=SHARES):
    return counting.count(method, places, candidates, votes, roll, *shares)


def test_who_is_named_by_more_than_half_of_all_is_elected():
    found = tell([[1, 2], [1, 2], [1]])
    assert (found.status, found.elected, found.tied) == ("decided", (1, 2), ())


def test_half_of_all_is_not_more_than_half():
    assert tell([[1, 2], [1, 2], [1], []], roll=4).elected == (1,)


def test_a_majority_is_one_of_all_and_not_of_those_who_voted():
    found = tell([[1], [1], [1], [2]], roll=6)
    assert (found.status, found.elected) == ("decided", ())


def test_the_quorum_is_reached_at_two_thirds_with_invalid_papers():
    assert tell([[1], None], roll=3, places=1).status == "decided"
    short = tell([[1]], roll=3, places=1)
    assert (short.status, short.elected) == ("no_quorum", ())


@pytest.mark.parametrize("wrong", [None, [1, 2, 3], [1, 1], [4], [0]])
def test_a_paper_that_is_wrong_is_invalid(wrong):
    found = tell([wrong, [1], [1]])
    assert (found.valid, found.invalid, found.standings[0].votes) == (2, 1, 2)


def test_an_empty_paper_abstains_and_is_valid():
    assert (tell([[], [1], [1]]).valid, tell([[], [1], [1]]).elected) == (3, (1,))


def test_a_tie_at_the_cut_is_reported_and_not_drawn():
    found = tell([[1, 2], [1, 3], [1, 2], [1, 3], [2, 3]], roll=5, places=2)
    assert (found.status, found.elected, found.tied, found.left) == ("runoff", (1,), (2, 3), 1)


def test_a_tie_above_the_cut_is_none():
    found = tell([[1, 2], [1, 2], [1, 2]])
    assert (found.status, found.elected, found.left) == ("decided", (1, 2), 0)


def test_a_tie_below_the_cut_is_none():
    found = tell([[1, 2], [1, 3], [1, 2, 3]], places=3, candidates=(1, 2, 3), roll=3)
    assert found.status == "decided"
    one = tell([[1], [1], [1]], places=1, roll=3)
    assert (one.status, one.elected) == ("decided", (1,))


def test_ranks_give_borda_points():
    found = tell([[3, 1], [3, 1], [1, 3]], method="ranked", places=2)
    assert [(one.number, one.points) for one in found.standings] == [(1, 7), (2, 0), (3, 8)]
    best = tell([[3], [3], [1]], method="ranked", places=1)
    assert best.elected == (3,)


def test_points_alone_elect_nobody_whom_no_majority_names():
    found = tell([[1, 2], [3, 2], [2], [1]], method="ranked", places=2, roll=5, shares=((1, 2), (1, 2)))
    assert found.elected == (2,)


def test_a_file_of_another_kind_is_refused():
    with pytest.raises(ValueError, match="recount file"):
        counting.recount({"format": "minutes"})


# ---- Another counter, written from the rules and sharing no line with the first ----


def by_hand(method, places, candidates, votes, roll, quorum, majority):
    good = []
    for paper in votes:
        if paper is None or len(paper) > places:
            continue
        if all(paper.count(mark) == 1 and mark in candidates for mark in paper):
            good.append(paper)
    if Fraction(len(votes), roll) < Fraction(*quorum):
        return "no_quorum", [], []
    named = {c: sum(c in paper for paper in good) for c in candidates}
    score = dict(named)
    if method == "ranked":
        order = {c: [paper.index(c) for paper in good if c in paper] for c in candidates}
        score = {c: sum(len(candidates) - place for place in order[c]) for c in candidates}
    able = [c for c in candidates if Fraction(named[c], roll) > Fraction(*majority)]
    able.sort(key=lambda c: -score[c])
    if len(able) <= places:
        return "decided", sorted(able), []
    if score[able[places - 1]] != score[able[places]]:
        return "decided", sorted(able[:places]), []
    cut = score[able[places]]
    groups = {value: list(group) for value, group in groupby(able, key=lambda c: score[c])}
    return "runoff", sorted(c for c in able if score[c] > cut), sorted(groups[cut])


def any_paper(chance, candidates, places):
    if chance.random() < 0.08:
        return None
    size = chance.randint(0, places + (chance.random() < 0.15))
    marks = chance.sample(range(1, candidates + 1), min(size, candidates))
    if marks and chance.random() < 0.05:
        marks.append(chance.choice([marks[0], candidates + 1, 0]))
    return marks


def any_ballot(seed):
    chance = random.Random(seed)
    candidates = chance.randint(1, 8)
    places = chance.randint(1, candidates)
    roll = chance.randint(1, 40)
    votes = [any_paper(chance, candidates, places) for _n in range(chance.randint(0, roll))]
    if chance.random() < 0.5:  # most members agree, so that majorities, and ties, come about
        votes = [chance.choice(votes[:3]) for _n in range(roll)] if votes else votes
    if (
        places > 1 and places < candidates and chance.random() < 0.3
    ):  # everyone wants the first, and two share the rest
        votes = [[1, 2 + n % 2] for n in range(2 * (roll // 2) or 2)] + [None]
        roll = len(votes)
        places = 2
    method = chance.choice(["approval", "ranked"])
    return (
        method,
        places,
        list(range(1, candidates + 1)),
        votes,
        roll,
        (2, 3),
        chance.choice([(1, 2), (1, 3), (0, 1)]),
    )


def test_a_thousand_random_ballots_are_counted_as_by_hand():
    seen = set()
    for seed in range(1000):
        ballot = any_ballot(seed)
        found, expected = counting.count(*ballot), by_hand(*ballot)
        assert (found.status, list(found.elected), list(found.tied)) == expected, (seed, ballot)
        assert found.valid + found.invalid == found.cast == len(ballot[3])
        seen.add((ballot[0], found.status, bool(found.elected), found.invalid > 0))
        document = {
            "format": counting.FORMAT, "method": ballot[0], "places": ballot[1], "roll": ballot[4],
            "candidates": [{"number": n} for n in ballot[2]], "quorum": list(ballot[5]), "majority": list(ballot[6]),
            "votes": [{"marks": marks} for marks in random.Random(seed).sample(ballot[3], len(ballot[3]))],
        }  # fmt: skip
        assert counting.recount(document) == found
    # The thousand hold every outcome, in both methods, with and without invalid papers.
    for method in ("approval", "ranked"):
        assert {
            (method, "decided", True, True),
            (method, "runoff", True, True),
            (method, "no_quorum", False, True),
        } <= seen
