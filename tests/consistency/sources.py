"""What the rules look at: the repository's own text files, and Python parsed once."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLATFORM = ROOT / "platform" / "huiyin"
#: Folders that hold no text of ours: caches, other people's packages, built files.
NOT_OURS = frozenset({"node_modules", "__pycache__", "vendor", "build", "dist"})
TEXT = frozenset(
    (
        ".py", ".md", ".toml", ".html", ".css", ".js", ".mjs", ".json", ".yaml", ".yml", ".txt", ".lock", ".bpmn", ".dmn",
        ".po", ".cfg", ".ini", ".sh", ".csv",
    )
)  # fmt: skip


def texts(root: Path = ROOT) -> dict[str, str]:
    """Every text file of the repository by its path, without caches and vendored files."""
    found = {}
    for folder, below, names in os.walk(root):
        below[:] = [name for name in below if name not in NOT_OURS and not name.startswith(".")]
        for name in names:
            path = Path(folder) / name
            if path.suffix in TEXT or (folder == str(root / ".ci")):
                found[str(path.relative_to(root))] = path.read_text(encoding="utf-8", errors="replace")
    return found


@lru_cache(maxsize=1)
def own_texts() -> Mapping[str, str]:
    """The texts of this repository, read once."""
    return texts()


def python(*folders: str) -> dict[str, str]:
    """The Python of some folders, without migrations."""
    return {
        path: text
        for path, text in own_texts().items()
        if path.endswith(".py") and path.startswith(folders) and "/migrations/" not in path
    }


def calls(sources: Mapping[str, str]) -> Iterator[tuple[str, ast.Call]]:
    """Every call in the sources, with `path:line`."""
    for path, text in sources.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call):
                yield f"{path}:{node.lineno}", node


def name_of(call: ast.Call) -> str:
    """`say` for `act.say(…)` and for `say(…)`."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


class Unreadable(Exception):
    """A text that is put together in a way that can't be read from the source."""


def strings(node: ast.expr, known: Mapping[str, frozenset[str]]) -> set[str]:
    """
    Every string that an expression can become: literals, `a if … else b`, and f-strings of such or of `known` names.

    :raises Unreadable: for anything else
    """
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return strings(node.body, known) | strings(node.orelse, known)
    if isinstance(node, ast.FormattedValue):
        return strings(node.value, known)
    if isinstance(node, ast.JoinedStr):
        found = {""}
        for part in node.values:
            found = {before + after for before in found for after in strings(part, known)}
        return found
    if (text := ast.unparse(node)) in known:
        return set(known[text])
    raise Unreadable(text)


def argument(call: ast.Call, place: int, name: str) -> ast.expr | None:
    """An argument given by place or by name."""
    named = next((item.value for item in call.keywords if item.arg == name), None)
    if named is not None:
        return named
    return call.args[place] if len(call.args) > place else None
