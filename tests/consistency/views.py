"""The rule of sight: every view and endpoint starts from what its actor may see."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import FunctionType, ModuleType
from typing import Any

from django.urls import URLPattern, URLResolver

SIGHT = frozenset({"visible_to", "waiting_for"})
#: Modules whose functions count as sight when they use it themselves.
READERS = (".selectors", ".querysets", ".present", ".handing_over")


def patterns(entries: Iterable[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """(address, view) of every pattern, includes unfolded."""
    for entry in entries:
        address = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from patterns(entry.url_patterns, address)
        else:
            yield address, entry.callback


def views_without_sight(
    found: Iterable[tuple[str, Callable[..., Any]]], excused: Mapping[str, str]
) -> Iterator[str]:
    """A view, or what it calls in its own package or in a selector, uses `visible_to` or `waiting_for`."""
    used = set()
    for address, view in found:
        target = getattr(view, "cls", None) or getattr(view, "view_class", None) or inspect.unwrap(view)
        name = f"{target.__module__}.{target.__qualname__}"
        if name in excused:
            used.add(name)
        elif not _sees(target, set()):
            yield (
                f"{address} ({name}): start its reads from `visible_to(request.actor)` or `waiting_for`, "
                "or give a reason in tests/test_consistency.py"
            )
    for name in sorted(set(excused) - used):
        yield f"{name} is no view: take it out of the list of excuses in tests/test_consistency.py"


def _sees(target: Any, seen: set[Any]) -> bool:
    if target in seen or not isinstance(target, FunctionType | type):
        return False
    seen.add(target)
    tree = ast.parse(textwrap.dedent(inspect.getsource(target)))
    if isinstance(tree.body[0], ast.ClassDef):
        tree = ast.Module(body=tree.body[0].body, type_ignores=[])  # its bases are looked at below
    if any(isinstance(node, ast.Attribute) and node.attr in SIGHT for node in ast.walk(tree)):
        return True
    home = inspect.getmodule(target)
    # Who writes a queryset anew does not inherit the sight of the old one.
    inherits = isinstance(target, type) and "get_queryset" not in vars(target)
    bases = target.__mro__[1:] if inherits else ()
    return any(_sees(callee, seen) for callee in [*_callees(tree, home), *_ours(bases, home)])


def _ours(bases: Iterable[type], home: ModuleType | None) -> list[type]:
    package = (home.__name__ if home else "").split(".")[0]
    return [base for base in bases if base.__module__.split(".")[0] == package]


def _callees(tree: ast.AST, home: ModuleType | None) -> Iterator[Any]:
    """Functions and classes that a source names: of its own module, its own package (`huiyin.web`), or of a reading module."""
    scope = vars(home) if home else {}
    own = ".".join((home.__name__ if home else "").split(".")[:2])
    for node in ast.walk(tree):
        callee = None
        if isinstance(node, ast.Name):
            callee = scope.get(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            callee = getattr(scope.get(node.value.id), node.attr, None)
        origin = getattr(callee, "__module__", "") or ""
        if origin and (
            origin.startswith(own) or any(reader in f"{origin}." for reader in map("{}.".format, READERS))
        ):
            yield callee
