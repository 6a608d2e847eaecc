"""
Run BPMN diagrams: plain Python over SpiffWorkflow 3.2.0, and its only importer.

A diagram is compiled to a `Process` or refused with findings. A case is bytes: `start` makes them, `complete`
and `deliver` take them one step on, `look` says what they wait for, `migrate` takes them to another diagram.
Nothing here touches a database.
"""

from huiyin.engine import lockdown as lockdown  # first: closes eval and exec before anything can run
from huiyin.engine.advancing import complete, correct, deliver, known, look, start
from huiyin.engine.aside import CHECKER, Checker
from huiyin.engine.calling import called_by
from huiyin.engine.compiling import Examined, check, compile_process, examine
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
from huiyin.engine.lasting import last_before
from huiyin.engine.migrating import migrate
from huiyin.engine.passing import Arrival, Change, Events, TooEntangled, arrivals
from huiyin.engine.process import Process
from huiyin.engine.tables import Table
from huiyin.engine.values import DEFAULT, Advance, Budget, Ended, Flow, Listener, OpenTask, Step

__all__ = [
    "CHECKER",
    "DEFAULT",
    "Advance",
    "Arrival",
    "BadExpression",
    "Broken",
    "Budget",
    "CannotMove",
    "Change",
    "Checker",
    "Ended",
    "Events",
    "Examined",
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
    "TooEntangled",
    "arrivals",
    "called_by",
    "check",
    "compile_process",
    "complete",
    "correct",
    "deliver",
    "evaluate",
    "examine",
    "known",
    "last_before",
    "look",
    "migrate",
    "start",
]
