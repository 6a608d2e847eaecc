"""
The form document: `{title, schema: JSON Schema 2020-12, ui}`, read and checked once.

`ui.fields.<name>` says kind, label {zh, en}, help, options, and where the answer goes: `sensitive` (encrypted),
`routing` (reaches the engine), `fact` (boards may filter on it), `show_if` (another field's value).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from huiyin.core.languages import is_english
from huiyin.forms.kinds import KINDS, Kind

_FIELD_KEYS = {
    "kind", "label", "help", "options", "sensitive", "routing", "fact", "show_if", "rows", "input", "placeholder",
    "say", "default", "autocomplete", "phrases",
}  # fmt: skip
#: Names that would collide with the engine's own (engine notes: `typename` in data can't be loaded again).
RESERVED = frozenset({"typename", "round", "assignments", "assignment"})


class BrokenForm(Exception):
    """A form document that can't be used; the message says where and how to mend it."""


def in_language(texts: Mapping[str, str] | str | None) -> str:
    """The text in the page's language, Chinese where English is missing."""
    if texts is None or isinstance(texts, str):
        return texts or ""
    return texts["en" if is_english() and "en" in texts else "zh"]


@dataclass(frozen=True)
class Field:
    """One question of a form."""

    name: str
    kind: Kind
    ui: Mapping[str, Any]
    required: bool

    @property
    def label(self) -> str:
        """The question in the page's language."""
        return in_language(self.ui["label"])


class Document:
    """A checked form document."""

    def __init__(self, source: Mapping[str, Any], name: str) -> None:
        """
        Check a document.

        :raises BrokenForm: with the name of the form and the place in it
        """
        self.name, self.source = name, source
        try:
            self.schema, self.ui = source["schema"], source["ui"]
            self.title: Mapping[str, str] = source["title"]
            self.order: list[str] = self.ui["order"]
        except (KeyError, TypeError) as error:
            raise BrokenForm(f"{name}: title, schema, ui and ui.order are required ({error})") from error
        self._check()

    def _check(self) -> None:
        fields, properties = self.ui.get("fields", {}), self.schema.get("properties", {})
        if set(fields) != set(self.order) or set(properties) != set(self.order):
            raise BrokenForm(
                f"{self.name}: ui.order, ui.fields and schema.properties must name the same fields"
            )
        for name, ui in fields.items():
            if unknown := set(ui) - _FIELD_KEYS:
                raise BrokenForm(
                    f"{self.name}.{name}: unknown keys {sorted(unknown)}; known are {sorted(_FIELD_KEYS)}"
                )
            if ui.get("kind") not in KINDS:
                raise BrokenForm(
                    f"{self.name}.{name}: unknown kind {ui.get('kind')!r}; known are {sorted(KINDS)}"
                )
            if name in RESERVED:
                raise BrokenForm(f"{self.name}.{name}: the name is reserved for the engine; choose another")
            if "zh" not in ui.get("label", {}) or "en" not in ui["label"]:
                raise BrokenForm(f"{self.name}.{name}: label needs zh and en")
            if ui.get("sensitive") and (ui.get("routing") or ui.get("fact")):
                raise BrokenForm(f"{self.name}.{name}: a sensitive answer must not be routing or fact")
            condition = ui.get("show_if")
            if condition and condition.get("field") not in self.order[: self.order.index(name)]:
                raise BrokenForm(f"{self.name}.{name}: show_if must name a field that stands before it")
            if any(set(one) != {"is", "zh", "en"} for one in ui.get("phrases", ())):
                raise BrokenForm(
                    f"{self.name}.{name}: a phrase has is (answers of the deciding field), zh and en"
                )
            if ui.get("kind") in ("choice", "register") and not ui.get("options"):
                raise BrokenForm(f"{self.name}.{name}: a choice needs options")
        try:
            Draft202012Validator.check_schema(self.full_schema)
        except SchemaError as error:
            raise BrokenForm(f"{self.name}: schema: {error.message}") from error

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of the fields."""
        return frozenset(field.kind.name for field in self.fields.values())

    @cached_property
    def fields(self) -> dict[str, Field]:
        """The fields in the order of the page."""
        required = set(self.schema.get("required", []))
        return {
            name: Field(
                name, KINDS[self.ui["fields"][name]["kind"]], self.ui["fields"][name], name in required
            )
            for name in self.order
        }

    @cached_property
    def full_schema(self) -> dict[str, Any]:
        """The document's schema with each kind's own schema folded in; what the validator and the API use."""
        properties = {}
        for name in self.order:
            ui, own = self.ui["fields"][name], self.schema["properties"][name]
            properties[name] = {"allOf": [KINDS[ui["kind"]].schema(ui), own]}
        return {**self.schema, "type": "object", "properties": properties, "additionalProperties": False}

    @cached_property
    def validator(self) -> Draft202012Validator:
        """The compiled validator."""
        return Draft202012Validator(self.full_schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
