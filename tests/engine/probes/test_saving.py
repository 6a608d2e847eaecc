"""What SpiffWorkflow 3.2.0 does when a case is saved and loaded."""

from __future__ import annotations

import datetime as dt
import json
import logging
from types import SimpleNamespace

import pytest
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
from SpiffWorkflow.dmn.specs.model import HitPolicy

from huiyin.engine.lockdown import safe_engine
from tests.engine.drawing import bpmn, end, flow, start, sub, user
from tests.engine.probes.trying import begun, do, ready
from tests.engine.stock import SERIALIZER, parsed, reloaded

ONE = bpmn(start(), user("a"), user("b"), end(), flow("start > a > b > end"))
LOOPED = bpmn(
    start(),
    sub("x", start("s"), user("work"), end("e", None), flow("s > work > e"), over="units"),
    user("after"),
    end(),
    flow("start > x > after > end"),
)


def test_a_key_typename_in_the_data_makes_a_state_that_cannot_be_loaded() -> None:
    workflow = begun(ONE)
    do(workflow, "a", form={"typename": "report", "text": "x"})
    with pytest.raises(TypeError):
        reloaded(workflow)


def test_a_freshly_parsed_spec_shared_by_instances_stalls_after_a_reload() -> None:
    """Only from_dict, or the first creation of children, connects merge_child."""
    first = parsed(LOOPED)
    spec = first.spec.task_specs["x"]
    child = first.spec.task_specs[spec.task_spec]
    assert not child.completed_event.is_connected(spec.merge_child)
    restored = SERIALIZER.registry.restore(json.loads(json.dumps(SERIALIZER.registry.convert(first.spec))))
    again = restored.task_specs["x"]
    assert restored.task_specs[again.task_spec].completed_event.is_connected(again.merge_child)


def test_from_dict_changes_what_it_is_given() -> None:
    dct = SERIALIZER.registry.convert(parsed(ONE).spec)
    before = set(dct)
    SERIALIZER.registry.restore(dct)
    wf_specs = [task.get("wf_spec") for task in dct["task_specs"].values()]
    assert set(dct) == before
    assert any(wf_specs)


def test_to_dict_is_not_ready_for_json() -> None:
    workflow = begun(ONE)
    do(workflow, "a", due=dt.date(2025, 1, 1), at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC))
    with pytest.raises(TypeError):
        json.dumps(SERIALIZER.to_dict(workflow))


def test_facts_are_restored_against_a_parent_that_must_come_first() -> None:
    """Why never jsonb: it reorders keys, and the data come back different without an error."""
    workflow = begun(ONE, a=1)
    do(workflow, "a", b=2)
    dct = json.loads(SERIALIZER.serialize_json(workflow))
    dct["tasks"] = dict(reversed(dct["tasks"].items()))
    again = SERIALIZER.deserialize_json(json.dumps(dct))
    datas = {t.task_spec.name: t.data for t in workflow.tasks.values()}
    assert {t.task_spec.name: t.data for t in again.tasks.values()} != datas


def test_the_default_log_level_walks_the_whole_tree() -> None:
    logger = logging.getLogger("spiff.workflow")
    workflow = begun(ONE)
    assert logger.level == logging.WARNING  # ours, set at import
    assert "tasks" not in workflow.collect_log_extras()
    logger.setLevel(logging.NOTSET)
    try:
        assert len(workflow.collect_log_extras()["tasks"]) == len(workflow.tasks)
    finally:
        logger.setLevel(logging.WARNING)


def test_a_service_task_whose_run_gives_none_is_parked() -> None:
    workflow = begun(ONE)
    task = next(t for t in workflow.tasks.values() if t.task_spec.name == "a")
    task.task_spec._run_hook = lambda my_task: None
    assert task.run() is None
    assert ready(workflow) == []
    task.complete()
    assert ready(workflow) == ["b"]


def test_a_hit_policy_beside_collect_takes_the_first_match_and_unique_checks_nothing() -> None:
    rules = [
        SimpleNamespace(inputEntries=[], row_number=n, output_as_dict=lambda task, n=n: {"v": n})
        for n in (1, 2)
    ]
    for policy, result in (("UNIQUE", {"v": 1}), ("ANY", {"v": 1}), ("COLLECT", {"v": [1, 2]})):
        table = SimpleNamespace(rules=rules, hit_policy=policy)
        assert DMNEngine(table).result(None) == result
    assert {policy.name for policy in HitPolicy} == {"UNIQUE", "COLLECT"}


def test_task_data_are_copied_from_parent_to_child() -> None:
    workflow = begun(ONE, a=[1])
    do(workflow, "a")
    first, second = (next(t for t in workflow.tasks.values() if t.task_spec.name == n) for n in "ab")
    assert first.data == second.data
    assert first.data["a"] is not second.data["a"]


def test_the_pinned_version_is_the_one_installed() -> None:
    from importlib.metadata import version

    assert version("SpiffWorkflow") == "3.2.0"


def test_a_workflow_takes_the_private_fields_that_the_codec_writes() -> None:
    workflow = BpmnWorkflow(parsed(ONE).spec, script_engine=safe_engine(), deserializing=True)
    assert workflow.tasks == {}
    task = next(iter(begun(ONE).tasks.values()))
    assert {"_children", "_parent", "_state", "internal_data", "triggered", "data"} <= set(vars(task))
