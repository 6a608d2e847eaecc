"""
Field kinds: the domain's vocabulary for what a form may ask.

Each kind is a JSON Schema, a way to read it from a posted page, a widget (templates/forms/kinds/<kind>.html) and its
text in an export. What a kind writes into tables is its recorder, registered by the package that owns the row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from huiyin.forms.parts import PARTS

Ui = Mapping[str, Any]


class Posted(Protocol):
    """What a posted page offers; Django's QueryDict fits."""

    def get(self, key: str, default: Any = None) -> Any:
        """The last value of a key."""

    def getlist(self, key: str) -> list[Any]:
        """All values of a key."""


@dataclass(frozen=True)
class Kind:
    """A field kind."""

    name: str
    schema: Callable[[Ui], dict[str, Any]]
    read: Callable[[Posted, str, Ui], Any]
    export: Callable[[Any, Ui], str]


def _line(posted: Posted, name: str, ui: Ui) -> str | None:
    # PostgreSQL stores no NUL, and nobody types one.
    text = str(posted.get(name) or "").replace("\r\n", "\n").replace("\0", "").strip()
    return text or None


def _lines(posted: Posted, name: str, ui: Ui) -> list[str] | None:
    return [str(value) for value in posted.getlist(name) if value] or None


def _parts(*names: str) -> Callable[[Posted, str, Ui], dict[str, Any] | None]:
    def read(posted: Posted, name: str, ui: Ui) -> dict[str, Any] | None:
        found: dict[str, Any] = {}
        for part in names:
            key = f"{name}.{part.rstrip('*')}"
            value = _lines(posted, key, ui) if part.endswith("*") else _line(posted, key, ui)
            if value is not None:
                found[part.rstrip("*")] = value
        return found or None

    return read


def _text(length: int) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": length}


def _record(required: list[str], **properties: dict[str, Any]) -> Callable[[Ui], dict[str, Any]]:
    return lambda ui: {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _plain(value: Any, ui: Ui) -> str:
    return "" if value is None else str(value)


def _option(value: Any, ui: Ui) -> str:
    return str(ui.get("options", {}).get(value, {}).get("zh", value))


def _count(value: Any, ui: Ui) -> str:
    return str(len(value))


def _words(kind: str, *names: str) -> Callable[[Any, Ui], str]:
    choices = {name: dict(options) for name, options in PARTS.get(kind, {}).items()}
    return lambda value, ui: "；".join(
        str(choices.get(name, {}).get(value[name], value[name])) for name in names if value.get(name)
    )


_ID = {"type": "string", "pattern": "^[0-9a-z]{4,40}$"}
_SCALE = {"enum": ["satisfied", "basic", "dissatisfied"]}
PHOTOS = {"type": "array", "items": _ID, "maxItems": 9, "uniqueItems": True}

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("text", lambda ui: {"type": "string", "maxLength": 20_000}, _line, _plain),
        Kind("choice", lambda ui: {"enum": list(ui["options"])}, _line, _option),
        Kind("date", lambda ui: {"type": "string", "format": "date"}, _line, _plain),
        Kind("place", lambda ui: _ID, _line, _plain),
        Kind("deputy", lambda ui: _ID, _line, _plain),
        Kind("case", lambda ui: {"type": "string", "maxLength": 40}, _line, _plain),
        Kind("photos", lambda ui: PHOTOS, _lines, _count),
        Kind("voice", lambda ui: {**PHOTOS, "maxItems": 3}, _lines, _count),
        Kind(
            "units",
            _record(
                ["lead"], lead=_ID, co={"type": "array", "items": _ID, "maxItems": 20, "uniqueItems": True}
            ),
            _parts("lead", "co*"),
            _words("units", "lead"),
        ),
        Kind(
            "progress",
            _record(["text"], stage=_text(40), text=_text(5000), photos=PHOTOS),
            _parts("stage", "text", "photos*"),
            _words("progress", "stage", "text"),
        ),
        Kind(
            "contact",
            _record(
                ["way", "on", "text"],
                way={"enum": ["phone", "visit", "meeting", "message"]},
                on={"type": "string", "format": "date"},
                text=_text(2000),
            ),
            _parts("way", "on", "text"),
            _words("contact", "way", "on", "text"),
        ),
        Kind(
            "reply",
            _record(
                ["result", "text"],
                result={"enum": ["done", "doing", "planned", "noted"]},
                text={"type": "string", "minLength": 2, "maxLength": 20_000},
                signed_by=_text(60),
            ),
            _parts("result", "text", "signed_by"),
            _words("reply", "result", "text"),
        ),
        Kind(
            "rating",
            _record(["result"], result=_SCALE, attitude=_SCALE, words=_text(2000)),
            _parts("result", "attitude", "words"),
            _words("rating", "result", "attitude", "words"),
        ),
        Kind(
            "objection",
            _record(["reason"], reason={"type": "string", "minLength": 5, "maxLength": 2000}, suggest=_ID),
            _parts("reason", "suggest"),
            _words("objection", "reason"),
        ),
        Kind(
            "ruling",
            _record(
                ["decision", "reason"],
                decision={"enum": ["upheld", "refused"]},
                reason=_text(2000),
                unit=_ID,
            ),
            _parts("decision", "reason", "unit"),
            _words("ruling", "decision", "reason"),
        ),
    )
}
