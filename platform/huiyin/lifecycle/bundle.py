"""A process as it lies in the repository: `bpmn/<process>/` and `forms/<process>/`, data without Python."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from huiyin.core import canonical


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


def shipped() -> list[str]:
    """The processes that the repository ships."""
    return sorted(path.parent.name for path in (settings.ROOT / "bpmn").glob("*/process.yaml"))


def read(process: str, root: Path | None = None) -> Bundle:
    """
    Read a process from its folders.

    :raises OSError: if a file is missing
    :raises ValueError: if a file is not YAML or JSON
    """
    root = root or settings.ROOT
    folder = root / "bpmn" / process
    about = yaml.safe_load((folder / "process.yaml").read_text(encoding="utf-8"))
    return Bundle(
        process=process,
        name=about["name"],
        number_prefix=about["number_prefix"],
        stages=about["stages"],
        diagram=(folder / f"{process}.bpmn").read_bytes(),
        forms={
            path.stem: json.loads(path.read_text(encoding="utf-8"))
            for path in sorted((root / "forms" / process).glob("*.json"))
        },
        tables={path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.dmn"))},
        scenarios=tuple(
            {"file": path.name, **yaml.safe_load(path.read_text(encoding="utf-8"))}
            for path in sorted((folder / "scenarios").glob("*.yaml"))
        ),
    )
