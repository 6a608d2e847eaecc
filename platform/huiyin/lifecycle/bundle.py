"""A process as it lies in the repository: `bpmn/<process>/` and `forms/<process>/`, data without Python."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from huiyin.core import canonical, errors


@dataclass(frozen=True)
class Bundle:
    """Diagram, forms, tables and what the office calls them. Scenarios are evidence, outside the digest."""

    process: str
    name: dict[str, str]
    number_prefix: str
    stages: list[dict[str, str]]
    diagram: bytes
    forms: dict[str, dict[str, Any]]
    tables: dict[str, str]
    scenarios: tuple[dict[str, Any], ...] = ()

    @property
    def digest(self) -> str:
        """The hash that names the content."""
        content = {
            "name": self.name,
            "prefix": self.number_prefix,
            "stages": self.stages,
            "diagram": hashlib.sha256(self.diagram).hexdigest(),
            "forms": json.dumps(self.forms, ensure_ascii=False),  # in the order of the page
            "tables": self.tables,
        }
        return hashlib.sha256(canonical.encode(content)).hexdigest()


class UnreadableBundle(errors.Invalid):
    """The process cannot be read: %(file)s: %(what)s"""


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise UnreadableBundle(file=str(path), what=getattr(error, "strerror", None) or str(error)) from error


def _json(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(_text(path)))
    except (ValueError, TypeError) as error:
        raise UnreadableBundle(file=str(path), what=str(error)) from error


def _yaml(path: Path) -> dict[str, Any]:
    try:
        return dict(yaml.safe_load(_text(path)))
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise UnreadableBundle(file=str(path), what=str(error)) from error


def shipped() -> list[str]:
    """The processes that the repository ships."""
    return sorted(path.parent.name for path in (settings.ROOT / "bpmn").glob("*/process.yaml"))


def read(process: str, root: Path | None = None) -> Bundle:
    """
    Read a process from its folders.

    :raises UnreadableBundle: if a file is missing or is not YAML or JSON; it names the file
    """
    root = root or settings.ROOT
    folder = root / "bpmn" / process
    about = _yaml(folder / "process.yaml")
    return Bundle(
        process=process,
        name=about["name"],
        number_prefix=about["number_prefix"],
        stages=about["stages"],
        diagram=_text(folder / f"{process}.bpmn").encode(),
        forms={path.stem: _json(path) for path in sorted((root / "forms" / process).glob("*.json"))},
        tables={path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.dmn"))},
        scenarios=tuple(
            {"file": path.name, **_yaml(path)} for path in sorted((folder / "scenarios").glob("*.yaml"))
        ),
    )
