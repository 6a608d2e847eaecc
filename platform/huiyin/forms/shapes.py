"""What field kinds are made of: pieces of JSON Schema, readers of posted pages, and texts for an export."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Protocol

from huiyin.forms.parts import PARTS

Ui = Mapping[str, Any]
Schema = dict[str, Any]


class Posted(Protocol):
    """What a posted page offers; Django's QueryDict fits."""

    def get(self, key: str, default: Any = None) -> Any:
        """The last value of a key."""

    def getlist(self, key: str) -> list[Any]:
        """All values of a key."""


Reader = Callable[[Posted, str, Ui], Any]


@dataclass(frozen=True)
class Kind:
    """A field kind."""

    name: str
    schema: Callable[[Ui], Schema]
    read: Reader
    export: Callable[[Any, Ui], str]


ID: Schema = {"type": "string", "pattern": "^[0-9a-z]{4,40}$"}
DAY: Schema = {"type": "string", "format": "date"}
NUMBER: Schema = {"type": "integer", "minimum": 1, "maximum": 100}
COUNT: Schema = {"type": "integer", "minimum": 0, "maximum": 100_000}
SCALE: Schema = {"enum": ["satisfied", "basic", "dissatisfied"]}
RESULT: Schema = {"enum": ["done", "doing", "planned", "noted"]}
YES_NO: Schema = {"enum": ["yes", "no"]}
PHOTOS: Schema = {"type": "array", "items": ID, "maxItems": 9, "uniqueItems": True}


def text(length: int, least: int = 1) -> Schema:
    """A text of at most so many characters."""
    return {"type": "string", "minLength": least, "maxLength": length}


def item(required: list[str], **properties: Schema) -> Schema:
    """An object with these parts and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def record(required: list[str], /, *rules: Schema, **properties: Schema) -> Callable[[Ui], Schema]:
    """The schema of a compound kind; `rules` say what one part makes of another."""
    found = item(required, **properties)
    if rules:
        found["allOf"] = list(rules)
    return lambda ui: found


def rows(least: int, most: int, of: Schema) -> Callable[[Ui], Schema]:
    """The schema of a kind that is a list."""
    return lambda ui: {"type": "array", "items": of, "minItems": least, "maxItems": most}


def when(part: str, value: str, *needed: str) -> Schema:
    """A rule: if a part has this value, the others are needed."""
    return {
        "if": {"properties": {part: {"const": value}}, "required": [part]},
        "then": {"required": list(needed)},
    }


def clean(value: object) -> str:
    """What somebody typed, with line ends as they are stored and without the space around it."""
    # PostgreSQL stores no NUL, and nobody types one.
    return str(value or "").replace("\r\n", "\n").replace("\0", "").strip()


def read_line(posted: Posted, name: str, ui: Ui) -> str | None:
    """One text, else the sentence that was chosen in its place; nothing but space is no answer."""
    return clean(posted.get(name)) or clean(posted.get(f"{name}.phrase")) or None


def read_lines(posted: Posted, name: str, ui: Ui) -> list[str] | None:
    """Every value of a name that is not empty."""
    return [found for value in posted.getlist(name) if (found := clean(value))] or None


def read_number(posted: Posted, name: str, ui: Ui) -> int | str | None:
    """A whole number; what is none stays as it was typed, so that the schema can say so."""
    found = clean(posted.get(name))
    return int(found) if found.isascii() and found.isdigit() and len(found) < 10 else found or None


def read_parts(*names: str) -> Reader:
    """The parts of a compound kind, posted as `name.part`; `part*` is a list, `part#` a number."""

    def read(posted: Posted, name: str, ui: Ui) -> dict[str, Any] | None:
        found: dict[str, Any] = {}
        for part in names:
            one = read_lines if part.endswith("*") else read_number if part.endswith("#") else read_line
            key = part.rstrip("*#")
            value = one(posted, f"{name}.{key}", ui)
            if value is not None:
                found[key] = value
        return found or None

    return read


def read_rows(*names: str) -> Reader:
    """Rows posted as parallel lists `name.part`; blank rows are dropped."""

    def read(posted: Posted, name: str, ui: Ui) -> list[dict[str, str]] | None:
        columns = [[clean(value) for value in posted.getlist(f"{name}.{part}")] for part in names]
        found = [
            {part: value for part, value in zip(names, row, strict=True) if value}
            for row in zip_longest(*columns, fillvalue="")
        ]
        return [row for row in found if row] or None

    return read


def read_by_ask(*names: str) -> Callable[[Posted, str, Ui], list[dict[str, Any]]]:
    """What is said of each ask: `name.ask` lists the numbers, `name.part.<number>` holds the parts."""

    def read(posted: Posted, name: str, ui: Ui) -> list[dict[str, Any]]:
        found = []
        for number in dict.fromkeys(clean(value) for value in posted.getlist(f"{name}.ask")):
            if not (number.isascii() and number.isdigit() and len(number) < 4):
                continue
            parts = {part: clean(posted.get(f"{name}.{part}.{number}")) for part in names}
            if any(parts.values()):
                found.append({"ask": int(number), **{part: value for part, value in parts.items() if value}})
        return found

    return read


def say_plainly(value: Any, ui: Ui) -> str:
    """The value itself."""
    return "" if value is None else str(value)


def say_option(value: Any, ui: Ui) -> str:
    """The words of a chosen option."""
    return str(ui.get("options", {}).get(value, {}).get("zh", value))


def say_count(value: Any, ui: Ui) -> str:
    """How many."""
    return str(len(value))


def say_parts(kind: str, *names: str) -> Callable[[Any, Ui], str]:
    """The parts of a compound kind, choices in words."""

    def words(value: Any, ui: Ui) -> str:
        choices = {name: dict(options) for name, options in PARTS.get(kind, {}).items()}
        return "；".join(
            str(choices.get(name, {}).get(value[name], value[name]))
            for name in names
            if value.get(name) not in (None, "")
        )

    return words


def say_rows(*names: str) -> Callable[[Any, Ui], str]:
    """A list with its numbers; without names, of texts."""

    def words(value: Any, ui: Ui) -> str:
        told = [" ".join(str(row[name]) for name in names if name in row) if names else row for row in value]
        return "；".join(f"{number}. {row}" for number, row in enumerate(told, 1))

    return words
