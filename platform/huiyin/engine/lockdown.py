"""
Switch off what SpiffWorkflow would run with eval and exec, at import, for every instance in this process.

The stock environment is what a workflow falls back to when nobody sets a script engine, also after a reload;
message correlations and ad-hoc conditions go straight to the environment. So it is closed there.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, NoReturn

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import (
    BasePythonScriptEngineEnvironment,
    TaskDataEnvironment,
)
from SpiffWorkflow.bpmn.serializer.migration import version_migration

from huiyin.engine import expressions
from huiyin.engine.errors import BadExpression


class SafeEnvironment(BasePythonScriptEngineEnvironment):  # type: ignore[misc]
    """Expressions and scripts for the safe interpreter; no services, no globals."""

    def evaluate(
        self, expression: str, context: Mapping[str, object], external_context: object = None
    ) -> object:
        return expressions.evaluate(expression, context)

    def execute(self, script: str, context: dict[str, object], external_context: object = None) -> bool:
        context.update(expressions.execute(script, context))
        return True

    def call_service(self, context: object, **_: object) -> NoReturn:
        raise BadExpression("service tasks are not run inside the engine")


def _switched_off(*_: object, **__: object) -> NoReturn:
    raise BadExpression("the stock script environment is switched off")


def switch_off() -> None:
    """Close eval and exec, refuse old serializer versions (loading them evals), quiet the loggers."""
    for name in ("evaluate", "execute", "call_service"):
        setattr(TaskDataEnvironment, name, _switched_off)
    for version in list(version_migration.MIGRATIONS):
        version_migration.MIGRATIONS[version] = _switched_off
    # At level 0 every start and end of a sub-process walks the whole tree to collect log extras.
    for name in ("spiff.workflow", "spiff.task"):
        logging.getLogger(name).setLevel(logging.WARNING)


def safe_engine() -> Any:
    """A script engine whose every entrance leads to the safe interpreter."""
    return PythonScriptEngine(environment=SafeEnvironment())


switch_off()
