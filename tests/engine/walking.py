"""Walk a case by the names of its steps; every advance goes through saved bytes."""

from __future__ import annotations

from collections.abc import Mapping

from huiyin import engine
from huiyin.engine import Advance, OpenTask, Process, Table


class Walk:
    """One case under test. `do` completes the open task of a step, `send` delivers a message."""

    def __init__(self, source: bytes, tables: Mapping[str, Table] | None = None, **facts: object) -> None:
        self.tables = tables or {}
        self.process: Process = engine.compile_process(source, tables=self.tables)
        self.now: Advance = engine.start(self.process, data=facts, tables=self.tables)

    def task(self, step: str, item: str | None = None) -> OpenTask:
        found = [t for t in self.now.open if t.step_id == step and (item is None or t.item == item)]
        assert len(found) == 1, f"{step} {item}: {[(t.step_id, t.item) for t in self.now.open]}"
        return found[0]

    def do(self, step: str, item: str | None = None, **facts: object) -> Advance:
        self.now = engine.complete(
            self.process, self.now.state, key=self.task(step, item).key, data=facts, tables=self.tables
        )
        return self.now

    def send(self, message: str, frame: str | None = None, **facts: object) -> Advance:
        self.now = engine.deliver(
            self.process, self.now.state, message=message, frame=frame, data=facts, tables=self.tables
        )
        return self.now

    @property
    def waits(self) -> list[str]:
        """What is open, as `step` or `step:item`, sorted."""
        return sorted(t.step_id if t.item is None else f"{t.step_id}:{t.item}" for t in self.now.open)

    @property
    def outcome(self) -> str | None:
        return self.now.ended.outcome if self.now.ended else None


def codes(source: bytes, tables: tuple[str, ...] = ()) -> set[tuple[str, str]]:
    """The findings about a diagram as (code, element)."""
    return {(f.code, f.element) for f in engine.check(source, tables=tables)}
