"""
The saved state: a cursor, not a record.

Bytes: magic with the format's version, then zstd level 1 over JSON. The spec is not in it, and of finished
tasks only those that something live still needs (see `_rows`), so its size does not grow with history.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import orjson
import zstandard
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from huiyin.engine.errors import ForeignState
from huiyin.engine.merging import LIVE, copied
from huiyin.engine.runtime import Case, Frame

# Changes of this layout, or of the pinned library, need a new number here and a reader for the old one.
MAGIC = b"HYE\x01"
MAX_STATE = 4_000_000

_SAME, _NONE = 1, 0  # markers for "the same facts as its parent" and "no facts"
Row = list[Any]


def encode(case: Case, digest: str) -> bytes:
    """Save a quiet case."""
    body = {
        "of": digest,
        "end": case.last_end,
        "done": case.completed,
        "facts": case.end_data,
        "trees": [[_owner(workflow), list(_rows(workflow))] for workflow in _parents_first(case)],
    }
    return pack(body)


def pack(body: dict[str, Any]) -> bytes:
    """The bytes of a saved state."""
    return MAGIC + zstandard.ZstdCompressor(level=1).compress(orjson.dumps(body))


def _owner(workflow: Any) -> str:
    return workflow.parent_task_id.hex if workflow.parent_task_id is not None else ""


def _parents_first(case: Case) -> list[Any]:
    return [] if case.completed else sorted(case.workflows(), key=lambda workflow: workflow.depth)


def _rows(workflow: Any) -> Iterator[Row]:
    """
    The tasks worth keeping, parents first: [spec, parent's row, state, id, facts, internal].

    Compaction: a finished task is dropped unless it is the root or two live branches part below it (then its
    facts are the base for merging them); its one live branch is hung under the task above. Finished instances
    of a running multi-instance keep only their state. Predecessors of a waiting join may go: the token knows
    the way it came.
    """
    tasks = list(workflow.tasks.values())  # parents stand before their children
    branches = _live_branches(tasks)
    row_of: dict[Any, int] = {}
    kept: dict[int, Any] = {}
    count = 0
    for task in tasks:
        above = row_of.get(task._parent, -1)
        live = bool(task._state & LIVE)
        instance = task.triggered and not live
        if instance and not (task.parent._state & LIVE):
            continue
        if not live and not instance and above >= 0 and branches.get(task.id, 0) < 2:
            if branches.get(task.id):
                row_of[task.id] = above
            continue
        row_of[task.id] = count
        facts = _NONE if instance else _facts(task, kept.get(above))
        yield [task.task_spec.name, above, task._state, task.id.hex if live else 0, facts, task.internal_data]
        kept[count] = task
        count += 1


def _live_branches(tasks: list[Any]) -> dict[Any, int]:
    """How many children of each task are live or lead to something live."""
    branches: dict[Any, int] = {}
    for task in reversed(tasks):
        if task._state & LIVE or branches.get(task.id):
            branches[task._parent] = branches.get(task._parent, 0) + 1
    return branches


def _facts(task: Any, above: Any) -> Any:
    if not task.data:
        return _NONE
    return _SAME if above is not None and above.data == task.data else task.data


def is_same(facts: Any) -> bool:
    """Whether a row's facts are the marker for those of the row above."""
    return type(facts) is int and facts == _SAME


def decode(state: bytes, digest: str, case: Case) -> Case:
    """
    Fill a fresh case from its saved state.

    :raises ForeignState: if the bytes are of another format, library version or diagram
    """
    body = unpack(state, digest)
    case.last_end, case.completed, case.end_data = body["end"], body["done"], body["facts"]
    owners: dict[str, Any] = {}
    numbers = iter(range(1, 1_000_000))
    for owner_hex, rows in body["trees"]:
        workflow: Any = case
        if owner_hex:
            owner = owners[owner_hex]
            workflow = Frame(case.subprocess_specs[owner.task_spec.spec], owner.id, case, deserializing=True)
            case.attach(owner, workflow)
        _fill(workflow, rows, owners, numbers)
    return case


def unpack(state: bytes, digest: str) -> dict[str, Any]:
    """
    What the bytes of a saved state hold.

    :raises ForeignState: if the bytes are of another format, library version or diagram
    """
    body = _body(state)
    if body["of"] != digest:
        raise ForeignState("the state belongs to another diagram")
    return body


def _body(state: bytes) -> dict[str, Any]:
    if state[: len(MAGIC)] != MAGIC:
        raise ForeignState("the state is of another format")
    try:
        body = orjson.loads(
            zstandard.ZstdDecompressor().decompress(state[len(MAGIC) :], max_output_size=MAX_STATE)
        )
    except (zstandard.ZstdError, orjson.JSONDecodeError) as error:
        raise ForeignState("the state is damaged") from error
    if not isinstance(body, dict) or "of" not in body:
        raise ForeignState("the state is damaged")
    return body


def _fill(workflow: Any, rows: list[Row], owners: dict[str, Any], numbers: Iterator[int]) -> None:
    made: list[Task] = []
    specs = workflow.spec.task_specs
    for spec, above, state, id_hex, facts, internal in rows:
        parent = made[above] if above >= 0 else None
        # Only tasks that live are known by their id outside; the others get one for this advance.
        task = Task(workflow, specs[spec], parent, state, UUID(id_hex) if id_hex else next(numbers))
        task.internal_data = internal
        if is_same(facts) and parent is not None:
            task.data = copied(parent.data)
        elif facts:
            task.data = facts
        task.triggered = spec.endswith(" [child]")
        if state == TaskState.STARTED:
            owners[id_hex] = task
        made.append(task)
    workflow.task_tree = made[0]
