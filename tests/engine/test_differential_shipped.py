"""
Every shipped diagram, with what it calls drawn in, walks as the stock path walks it, saved after every step.

Compared where the stock path is right: nothing is decided between a fork and a join (the stock join lets a branch's old copy
of a fact overwrite what another has changed), and a walk ends where a multi-instance would begin a second time (the stock one
fails on the item it leaked).
Decision tables are scripts here, for the library's DMN engine is not ours.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from lxml import etree

from huiyin import engine
from huiyin.engine import calling, diagram, xml
from huiyin.engine.allowed import DRAWING
from tests.engine.stock import StockWalk
from tests.engine.test_differential import data_of, stock_data
from tests.engine.walking import Walk

PROCESSES = ("matter", "suggestion", "livelihood", "bill")
BPMN = Path(settings.ROOT) / "bpmn"


def drawn(process: str) -> bytes:
    """The diagram with its calls drawn in, its tables as scripts that pass, and without shapes."""
    files = {path.parent.name: path.read_bytes() for path in BPMN.glob("*/*.bpmn")}
    root = xml.read(files[process], xml.BPMN)
    calling.expand(root, {name: text for name, text in files.items() if name != process})
    for table in list(root.iter(f"{{{xml.BPMN}}}businessRuleTask")):
        table.tag = f"{{{xml.BPMN}}}scriptTask"
        for child in list(table):
            if xml.local(child) == "extensionElements":
                table.remove(child)
        etree.SubElement(table, f"{{{xml.BPMN}}}script").text = "passed_a_table = 1"
    for kept in root.iter(f"{{{xml.BPMN}}}process"):
        kept.set("id", "matter")
    return etree.tostring(diagram.without_drawing(root, DRAWING))


#: `name == "text"` and `name < number`; a name alone is a yes or no.
COMPARED = re.compile(r"""(\w+)\s*(?:==|!=|<)\s*(?:["']([^"']*)["']|(\d+))""")
ALONE = re.compile(r"(?:^|and |or |not )\s*([a-z_]+)\s*(?=$| and| or)")


def decided_by(process: engine.Process) -> dict[bool, dict[str, list[Any]]]:
    """What the conditions read, inside a multi-instance (True) and outside: the values they know and one they do not."""
    found: dict[bool, dict[str, list[Any]]] = {True: {}, False: {}}
    for flow in process.flows.values():
        values = found[loop_of(process, flow.source) is not None]
        for name, text, number in COMPARED.findall(flow.condition or ""):
            values.setdefault(name, [0 if number else "other"]).append(int(number) if number else text)
        for name in ALONE.findall(flow.condition or ""):
            values[name] = [True, False]
    return found


def loop_of(process: engine.Process, step: str | None) -> str | None:
    """The name of the item in the innermost multi-instance around a step."""
    while step is not None and process.steps[step].collection is None:
        step = process.steps[step].parent
    return None if step is None else process.steps[step].item


def loops_of(process: engine.Process) -> dict[str, tuple[str, str]]:
    """(collection, item) of each multi-instance by its sub-process."""
    return {
        step.id: (step.collection, step.item or "")
        for step in process.steps.values()
        if step.collection is not None
    }


class Walks:
    """Both paths through one diagram, drawn from a seed."""

    def __init__(self, source: bytes, seed: int) -> None:
        self.draw, self.source = random.Random(seed), source
        process = engine.compile_process(source)
        self.values, self.loops = decided_by(process), loops_of(process)
        given = self._drawn(inside=True) | self._drawn(inside=False)
        given |= {"round": 1, "lead_assignment": "a"}
        given |= {collection: ["a", "b"] for collection, _item in self.loops.values()}
        self.ours, self.stock = Walk(source, **given), StockWalk(source, **given)
        forks = (step for step in process.steps.values() if step.kind == "parallelGateway")
        self.forked = {step.parent for step in forks}
        self.entered: set[str] = set()
        self.done: list[str] = []
        self.over = False

    def _drawn(self, *, inside: bool) -> dict[str, Any]:
        return {
            name: self.draw.choice(values) for name, values in self.values[inside].items() if name != "round"
        }

    def steps(self) -> Iterator[str]:
        """Go on step by step while both can be compared; each is the step that was done."""
        for _ in range(40):
            if self.over or self.ours.now.ended is not None:
                break
            self._compare()
            heard = sorted({found.message for found in self._hear()})
            if heard and self.draw.random() < 0.1:
                message = self.draw.choice(heard)
                self.ours.send(message)
                if not self._begins_again():
                    self.stock.send(message)
                yield message
                continue
            yield self._do()
        if self.ours.now.ended is not None:
            self._compare()

    def _hear(self) -> list[engine.Listener]:
        """
        Messages to single steps: facts learnt in a sub-process that is interrupted go on with us, and are lost on the stock path.
        """
        steps, heard = self.ours.process.steps, self.ours.now.listeners
        alone = len({listener.frame for listener in heard}) <= 1
        return [found for found in heard if alone and steps[found.attached_to].kind == "userTask"]

    def _do(self) -> str:
        task = self.draw.choice(sorted(self.ours.now.open, key=lambda task: (task.step_id, task.item or "")))
        said: dict[str, object] = {f"said_{len(self.done)}": self.draw.random()} if task.item is None else {}
        parent = self.ours.process.steps[task.step_id].parent
        if (len(self.ours.now.open) == 1 and parent not in self.forked) or task.item is not None:
            said |= self._drawn(inside=task.item is not None)
        self.done.append(task.step_id)
        self.ours.do(task.step_id, task.item, **said)
        if not self._begins_again():
            self._do_stock(task, said)
        return task.step_id

    def _do_stock(self, task: engine.OpenTask, said: dict[str, object]) -> None:
        tasks = [found for found in self.stock.ready() if found.task_spec.bpmn_id == task.step_id]
        if task.item is not None:
            item = loop_of(self.ours.process, task.step_id)
            tasks = [found for found in tasks if found.data.get(item) == task.item]
        assert tasks
        tasks[0].data.update(said)
        tasks[0].run()
        self.stock._settle()

    def _begins_again(self) -> bool:
        """Whether the last advance entered a multi-instance whose item the stock path has leaked before."""
        items = [self.loops[name][1] for name in self.ours.now.passed if name in self.loops]
        self.over = len(set(items)) < len(items) or bool(self.entered & set(items))
        self.entered |= set(items)
        return self.over

    def _compare(self) -> None:
        assert sorted(task.step_id for task in self.ours.now.open) == self.stock.waits
        leaked = {item for _, item in self.loops.values()} | set(self.values[True])
        kept = [
            [
                (step, {name: value for name, value in data.items() if name not in leaked})
                for step, data in found
            ]
            for found in (data_of(self.ours), stock_data(self.stock))
        ]
        assert kept[0] == kept[1]
        assert (self.ours.now.ended is not None) == self.stock.workflow.is_completed()


def walked(process: str, seeds: range) -> int:
    source = drawn(process)
    return sum(sum(1 for _ in Walks(source, seed).steps()) for seed in seeds)


@pytest.mark.parametrize("process", PROCESSES)
def test_walks_as_the_stock_path_does(process: str) -> None:
    assert walked(process, range(12)) > 12


@pytest.mark.long
@pytest.mark.parametrize("part", range(10))
@pytest.mark.parametrize("process", PROCESSES)
def test_walks_as_the_stock_path_does_many_times(process: str, part: int) -> None:
    assert walked(process, range(12 + part * 20, 32 + part * 20)) > 20
