"""
Random diagrams with a second opinion: each block can draw itself and can say, by itself, what it waits for.

The blocks know nothing of tokens, trees or saved states; they are the meaning of the drawing.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise

from tests.engine.drawing import bpmn, end, flow, fork, start, sub, user, xor


class Block:
    """A piece with one way in and one way out."""

    def __init__(self, name: str, parts: list[Block]) -> None:
        self.name, self.parts = name, parts

    def draw(self) -> tuple[str, str, str]:
        """(what it draws, the node of its way in, the node of its way out)"""
        raise NotImplementedError

    def enter(self) -> None:
        """Begin; `waits` then tells the open user tasks."""
        raise NotImplementedError

    def waits(self) -> Iterator[str]:
        raise NotImplementedError

    def done(self, step: str, pick: bool) -> bool:
        """A user task was completed with this choice; whether the block is finished by it."""
        raise NotImplementedError


class Task(Block):
    def draw(self) -> tuple[str, str, str]:
        return user(self.name), self.name, self.name

    def enter(self) -> None:
        self.open = True

    def waits(self) -> Iterator[str]:
        if self.open:
            yield self.name

    def done(self, step: str, pick: bool) -> bool:
        self.open = False
        return True


class Row(Block):
    def draw(self) -> tuple[str, str, str]:
        drawn = [part.draw() for part in self.parts]
        links = [flow(f"{a[2]} > {b[1]}") for a, b in pairwise(drawn)]
        return "".join([d[0] for d in drawn] + links), drawn[0][1], drawn[-1][2]

    def enter(self) -> None:
        self.at = 0
        self.parts[0].enter()

    def waits(self) -> Iterator[str]:
        if self.at < len(self.parts):
            yield from self.parts[self.at].waits()

    def done(self, step: str, pick: bool) -> bool:
        if self.parts[self.at].done(step, pick):
            self.at += 1
            if self.at == len(self.parts):
                return True
            self.parts[self.at].enter()
        return False


class Both(Block):
    def draw(self) -> tuple[str, str, str]:
        f, j = f"{self.name}_f", f"{self.name}_j"
        text = fork(f) + fork(j)
        for part in self.parts:
            drawn = part.draw()
            text += drawn[0] + flow(f"{f} > {drawn[1]}") + flow(f"{drawn[2]} > {j}")
        return text, f, j

    def enter(self) -> None:
        self.running = list(self.parts)
        for part in self.parts:
            part.enter()

    def waits(self) -> Iterator[str]:
        for part in self.running:
            yield from part.waits()

    def done(self, step: str, pick: bool) -> bool:
        part = next(p for p in self.running if step in set(p.waits()))
        if part.done(step, pick):
            self.running.remove(part)
        return not self.running


class Ask(Block):
    """A user task whose choice is taken by the gateway behind it."""

    def draw(self) -> tuple[str, str, str]:
        n = self.name
        drawn = [part.draw() for part in self.parts]
        text = user(n) + xor(f"{n}_x", f"{n}_x_{drawn[1][1]}") + xor(f"{n}_m")
        text += drawn[0][0] + drawn[1][0] + flow(f"{n} > {n}_x > {drawn[1][1]}")
        text += flow(f"{n}_x > {drawn[0][1]}", f"pick_{n}")
        return text + flow(f"{drawn[0][2]} > {n}_m") + flow(f"{drawn[1][2]} > {n}_m"), n, f"{n}_m"

    def enter(self) -> None:
        self.chosen: Block | None = None

    def waits(self) -> Iterator[str]:
        if self.chosen is None:
            yield self.name
        else:
            yield from self.chosen.waits()

    def done(self, step: str, pick: bool) -> bool:
        if self.chosen is not None:
            return self.chosen.done(step, pick)
        self.chosen = self.parts[0 if pick else 1]
        self.chosen.enter()
        return False


class Again(Block):
    """A body, then a user task that may send it back."""

    def draw(self) -> tuple[str, str, str]:
        n = self.name
        text, first, last = self.parts[0].draw()
        text += xor(f"{n}_m") + user(n) + xor(f"{n}_x", f"{n}_x_{n}_o") + xor(f"{n}_o")
        text += flow(f"{n}_m > {first}") + flow(f"{last} > {n} > {n}_x > {n}_o")
        return text + flow(f"{n}_x > {n}_m", f"pick_{n}"), f"{n}_m", f"{n}_o"

    def enter(self) -> None:
        self.asking = False
        self.parts[0].enter()

    def waits(self) -> Iterator[str]:
        if self.asking:
            yield self.name
        else:
            yield from self.parts[0].waits()

    def done(self, step: str, pick: bool) -> bool:
        if not self.asking:
            self.asking = self.parts[0].done(step, pick)
            return False
        if pick:
            self.enter()
        return not pick


class Inside(Row):
    """A row in an embedded sub-process."""

    def draw(self) -> tuple[str, str, str]:
        n = self.name
        text, first, last = super().draw()
        inner = sub(
            n, start(f"{n}_s"), text, end(f"{n}_e", None), flow(f"{n}_s > {first}"), flow(f"{last} > {n}_e")
        )
        return inner, n, n


def grown(draw: random.Random, names: Iterator[int], depth: int = 0) -> Block:
    """A random block."""
    name = f"t{next(names)}"
    kind = draw.choice([Task, Row, Both, Both, Ask, Again, Again, Inside]) if depth < 4 else Task
    count = {Task: 0, Row: 2, Both: draw.randrange(2, 4), Ask: 2, Again: 1, Inside: draw.randrange(1, 3)}[
        kind
    ]
    return kind(name, [grown(draw, names, depth + 1) for _ in range(count)])


def diagram(block: Block) -> bytes:
    text, first, last = block.draw()
    return bpmn(start(), text, end(), flow(f"start > {first}"), flow(f"{last} > end"))
