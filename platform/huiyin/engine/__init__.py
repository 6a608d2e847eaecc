"""
Run BPMN diagrams: plain Python over SpiffWorkflow 3.2.0, and its only importer.

A diagram is compiled to a `Process` or refused with findings. A case is bytes: `start` makes them, `complete`
and `deliver` take them one step on, `look` says what they wait for, `migrate` takes them to another diagram.
Nothing here touches a database.
"""

from huiyin.engine import lockdown as lockdown  # first: closes eval and exec before anything can run
from huiyin.engine.advancing import complete, correct, deliver, known, look, start
from huiyin.engine.calling import called_by
from huiyin.engine.compiling import check, compile_process
from huiyin.engine.errors import (
    BadExpression,
    Broken,
    CannotMove,
    Finding,
    ForeignState,
    NotAwaited,
    NotFacts,
    Obstacle,
    Overrun,
    Refused,
)
from huiyin.engine.expressions import evaluate
from huiyin.engine.foresight import Foresight
from huiyin.engine.migrating import migrate
from huiyin.engine.process import Process
from huiyin.engine.tables import Table
from huiyin.engine.values import DEFAULT, Advance, Budget, Ended, Flow, Listener, OpenTask, Step

__all__ = [
    "DEFAULT",
    "Advance",
    "BadExpression",
    "Broken",
    "Budget",
    "CannotMove",
    "Ended",
    "Finding",
    "Flow",
    "ForeignState",
    "Foresight",
    "Listener",
    "NotAwaited",
    "NotFacts",
    "Obstacle",
    "OpenTask",
    "Overrun",
    "Process",
    "Refused",
    "Step",
    "Table",
    "called_by",
    "check",
    "compile_process",
    "complete",
    "correct",
    "deliver",
    "evaluate",
    "known",
    "look",
    "migrate",
    "start",
]
