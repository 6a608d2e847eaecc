"""Play lives undisturbed and under fire, and compare."""

from __future__ import annotations

import multiprocessing
import queue
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from tests.chaos import acting
from tests.chaos.plan import Life

WORKERS = 3
#: How often an act's worker is killed, and how often an acknowledged act is delivered once more.
KILLED, DELIVERED_TWICE = 0.06, 0.08
#: An act that is not done by then, whatever was killed, is stuck.
PATIENCE = 90.0
Said = dict[str, Any]


class Stuck(Exception):
    """An act could not be brought to its end."""


class Worker:
    """A process that acts; a new one takes the place of one that died."""

    def __init__(self, nursery: Any, control: str = "") -> None:
        self._nursery, self._control = nursery, control
        self._process: BaseProcess | None = None
        self._wire: Connection | None = None

    def _born(self) -> tuple[BaseProcess, Connection]:
        if self._process is None or self._wire is None or not self._process.is_alive():
            self._wire, other = self._nursery.Pipe()
            self._process = self._nursery.Process(
                target=acting.serve, args=(other, self._control), daemon=True
            )
            self._process.start()
            other.close()
        return self._process, self._wire

    def ask(self, act: Said, kill_after: float | None = None) -> Said:
        """
        Send an act and wait for its acknowledgement.

        :param kill_after: seconds after which the worker is killed, if it still acts
        :raises EOFError: if it died before it could acknowledge; the act may have been done or not
        """
        process, wire = self._born()
        timer = threading.Timer(kill_after, process.kill) if kill_after is not None else None
        if timer is not None:
            timer.start()
        try:
            wire.send(act)
            while "saw" in (said := wire.recv()):
                act["saw"] = said["saw"]
            return dict(said)
        except (EOFError, ConnectionError, BrokenPipeError) as error:
            self.end()
            raise EOFError from error
        finally:
            if timer is not None:
                timer.cancel()

    def chore(self, chore: str, **said: Any) -> Said:
        """Ask for something that is no act of a life, until the database answers."""
        while "away" in (found := self.ask({"chore": chore, "said": said})):
            time.sleep(0.1)
        return found

    def end(self) -> None:
        """Let it go, dead or alive."""
        if self._process is not None and self._wire is not None:
            self._process.kill()
            self._process.join()
            self._wire.close()
        self._process = self._wire = None


@dataclass
class Play:
    """One life under way: what its acts have told."""

    life: Life
    known: Said = field(default_factory=dict)
    acknowledged: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    trouble: str = ""


class Stage:
    """Plays lives in a town with several workers, calmly or under fire."""

    def __init__(self, nursery: Any, town: str, *, fire: int | None = None, control: str = "") -> None:
        self._nursery, self._town, self._control = nursery, town, control
        self._fire = None if fire is None else random.Random(fire)
        self.counts: dict[str, int] = {"acts": 0, "killed": 0, "delivered_twice": 0, "rows": 0}

    def play(self, lives: Sequence[Life]) -> list[Play]:
        """All lives, each by one thread at a time; when it returns each has ended or says what troubles it."""
        plays = [Play(life) for life in lives]
        waiting: queue.SimpleQueue[Play] = queue.SimpleQueue()
        for play in plays:
            waiting.put(play)
        threads = [threading.Thread(target=self._work, args=(waiting,)) for _ in range(WORKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return plays

    def _work(self, waiting: queue.SimpleQueue[Play]) -> None:
        worker = Worker(self._nursery, self._control)
        while True:
            try:
                play = waiting.get_nowait()
            except queue.Empty:
                break
            try:
                self._live(worker, play)
            except Stuck as trouble:
                play.trouble = str(trouble)
        worker.end()

    def _live(self, worker: Worker, play: Play) -> None:
        life = play.life
        if life.also is not None:
            self._act(
                worker,
                play,
                {
                    **life.as_dict(),
                    "report": life.also,
                    "start": f"{self._town}-{life.seed}-also",
                    "at": life.received,
                },
            )
            play.known["other"] = play.known.pop("case")
            for number, step in enumerate(life.also_acts):
                own = {**step, "case": play.known["other"], "key": f"also-{number}"}
                self._act(worker, play, own)
        self._act(worker, play, {**life.as_dict(), "start": f"{self._town}-{life.seed}", "at": life.received})
        for number, step in enumerate(life.acts):
            if self._act(worker, play, {**step, "key": str(number)}) and "do" in step:
                play.acknowledged.append(str(number))

    def _act(self, worker: Worker, play: Play, act: Said) -> bool:
        """Send an act until it is acknowledged; whether it was done, not refused."""
        act = {**play.known, **act, "town": self._town}
        if self._fire is not None:
            act["row"] = (
                f"chaos:{self._town}:{play.life.seed}:{act.get('key', 'start')}:{act['at']}:{self.counts['acts']}"
            )
            self.counts["rows"] += 1
        self.counts["acts"] += 1
        said = self._insisting(worker, act)
        if self._fire is not None and self._fire.random() < DELIVERED_TWICE:
            self.counts["delivered_twice"] += 1
            self._insisting(worker, act)
        play.known |= {name: said[name] for name in ("case", "ballot") if name in said}
        if "refused" in said:
            play.refusals.append(f"{act.get('key')} {said['refused']}")
        return "refused" not in said

    def _insisting(self, worker: Worker, act: Said) -> Said:
        """As a person does who gets no answer: send the same again."""
        end, again = time.monotonic() + PATIENCE, False
        while time.monotonic() < end:
            kill = None
            if self._fire is not None and self._fire.random() < KILLED:
                kill = self._fire.uniform(0.0, 0.06)
            try:
                said = worker.ask(act, kill)
            except EOFError:
                self.counts["killed"] += 1
                again = True
                continue
            if "away" not in said:
                # An act without a key that is refused when it is sent once more was done the first time: the end tells.
                forgiven = again and "do" not in act
                return {name: value for name, value in said.items() if not (forgiven and name == "refused")}
            again = True
            time.sleep(0.1)
        raise Stuck(f"{act}: not done in {PATIENCE:.0f} s")


def nursery() -> Any:
    """A warm process that has loaded everything and forks workers from itself."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.chaos.acting"])
    return context
