"""What of a form stands in a row: which fields, which options, which letters; nothing here reads a matter."""

from __future__ import annotations

from dataclasses import replace

from huiyin.forms import rendering
from huiyin.forms.document import Document

#: The kinds of fields that stand in a row.
SHOWN = frozenset(
    {
        "choice",
        "text",
        "register",
        "units",
        "receiver",
        "case",
        "date",
        "ruling",
        "extension_ruling",
        "review",
    }
)
#: Decided for each row by itself, never for all at once: somebody must have looked.
ONE_BY_ONE = frozenset({"ruling", "extension_ruling", "review"})
#: Fields that stand side by side.
_NARROW = frozenset({"choice", "register", "units", "receiver", "case", "date"})
#: A grid decides something: it has one of these.
_DECIDING = frozenset({"choice", "units", "register"}) | ONE_BY_ONE


def fits(document: Document) -> bool:
    """
    Whether a form can be answered in a row.

    Nothing that is always asked needs a page of its own, and nor does the first answer of what is chosen: the way on.
    """
    if "handover" in document.kinds or not document.kinds & _DECIDING:
        return False
    left_out = left_out_of(document)
    return all(
        (one.name, next(iter(one.ui.get("options", ())), "")) not in left_out
        if one.kind.name in SHOWN
        else not one.required
        for one in document.fields.values()
    )


def decides(document: Document) -> str:
    """The field whose answer the diagram goes by; it is chosen by letters."""
    return next((one.name for one in document.fields.values() if one.ui.get("routing")), "")


def _options(document: Document) -> tuple[str, ...]:
    """The codes that the deciding field offers."""
    decider = decides(document)
    return tuple(document.fields[decider].ui.get("options", ())) if decider else ()


def shown(document: Document, view: rendering.FormView, prefix: str) -> tuple[rendering.FieldView, ...]:
    """The fields of a row, named for it, without the options that need a page of their own."""
    left_out, decider = left_out_of(document), decides(document)
    return tuple(
        replace(
            one,
            name=f"{prefix}{one.name}",
            ui={
                **one.ui,
                "base": one.name,
                "asked": _asked_by(document, one.name),
                # A list or a day needs little room; what is decided, and why, takes the whole width of the row.
                "is_wide": one.name == decider or one.kind not in _NARROW,
            },
            options=[option for option in one.options if (one.name, option[0]) not in left_out],
        )
        for one in view.fields
        if one.kind in SHOWN
    )


def left_out_of(document: Document) -> frozenset[tuple[str, str]]:
    """(deciding field, option) of what would ask for something that no row can hold."""
    return frozenset(
        (condition["field"], value)
        for one in document.fields.values()
        if one.kind.name not in SHOWN and (condition := one.ui.get("show_if"))
        for value in condition["is"]
        if _is_required(document, condition["field"], value, one.name)
    )


def _is_required(document: Document, decider: str, value: str, name: str) -> bool:
    """An optional field is simply not asked in a row; only what the option requires takes the option away."""
    rules = document.schema.get("allOf", [])
    return any(
        name in rule.get("then", {}).get("required", [])
        and value in rule.get("if", {}).get("properties", {}).get(decider, {}).get("enum", [])
        for rule in rules
    )


def _asked_by(document: Document, name: str) -> str:
    """The decisions that require a field, with spaces between: after one of them the keyboard goes on to it."""
    always, decider = document.fields[name].required, decides(document)
    return " ".join(
        code for code in _options(document) if always or _is_required(document, decider, code, name)
    )


def letters(document: Document) -> dict[str, str]:
    """A key for each option of what decides: the first letter of its code that is still free."""
    taken: dict[str, str] = {}
    for code in _options(document):
        taken[code] = next((sign for sign in code if sign.isalpha() and sign not in taken.values()), "")
    return taken


def registers(document: Document) -> bool:
    """Whether a form gives the official number."""
    return "register" in document.kinds
