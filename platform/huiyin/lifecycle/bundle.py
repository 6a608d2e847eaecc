"""A process as it lies in the repository: `bpmn/<process>/` and `forms/<process>/`, data without Python."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from huiyin import engine
from huiyin.core import canonical, errors
from huiyin.directory.models import Place


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
    #: the diagrams of the processes that it calls, by process
    called: dict[str, bytes] = field(default_factory=dict)
    #: who may start it; nobody named: everybody
    starters: tuple[str, ...] = ()
    #: the levels of the places where it may be started
    levels: tuple[str, ...] = tuple(Place.REPORTABLE)
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
            "called": {name: hashlib.sha256(text).hexdigest() for name, text in self.called.items()},
            "starters": self.starters,
            "levels": [str(level) for level in self.levels],
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
    """The processes that the repository ships; parts that only others call are not among them."""
    found = sorted((settings.ROOT / "bpmn").glob("*/process.yaml"))
    return [path.parent.name for path in found if not _yaml(path).get("part")]


def read_path(path: str) -> Bundle:
    """
    Read the process of a folder `…/bpmn/<process>`, whose forms lie in `…/forms/<process>`; or a shipped one by its name.

    :raises UnreadableBundle: if a file is missing or is not YAML or JSON; it names the file
    """
    if "/" not in path and (settings.ROOT / "bpmn" / path / "process.yaml").is_file():
        return read(path)
    folder = Path(path).resolve()
    return read(folder.name, folder.parent.parent)


def read(process: str, root: Path | None = None) -> Bundle:
    """
    Read a process from its folders; what it calls is looked for beside it, then among the shipped processes.

    :raises UnreadableBundle: if a file is missing or is not YAML or JSON; it names the file
    """
    root = root or settings.ROOT
    folder = root / "bpmn" / process
    about = _yaml(folder / "process.yaml")
    diagram = _text(folder / f"{process}.bpmn").encode()
    homes = {process: root}
    called = _called(diagram, root, homes, {})
    folders = [*called, process]  # what a process has itself goes before what it calls
    return Bundle(
        process=process,
        name=about["name"],
        number_prefix=about["number_prefix"],
        stages=about["stages"],
        diagram=diagram,
        forms={
            path.stem: _json(path)
            for name in folders
            for path in _sorted(homes[name] / "forms" / name, "json")
        },
        tables={
            path.stem: _text(path) for name in folders for path in _sorted(homes[name] / "bpmn" / name, "dmn")
        },
        called=called,
        starters=tuple(about.get("starters", ())),
        levels=tuple(about.get("levels", Place.REPORTABLE)),
        scenarios=tuple({"file": path.name, **_yaml(path)} for path in _sorted(folder / "scenarios", "yaml")),
    )


def _sorted(folder: Path, ending: str) -> list[Path]:
    return sorted(folder.glob(f"*.{ending}"))


def _called(diagram: bytes, root: Path, homes: dict[str, Path], known: dict[str, bytes]) -> dict[str, bytes]:
    """The diagrams of what a diagram calls, and of what those call; one that is missing is a finding of the gate."""
    try:
        names = engine.called_by(diagram)
    except engine.Refused:
        return known  # the gate reads it again, and says why
    for name in names:
        home = next((one for one in (root, settings.ROOT) if _diagram(one, name).is_file()), None)
        if name not in homes and home is not None:
            homes[name] = home
            known[name] = _text(_diagram(home, name)).encode()
            _called(known[name], root, homes, known)
    return known


def _diagram(root: Path, name: str) -> Path:
    return root / "bpmn" / name / f"{name}.bpmn"
