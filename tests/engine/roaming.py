"""Walk a case by chance, with whatever facts its conditions may read, and see that it never strands."""

from __future__ import annotations

import ast
import random
from collections.abc import Mapping

from huiyin import engine
from huiyin.engine import Advance, Process, Table
from huiyin.engine.grammar import parse_expression, parse_script

#: What the engine says where the drawing and not the facts are to blame; the proof excludes all of it.
STRANDED = ("nothing is left to wait for", "the process ended while")
IDS = ("u1", "u2", "u3")


class Stranded(AssertionError):
    """A case of a published diagram can neither go on nor end."""


def roam(process: Process, tables: Mapping[str, Table], draw: random.Random, steps: int = 150) -> bool:
    """
    Whether the case came to an end. A condition that fails over its facts is the diagram's own affair and stops the walk.

    :raises Stranded: if nothing waits and nothing has ended, or something waits after the end
    """
    choices = _choices(process)
    try:
        now = engine.start(process, data={**_facts(choices, draw), "round": 1}, tables=tables)
        for _ in range(steps):
            if now.ended is not None:
                break
            if not now.open:
                raise Stranded("nobody is asked")
            now = _step(process, now, tables, choices, draw)
    except (engine.Broken, engine.Overrun) as error:
        if any(words in str(error) for words in STRANDED):
            raise Stranded(str(error)) from error
        return False
    if now.ended is not None and (now.open or now.listeners):
        raise Stranded("something is left behind")
    return now.ended is not None


def _step(
    process: Process,
    now: Advance,
    tables: Mapping[str, Table],
    choices: Mapping[str, list[object]],
    draw: random.Random,
) -> Advance:
    facts = _facts(choices, draw)
    if now.listeners and draw.random() < 0.1:
        heard = draw.choice(now.listeners)
        return engine.deliver(
            process, now.state, message=heard.message, frame=heard.frame, data=facts, tables=tables
        )
    return engine.complete(process, now.state, key=draw.choice(now.open).key, data=facts, tables=tables)


def _facts(choices: Mapping[str, list[object]], draw: random.Random) -> dict[str, object]:
    return {name: draw.choice(values) for name, values in choices.items()}


def _choices(process: Process) -> dict[str, list[object]]:
    """Every name that a condition or a multi-instance reads, with what it is compared to, and some more."""
    found: dict[str, list[object]] = {}
    own = {name for step in process.steps.values() if step.script for name, _ in parse_script(step.script)}
    items = {step.item for step in process.steps.values() if step.item}
    for flow in process.flows.values():
        if flow.condition is not None:
            tree = parse_expression(flow.condition)
            values = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
            for node in ast.walk(tree):
                if isinstance(node, ast.Name) and node.id not in own | items:
                    found.setdefault(node.id, [True, False, "u1"]).extend(values)
    for step in process.steps.values():
        if step.collection:
            found[step.collection] = [list(IDS[:count]) for count in range(4)]
    return found
