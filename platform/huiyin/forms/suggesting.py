"""Field kinds of suggestions and of projects: asks, signatures, drafts and their reviews, extensions, plans, ballots."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from huiyin.forms.shapes import (
    COUNT,
    DAY,
    ID,
    NUMBER,
    PHOTOS,
    RESULT,
    YES_NO,
    Kind,
    Posted,
    Reader,
    Schema,
    Ui,
    item,
    read_by_ask,
    read_line,
    read_lines,
    read_parts,
    read_rows,
    record,
    rows,
    say_count,
    say_option,
    say_parts,
    say_rows,
    text,
    when,
)


def with_asks(
    parts: Reader, by_ask: Callable[[Posted, str, Ui], list[dict[str, Any]]], *, always: bool = False
) -> Reader:
    """A compound answer with what is said of each ask; `always` keeps an empty list, so that none is no mistake."""

    def read(posted: Posted, name: str, ui: Ui) -> dict[str, Any] | None:
        found: dict[str, Any] | None = parts(posted, name, ui)
        asks = by_ask(posted, name, ui)
        if asks or (always and found):
            found = {**(found or {}), "asks": asks}
        return found

    return read


#: 批注: what is remarked at passages of a draft, which stand there word for word: in the answer to an ask, or (0) in the text.
_MARKS = rows(
    1, 20, item(["passage", "words"], ask={**NUMBER, "minimum": 0}, passage=text(1000), words=text(1000))
)({})
_RETURNED_WITH: Schema = {
    "if": {"properties": {"decision": {"const": "return"}}, "required": ["decision"]},
    "then": {"anyOf": [{"required": ["remarks"]}, {"required": ["marks"]}]},
}
_read_rows = read_rows("ask", "passage", "words")


def _read_marks(posted: Posted, name: str, ui: Ui) -> list[dict[str, Any]]:
    """The marks that were typed; a row that holds the number of an ask alone is none."""
    found = [row for row in _read_rows(posted, name, ui) or () if row.keys() - {"ask"}]
    return [{**row, "ask": int(row["ask"])} if row.get("ask", "").isdecimal() else row for row in found]


def _with_marks(parts: Reader) -> Reader:
    """A judgement of a draft with the marks at its passages."""

    def read(posted: Posted, name: str, ui: Ui) -> dict[str, Any] | None:
        found: dict[str, Any] | None = parts(posted, name, ui)
        marks = _read_marks(posted, f"{name}.marks", ui)
        return {**(found or {}), "marks": marks} if marks else found

    return read


def _say_judgement(kind: str, *names: str) -> Callable[[Any, Ui], str]:
    """The parts in words, then each mark with the passage that it is about."""
    plain = say_parts(kind, *names)

    def words(value: Any, ui: Ui) -> str:
        marks = [f"「{mark['passage']}」{mark['words']}" for mark in value.get("marks", ())]
        return "；".join([found for found in (plain(value, ui),) if found] + marks)

    return words


def _confirmed(posted: Posted, name: str, ui: Ui) -> dict[str, bool] | None:
    return {"confirmed": True} if read_line(posted, f"{name}.confirmed", ui) == "yes" else None


def _register(ui: Ui) -> Schema:
    # Under allOf: the words of these options stand in the form document, not among the fixed choices of parts.py.
    return item(["category"], category={"allOf": [{"enum": list(ui.get("options", {}))}]})


_WRITING = (
    Kind(
        "split",
        lambda ui: {
            "type": "array",
            "items": {"type": "string", "pattern": "^[1-9][0-9]?$"},
            "minItems": 1,
            "maxItems": 19,
            "uniqueItems": True,
        },
        read_lines,
        lambda value, ui: "、".join(value),
    ),
    Kind("asks", rows(1, 20, text(1000, least=5)), read_lines, say_rows()),
    Kind(
        "invitations",
        lambda ui: {"type": "array", "items": ID, "maxItems": 30, "uniqueItems": True},
        read_lines,
        say_count,
    ),
    Kind(
        "signatures",
        record(["confirmed"], confirmed={"const": True}),
        _confirmed,
        lambda value, ui: "是" if value.get("confirmed") else "",
    ),
    Kind(
        "conversion",
        record(["confirmed"], confirmed={"const": True}),
        _confirmed,
        lambda value, ui: "是" if value.get("confirmed") else "",
    ),
    Kind(
        "register",
        _register,
        read_parts("category"),
        lambda value, ui: say_option(value.get("category", ""), ui),
    ),
    Kind("handover", record(["on"], on=DAY), read_parts("on"), say_parts("handover", "on")),
)
_REPLYING = (
    Kind(
        "reply_draft",
        record(
            ["result", "asks"],
            result=RESULT,
            asks=rows(0, 20, item(["ask", "result", "text"], ask=NUMBER, result=RESULT, text=text(5000)))({}),
            text=text(20_000),
            contact_name=text(60),
            contact_phone=text(40),
        ),
        with_asks(
            read_parts("result", "text", "contact_name", "contact_phone"),
            read_by_ask("result", "text"),
            always=True,
        ),
        lambda value, ui: "；".join(
            [
                say_parts("reply_draft", "result", "text")(value, ui),
                *(
                    f"{row['ask']}. {say_parts('reply_draft', 'result', 'text')(row, ui)}"
                    for row in value["asks"]
                ),
            ]
        ),
    ),
    Kind(
        "review",
        record(
            ["decision"],
            _RETURNED_WITH,
            decision={"enum": ["pass", "return"]},
            remarks=text(2000),
            marks=_MARKS,
        ),
        _with_marks(read_parts("decision", "remarks")),
        _say_judgement("review", "decision", "remarks"),
    ),
    Kind(
        "issuing",
        record(
            ["decision"],
            when("decision", "issue", "document_number", "signed_by", "signed_on"),
            _RETURNED_WITH,
            decision={"enum": ["issue", "return"]},
            document_number=text(80),
            joint={"const": "yes"},
            signed_by=text(60),
            signed_on=DAY,
            remarks=text(2000),
            marks=_MARKS,
        ),
        _with_marks(read_parts("decision", "document_number", "joint", "signed_by", "signed_on", "remarks")),
        _say_judgement("issuing", "decision", "document_number", "signed_by", "signed_on", "remarks"),
    ),
    Kind(
        "delivery",
        record(["on", "way"], on=DAY, way={"enum": ["site", "paper", "meeting"]}),
        read_parts("on", "way"),
        say_parts("delivery", "on", "way"),
    ),
    Kind(
        "extension",
        record(["to", "reason"], to=DAY, reason=text(2000)),
        read_parts("to", "reason"),
        say_parts("extension", "to", "reason"),
    ),
    Kind(
        "extension_ruling",
        record(["decision", "reason"], decision={"enum": ["granted", "refused"]}, to=DAY, reason=text(2000)),
        read_parts("decision", "to", "reason"),
        say_parts("extension_ruling", "decision", "to", "reason"),
    ),
)
_FOLLOWING = (
    Kind(
        "commitments",
        rows(0, 20, item(["text", "due_on"], text=text(1000), due_on=DAY)),
        read_rows("text", "due_on"),
        say_rows("text", "due_on"),
    ),
    Kind(
        "milestones",
        rows(1, 12, item(["name", "planned_on"], name=text(100), planned_on=DAY)),
        read_rows("name", "planned_on"),
        say_rows("name", "planned_on"),
    ),
    Kind(
        "visit",
        record(["agrees", "text"], milestone=NUMBER, agrees=YES_NO, text=text(5000), photos=PHOTOS),
        read_parts("milestone#", "agrees", "text", "photos*"),
        say_parts("visit", "milestone", "agrees", "text"),
    ),
    Kind("ballot", record(["ballot"], ballot=ID), read_parts("ballot"), say_parts("ballot", "ballot")),
    Kind(
        "tally",
        record(
            ["members", "satisfied", "basic", "dissatisfied", "abstained"],
            members={**COUNT, "minimum": 1},
            satisfied=COUNT,
            basic=COUNT,
            dissatisfied=COUNT,
            abstained=COUNT,
        ),
        read_parts("members#", "satisfied#", "basic#", "dissatisfied#", "abstained#"),
        lambda value, ui: "/".join(
            str(value.get(name, ""))
            for name in ("members", "satisfied", "basic", "dissatisfied", "abstained")
        ),
    ),
)
SUGGESTING = (*_WRITING, *_REPLYING, *_FOLLOWING)
