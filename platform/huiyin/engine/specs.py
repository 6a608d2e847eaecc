"""
Our task specs: SpiffWorkflow's, without foresight, with what they pass written down.

The stock engine predicts the paths ahead as tasks: a chain of fork-and-join diamonds then doubles the tree at
each diamond, at start. Ours create the next task when one completes, so a case holds only what happened.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults as stock
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit as StockSplit
from SpiffWorkflow.bpmn.specs.control import BpmnStartTask as StockStart
from SpiffWorkflow.bpmn.specs.control import SimpleBpmnTask as StockSimple
from SpiffWorkflow.bpmn.specs.event_definitions.simple import TerminateEventDefinition
from SpiffWorkflow.spiff.specs import defaults as spiff
from SpiffWorkflow.spiff.specs.spiff_task import SpiffBpmnTask
from SpiffWorkflow.util.task import TaskState

from huiyin.engine import merging
from huiyin.engine.cancelling import cancel_all
from huiyin.engine.errors import Broken
from huiyin.engine.expressions import evaluate, execute
from huiyin.engine.facts import checked

MAX_INSTANCES = 200
SPLIT = ".BoundaryEventSplit"


class Walking:
    """What all our specs share; must stand first among the base classes."""

    def _predict(self, my_task: Any, seen: Any = None, looked_ahead: int = 0, mask: int = 0) -> None:
        """Predict nothing: children are made on completion."""

    def _grow(self, my_task: Any) -> None:
        my_task._sync_children(self.outputs, TaskState.FUTURE)  # type: ignore[attr-defined]

    def _on_complete_hook(self, my_task: Any) -> None:
        self._grow(my_task)
        super()._on_complete_hook(my_task)  # type: ignore[misc]
        note_passing(my_task)


def note_passing(my_task: Any) -> None:
    """Write the completed node and the flows that leave it into the journal of the advance."""
    top = my_task.workflow.top_workflow
    source = my_task.task_spec.bpmn_id
    if source is None:
        return
    if not isinstance(my_task.task_spec, SubWorkflowTask | ParallelMultiInstanceTask):
        top.journal.append(source)
    for child in my_task.children:
        target = child.task_spec.bpmn_id or child.task_spec.name.removesuffix(SPLIT)
        flow = top.flow_ids.get((source, target))
        if flow is not None:
            top.journal.append(flow)


class StartTask(Walking, StockStart):  # type: ignore[misc]
    pass


class SimpleTask(Walking, StockSimple):  # type: ignore[misc]
    pass


class UserTask(Walking, spiff.UserTask):  # type: ignore[misc]
    pass


class ServiceTask(Walking, SpiffBpmnTask):  # type: ignore[misc]
    """
    Waits, as a user task does, until the adapter is told what came of the call: nothing is called inside the engine.

    The stock one calls inside the step, and hides the real error of a call behind a NameError.
    """

    def __init__(self, wf_spec: Any, name: str, **kwargs: Any) -> None:
        super().__init__(wf_spec, name, **kwargs)
        self.manual = True


class ScriptTask(Walking, spiff.ScriptTask):  # type: ignore[misc]
    def _run_hook(self, my_task: Any) -> bool:
        my_task.data.update(checked(execute(self.script, my_task.data)))
        return True


class ThrowEvent(Walking, stock.IntermediateThrowEvent):  # type: ignore[misc]
    pass


class BusinessRuleTask(Walking, SpiffBpmnTask):  # type: ignore[misc]
    """Merges the outputs of a decision table, looked up at run time, into the facts."""

    def __init__(self, wf_spec: Any, name: str, table: str = "", **kwargs: Any) -> None:
        super().__init__(wf_spec, name, **kwargs)
        self.table = table

    def _run_hook(self, my_task: Any) -> bool:
        table = my_task.workflow.top_workflow.tables.get(self.table)
        if table is None:
            raise Broken(self.bpmn_id, f"no decision table is called {self.table}")
        my_task.data.update(table.evaluate(my_task.data))
        return True


class ExclusiveGateway(Walking, stock.ExclusiveGateway):  # type: ignore[misc]
    """Takes the first flow whose condition holds, in the order of the file, else the default."""

    def _run_hook(self, my_task: Any) -> bool:
        chosen = next((to for to in self._holding(my_task.data)), self.default_task_spec)
        if chosen is None:
            raise Broken(self.bpmn_id, "no condition holds and there is no default flow")
        my_task._sync_children([self._wf_spec.task_specs[chosen]], TaskState.FUTURE)
        return True

    def _holding(self, facts: Any) -> Iterator[str]:
        for condition, target in self.cond_task_specs:
            if condition is not None and evaluate(condition.args[0], facts):
                yield target

    def _grow(self, my_task: Any) -> None:
        """The gateway's run has made the one child that was chosen."""


class StartEvent(Walking, stock.StartEvent):  # type: ignore[misc]
    def _run_hook(self, my_task: Any) -> bool:
        return True  # the stock hook walks the tree to reset later occurrences


class EndEvent(Walking, stock.EndEvent):  # type: ignore[misc]
    """Remembers itself on its workflow, so that the adapter can say which end a case came to."""

    def _grow(self, my_task: Any) -> None:
        if not isinstance(self.event_definition, TerminateEventDefinition):
            super()._grow(my_task)

    def _run_hook(self, my_task: Any) -> bool:
        return True  # none and terminate ends throw nothing

    def _on_complete_hook(self, my_task: Any) -> None:
        workflow = my_task.workflow
        workflow.last_end = self.bpmn_id
        workflow.end_data = my_task.data
        self._grow(my_task)
        note_passing(my_task)
        if isinstance(self.event_definition, TerminateEventDefinition):
            # Not the stock loop: its iterator stops at depth 1,000 and would leave tasks open.
            cancel_all(workflow)
            workflow._mark_complete(my_task)


class BoundarySplit(Walking, StockSplit):  # type: ignore[misc]
    """Arms the boundary events of an activity and starts it."""

    def _grow(self, my_task: Any) -> None:
        for spec in self.outputs:
            armed = isinstance(spec, BoundaryEvent)
            my_task._add_child(spec, TaskState.WAITING if armed else TaskState.FUTURE)

    def _run_hook(self, my_task: Any) -> bool:
        return True


class BoundaryEvent(Walking, stock.BoundaryEvent):  # type: ignore[misc]
    """Waits until the adapter delivers its message; the library's own event manager is not used."""

    def _update_hook(self, my_task: Any) -> bool:
        my_task._inherit_data()
        return False

    def _run_hook(self, my_task: Any) -> bool:
        return True


class SubWorkflowTask(Walking, spiff.SubWorkflowTask):  # type: ignore[misc]
    """An embedded sub-process, or one instance of a multi-instance one (then it is `triggered`)."""

    def _update_hook(self, my_task: Any) -> bool:
        if not my_task.triggered:  # an instance's facts were set with its item
            my_task._inherit_data()
            my_task.workflow.top_workflow.journal.append(self.bpmn_id)
        my_task._set_state(TaskState.STARTED)
        inner = my_task.workflow.top_workflow.create_subprocess(my_task, self.spec)
        inner.task_tree.data = merging.copied(my_task.data)
        inner.task_tree.run()
        return False

    def _on_complete_hook(self, my_task: Any) -> None:
        # Nothing asks a finished sub-process again: its facts are in my_task.data.
        my_task.workflow.top_workflow.subprocesses.pop(my_task.id, None)
        super()._on_complete_hook(my_task)


class ParallelMultiInstanceTask(Walking, spiff.ParallelMultiInstanceTask):  # type: ignore[misc]
    """Runs once per item of a list of ids; what an instance learns stays inside it."""

    def _update_hook(self, my_task: Any) -> bool:
        my_task._inherit_data()
        my_task.workflow.top_workflow.journal.append(self.bpmn_id)
        items = self._items(my_task)
        if not items:
            return True
        my_task._set_state(TaskState.STARTED)
        spec = my_task.workflow.spec.task_specs[self.task_spec]
        for item in items:
            child = my_task._add_child(spec, TaskState.WAITING)
            child.triggered = True
            child.internal_data["item"] = item
            # The parent may hold a fact of that name; the instance sees its own item.
            child.data = merging.copied({**my_task.data, self.input_item.bpmn_id: item})
            spec._update(child)
        return False

    def _items(self, my_task: Any) -> list[str]:
        items = my_task.data.get(self.data_input.bpmn_id)
        if not isinstance(items, list) or not all(type(item) is str and item for item in items):
            raise Broken(self.bpmn_id, f"{self.data_input.bpmn_id} is not a list of ids")
        if len(items) > MAX_INSTANCES or len(set(items)) != len(items):
            raise Broken(self.bpmn_id, f"more than {MAX_INSTANCES} items, or one of them twice")
        return items

    def merge_child(self, workflow: Any, child: Any) -> None:
        """Called by the library when an instance completes; merges nothing, see the class."""
        my_task = child.parent
        if all(c.has_state(TaskState.FINISHED_MASK) for c in self._instances(my_task)):
            my_task._set_state(TaskState.READY)
