"""
Field kinds: the domain's vocabulary for what a form may ask.

Each kind is a JSON Schema, a way to read it from a posted page, a widget (templates/forms/kinds/<kind>.html) and its
text in an export. What a kind writes into tables is its recorder, registered by the package that owns the row.
"""

from __future__ import annotations

from huiyin.forms.shapes import (
    DAY,
    ID,
    NUMBER,
    PHOTOS,
    SCALE,
    YES_NO,
    Kind,
    Posted,
    item,
    read_by_ask,
    read_line,
    read_lines,
    read_parts,
    record,
    rows,
    say_count,
    say_option,
    say_parts,
    say_plainly,
    text,
    when,
)
from huiyin.forms.suggesting import SUGGESTING, with_asks

__all__ = ["KINDS", "PHOTOS", "REPLYING", "Kind", "Posted"]

SIMPLE = (
    Kind("text", lambda ui: {"type": "string", "maxLength": 20_000}, read_line, say_plainly),
    Kind("choice", lambda ui: {"enum": list(ui["options"])}, read_line, say_option),
    Kind("date", lambda ui: DAY, read_line, say_plainly),
    Kind("place", lambda ui: ID, read_line, say_plainly),
    Kind("deputy", lambda ui: ID, read_line, say_plainly),
    Kind("receiver", lambda ui: ID, read_line, say_plainly),
    Kind("case", lambda ui: {"type": "string", "maxLength": 80}, read_line, say_plainly),
    Kind("photos", lambda ui: PHOTOS, read_lines, say_count),
    Kind("voice", lambda ui: {**PHOTOS, "maxItems": 3}, read_lines, say_count),
)
HANDLING = (
    Kind(
        "units",
        record(["lead"], lead=ID, co={"type": "array", "items": ID, "maxItems": 20, "uniqueItems": True}),
        read_parts("lead", "co*"),
        say_parts("units", "lead"),
    ),
    Kind(
        "progress",
        record(
            ["text"],
            {"dependentRequired": {"done": ["milestone"]}},
            stage=text(40),
            text=text(5000),
            photos=PHOTOS,
            milestone=NUMBER,
            done={"enum": ["yes"]},
        ),
        read_parts("stage", "text", "photos*", "milestone#", "done"),
        say_parts("progress", "stage", "text", "done"),
    ),
    Kind(
        "contact",
        record(
            ["way", "on", "text"],
            way={"enum": ["phone", "visit", "meeting", "message"]},
            on=DAY,
            text=text(2000),
        ),
        read_parts("way", "on", "text"),
        say_parts("contact", "way", "on", "text"),
    ),
    Kind(
        "reply",
        record(
            ["result", "text"],
            result={"enum": ["done", "doing", "planned", "noted"]},
            text=text(20_000, least=2),
            signed_by=text(60),
        ),
        read_parts("result", "text", "signed_by"),
        say_parts("reply", "result", "text"),
    ),
    Kind(
        "rating",
        record(
            ["result"],
            result=SCALE,
            attitude=SCALE,
            words=text(2000),
            asks=rows(1, 20, item(["ask", "settled"], ask=NUMBER, settled=YES_NO))({}),
        ),
        with_asks(read_parts("result", "attitude", "words"), read_by_ask("settled")),
        say_parts("rating", "result", "attitude", "words"),
    ),
    Kind(
        "transcription",
        record(
            ["way", "on"],
            when("way", "paper", "proof"),
            when("way", "phone", "note"),
            when("way", "visit", "note"),
            when("way", "file", "note"),
            way={"enum": ["paper", "phone", "visit", "file"]},
            on=DAY,
            note=text(500),
            proof={**PHOTOS, "minItems": 1},
        ),
        read_parts("way", "on", "note", "proof*"),
        say_parts("transcription", "way", "on", "note"),
    ),
    Kind(
        "objection",
        record(["reason"], reason=text(2000, least=5), suggest=ID),
        read_parts("reason", "suggest"),
        say_parts("objection", "reason"),
    ),
    Kind(
        "ruling",
        record(
            ["decision", "reason"],
            decision={"enum": ["upheld", "refused"]},
            reason=text(2000),
            unit=ID,
        ),
        read_parts("decision", "reason", "unit"),
        say_parts("ruling", "decision", "reason"),
    ),
    Kind(
        "second_look",
        record(["decision"], decision={"enum": ["upheld", "reopened"]}),
        read_parts("decision"),
        say_parts("second_look", "decision"),
    ),
)
KINDS: dict[str, Kind] = {kind.name: kind for kind in (*SIMPLE, *HANDLING, *SUGGESTING)}

#: The kinds with which a draft is let pass or returned.
JUDGING = frozenset({"review", "issuing"})
#: The kinds with which the answer to a matter is written.
REPLYING = frozenset({"reply", "reply_draft"})
