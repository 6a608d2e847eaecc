"""Every finding of the catalogue has a file that triggers it and a mended twin that passes; here are those of whole files."""

from __future__ import annotations

import pytest

from huiyin import engine
from huiyin.engine import catalogue, lint
from tests.engine import test_aside
from tests.engine.drawing import bpmn, dmn, end, flow, start, table, user
from tests.engine.test_calling import PART, calling
from tests.engine.test_refusals import CASES
from tests.engine.test_tables import RATING

GOOD_PARTS = (start(), user("a"), end(), flow("start > a > end"))
GOOD = bpmn(*GOOD_PARTS)
DECIDING = bpmn(start(), table("t", "rating"), end(), flow("start > t > end"))
POOL = '<collaboration id="c"><participant id="p" processRef="matter"/>{}</collaboration>'
ROW = [(["-"], ["1"])]


def whole(bpmn: bytes, sheet: bytes | None = None, **called: bytes) -> set[str]:
    """The codes of what is found against a file with what it needs."""
    sheets = {} if sheet is None else {"rating": sheet}
    return {found.code for found in engine.examine(bpmn, sheets=sheets, called=called).findings}


def chain(length: int) -> bytes:
    names = [f"t{n}" for n in range(length)]
    return bpmn(start(), *map(user, names), end(), flow(" > ".join(["start", *names, "end"])))


def sheet(**changes: object) -> bytes:
    made = {"rows": ROW, "inputs": ["x"], "outputs": ["v"], **changes}
    return dmn(made.pop("rows"), **made)  # type: ignore[arg-type]


LITERAL = RATING[: RATING.index(b"<decisionTable")] + (
    b'<literalExpression id="l"><text>1</text></literalExpression></decision></definitions>'
)
LOOP = b"<multiInstanceLoopCharacteristics><loopDataInputRef>l</loopDataInputRef></multiInstanceLoopCharacteristics>"
LOOPED = calling("part").replace(
    b'calledElement="part"/>', b'calledElement="part">' + LOOP + b"</callActivity>"
)
SECOND_PART = bpmn(start("q_start"), user("q"), end("q_end", None), flow("q_start > q > q_end"), id="other")

# (code, refused, mended)
PAIRS: list[tuple[str, set[str], set[str]]] = [
    ("too-large", whole(GOOD + b" " * 1_000_001), whole(GOOD + b" " * 1_000)),
    ("not-xml", whole(GOOD[:-5]), whole(GOOD)),
    ("doctype", whole(GOOD.replace(b"?>\n", b"?>\n<!DOCTYPE definitions>", 1)), whole(GOOD)),
    ("other-document", whole(RATING), whole(GOOD)),
    ("schema", whole(GOOD.replace(b'id="a"', b'id="a b"')), whole(GOOD)),
    ("one-process", whole(bpmn(*GOOD_PARTS, rest='<process id="p2"/>')), whole(GOOD)),
    ("too-many-nodes", whole(chain(199)), whole(chain(198))),
    (
        "several-pools",
        whole(bpmn(*GOOD_PARTS, rest=POOL.format('<participant id="p2"/>'))),
        whole(bpmn(*GOOD_PARTS, rest=POOL.format(""))),
    ),
    ("call-activity", whole(bpmn(*GOOD_PARTS, rest='<globalUserTask id="g"/>')), whole(GOOD)),
    ("call-unknown", whole(calling("part")), whole(calling("part"), part=PART)),
    ("call-recursive", whole(calling("matter")), whole(calling("part"), part=PART)),
    ("call-plain", whole(LOOPED, part=PART), whole(calling("part"), part=PART)),
    (
        "call-id-twice",
        whole(calling("part", "part"), part=PART),
        whole(calling("part", "other"), part=PART, other=SECOND_PART),
    ),
    (
        "one-table",
        whole(DECIDING, RATING.replace(b"</decision>", b'</decision><decision id="d2" name="d2"/>')),
        whole(DECIDING, RATING),
    ),
    ("table-element", whole(DECIDING, LITERAL), whole(DECIDING, RATING)),
    ("hit-policy", whole(DECIDING, sheet(policy="COLLECT")), whole(DECIDING, sheet(policy="FIRST"))),
    ("table-too-large", whole(DECIDING, sheet(rows=ROW * 501)), whole(DECIDING, sheet(rows=ROW * 500))),
    ("empty-table", whole(DECIDING, sheet(rows=[])), whole(DECIDING, sheet())),
    ("output-name", whole(DECIDING, sheet(outputs=["v w"])), whole(DECIDING, sheet(outputs=["v"]))),
    (
        "bad-cell",
        whole(DECIDING, sheet(rows=[(["-"], ["x"])])),
        whole(DECIDING, sheet(rows=[(["-"], ['"x"'])])),
    ),
    ("row-length", whole(DECIDING, sheet(rows=[(["-", "-"], ["1"])])), whole(DECIDING, sheet())),
    ("no-such-table", whole(DECIDING), whole(DECIDING, RATING)),
]
# What no file can trigger as far as we know: the last nets, and a child process that hangs or dies.
BY_FORCE = {
    "unreadable": "test_compiling.test_what_the_library_cannot_read_is_refused",
    "id-lost": "test_what_the_library_reads_otherwise_is_refused",
    "check-too-slow": test_aside.test_a_child_that_hangs_is_killed_and_the_next_check_works.__name__,
    "check-died": test_aside.test_a_child_that_is_killed_is_a_finding_and_the_next_check_works.__name__,
}


@pytest.mark.parametrize(("code", "refused", "mended"), PAIRS, ids=[pair[0] for pair in PAIRS])
def test_is_refused_and_its_mended_twin_passes(code: str, refused: set[str], mended: set[str]) -> None:
    assert code in refused
    assert mended == set()


def test_every_finding_has_a_pair() -> None:
    covered = {case[0] for case in CASES} | {pair[0] for pair in PAIRS} | set(BY_FORCE)
    assert covered == set(catalogue.WORDS)


def test_what_the_library_reads_otherwise_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user task called End would end the case: were the lint to let it through, the comparison would not."""
    monkeypatch.setattr(lint, "findings", lambda drawing, *_: [])
    named = bpmn(start(), user("End"), end(), flow("start > End > end"))
    assert whole(named) == {"id-lost"}
    assert whole(GOOD) == set()
