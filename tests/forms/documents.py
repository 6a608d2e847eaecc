"""Small form documents."""

from __future__ import annotations

from typing import Any

from huiyin.forms.document import Document


def label(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def source(
    fields: dict[str, dict[str, Any]],
    properties: dict[str, Any] | None = None,
    required: list[str] | None = None,
    **schema: Any,
) -> dict[str, Any]:
    """The source of a document; a field's label is its name unless it has one."""
    own = properties or {}
    return {
        "title": label("表", "Form"),
        "schema": {
            "type": "object",
            "properties": {name: own.get(name, {}) for name in fields},
            "required": required or [],
            **schema,
        },
        "ui": {
            "order": list(fields),
            "fields": {name: {"label": label(f"{name}项", name), **ui} for name, ui in fields.items()},
        },
    }


def document(
    fields: dict[str, dict[str, Any]],
    properties: dict[str, Any] | None = None,
    required: list[str] | None = None,
    **schema: Any,
) -> Document:
    return Document(source(fields, properties, required, **schema), "tests/form")


YES_NO = {"kind": "choice", "options": {"yes": label("是", "Yes"), "no": label("否", "No")}}
