"""Rules of the code: sizes, packages, jobs, refusals, models."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tests.consistency import sources

MODULE_LINES, FUNCTION_LINES = 300, 40


def a_package_that_hides_the_standard_library(root: Path) -> Iterator[str]:
    """`import platform` must stay the standard library."""
    if (root / "platform" / "__init__.py").exists():
        yield "platform/__init__.py hides the standard library's `platform`: delete it, the source root is no package"


def modules_too_long(texts: Mapping[str, str], excused: Mapping[str, str]) -> Iterator[str]:
    """A module that passes 300 lines asks to be cut."""
    for path, text in sorted(texts.items()):
        lines = len(text.splitlines())
        if lines > MODULE_LINES and path not in excused:
            yield f"{path} has {lines} lines: cut it at its natural joint, or give a reason in tests/test_consistency.py"
        if lines <= MODULE_LINES and path in excused:
            yield f"{path} is short again: take it out of the list of excuses in tests/test_consistency.py"


def functions_too_long(texts: Mapping[str, str], excused: Mapping[str, str]) -> Iterator[str]:
    """A function that passes 40 lines, its docstring not counted, asks to be cut."""
    seen = set()
    for path, text in sorted(texts.items()):
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            lines = (node.end_lineno or node.lineno) - node.lineno + 1 - _docstring_lines(node)
            name = f"{path}::{node.name}"
            if lines > FUNCTION_LINES:
                seen.add(name)
                if name not in excused:
                    yield f"{name} has {lines} lines: cut it, or give a reason in tests/test_consistency.py"
    for name in sorted(set(excused) - seen):
        yield f"{name} is short or gone: take it out of the list of excuses in tests/test_consistency.py"


def _docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    if ast.get_docstring(node) is None:
        return 0
    return (first.end_lineno or first.lineno) - first.lineno + 1


def jobs_that_nobody_does(
    texts: Mapping[str, str], periodic: Iterable[str], registered: frozenset[str]
) -> Iterator[str]:
    """Every kind of job that is enqueued, or comes back, has its function."""
    named = [("settings.PERIODIC_JOBS", kind) for kind in periodic]
    for place, call in sources.calls(texts):
        if sources.name_of(call) != "Work":
            continue
        kind = sources.argument(call, 0, "kind")
        if isinstance(kind, ast.Constant):
            named.append((place, str(kind.value)))
        elif not (
            place.startswith("platform/huiyin/jobs/periodic.py") and ast.unparse(kind or call) == "kind"
        ):
            yield f"{place}: write the kind of a job as a literal, so that it can be checked"
    for place, kind in named:
        if kind not in registered:
            yield f"{place}: nobody does the job {kind}; decorate a function with @job({kind!r}) in its package's jobs.py"


def refusals_without_a_sentence(classes: Iterable[type]) -> Iterator[str]:
    """The docstring of a refusal is what the person reads."""
    for found in classes:
        sentence = " ".join((found.__dict__.get("__doc__") or "").split())
        if not sentence or not sentence.rstrip('”"').endswith((".", "?", "!", "s")) or sentence[0].islower():
            yield f"{found.__module__}.{found.__name__}: its docstring must be the person's sentence, with a full stop"


def models_without_sight(models: Iterable[type], excused: Mapping[str, str]) -> Iterator[str]:
    """What is shown to anyone starts from `visible_to`."""
    for model in models:
        label = model._meta.label  # type: ignore[attr-defined]
        has = hasattr(model._default_manager, "visible_to")  # type: ignore[attr-defined]
        if not has and label not in excused:
            yield f"{label}: give its manager `visible_to(actor)`, or a reason in tests/test_consistency.py"
        if has and label in excused:
            yield f"{label} has `visible_to` now: take it out of the list of excuses in tests/test_consistency.py"
