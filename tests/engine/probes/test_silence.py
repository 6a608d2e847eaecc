"""What SpiffWorkflow 3.2.0 accepts or ignores without a word, though it means something in BPMN."""

from __future__ import annotations

import pytest
from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition as BaseMessage
from SpiffWorkflow.exceptions import TaskNotFoundException, WorkflowException
from SpiffWorkflow.util.task import TaskState

from tests.engine.drawing import boundary, bpmn, end, flow, fork, message_id, props, start, sub, user, xor
from tests.engine.probes.trying import begun, do, ready, send
from tests.engine.stock import parsed, reloaded

DEFINITION = '<messageEventDefinition id="{}" messageRef="{}"/>'


def line(middle: str, *more: str, rest: str = "", messages: tuple[str, ...] = ("m",)) -> bytes:
    return bpmn(
        start(),
        middle,
        user("after"),
        end(),
        flow("start > x > after > end"),
        *more,
        rest=rest,
        messages=messages,
    )


def named(name: str) -> bytes:
    return bpmn(start(), user("a"), user(name), user("z"), end("fin"), flow(f"start > a > {name} > z > fin"))


@pytest.mark.parametrize("name", ["End", "matter.EndJoin"])
def test_a_user_task_with_such_an_id_ends_the_case(name: str) -> None:
    workflow = begun(named(name))
    do(workflow, "a")
    assert ready(workflow) == []
    assert workflow.is_completed()


def test_a_user_task_called_root_makes_a_state_that_cannot_be_loaded() -> None:
    workflow = begun(named("Root"))
    assert "Root" in workflow.spec.task_specs
    with pytest.raises(TypeError):
        reloaded(workflow)


@pytest.mark.parametrize("name", ["Start", "End"])
def test_a_start_event_with_such_an_id_makes_the_process_unstartable(name: str) -> None:
    with pytest.raises(WorkflowException, match="No output task connected"):
        begun(bpmn(start(name), user("a"), end("fin"), flow(f"{name} > a > fin")))


def test_a_condition_leaving_a_task_is_ignored() -> None:
    source = bpmn(
        start(), user("a"), user("b"), end(), flow("start > a"), flow("a > b", "False"), flow("b > end")
    )
    workflow = begun(source)
    do(workflow, "a")
    assert ready(workflow) == ["b"]


def test_an_unreachable_task_and_a_missing_end_are_accepted() -> None:
    assert ready(begun(bpmn(start(), user("a"), user("lost"), flow("start > a")))) == ["a"]


@pytest.mark.parametrize(
    "middle",
    [
        '<intermediateThrowEvent id="x"><linkEventDefinition id="l" name="l"/></intermediateThrowEvent>',
        '<intermediateCatchEvent id="x"><linkEventDefinition id="l" name="l"/></intermediateCatchEvent>',
        '<intermediateThrowEvent id="x"><compensateEventDefinition id="l"/></intermediateThrowEvent>',
    ],
)
def test_link_and_compensation_events_pass_through(middle: str) -> None:
    assert ready(begun(line(middle))) == ["after"]


def test_a_signal_end_event_throws_nothing() -> None:
    signal = '<endEvent id="end"><signalEventDefinition id="s" signalRef="sig"/></endEvent>'
    workflow = begun(bpmn(start(), signal, flow("start > end"), rest='<signal id="sig" name="s"/>'))
    assert workflow.is_completed()
    assert workflow.get_events() == []


def test_a_complex_gateway_is_unknown() -> None:
    with pytest.raises(ValidationException):
        parsed(line('<complexGateway id="x"/>'))


def event_sub(definition: str) -> str:
    made = sub("es", start("s"), user("inside"), end("e", None), flow("s > inside > e"))
    begin = f'<startEvent id="s">{definition}</startEvent>'
    return made.replace('id="es"', 'id="es" triggeredByEvent="true"').replace(start("s"), begin)


@pytest.mark.parametrize("kind", ["error", "escalation"])
def test_an_event_sub_process_with_error_start_starts_with_the_case(kind: str) -> None:
    rest = '<error id="r" name="e" errorCode="1"/><escalation id="r2" name="e" escalationCode="1"/>'
    ref = "r" if kind == "error" else "r2"
    source = line(user("x"), event_sub(f'<{kind}EventDefinition id="d" {kind}Ref="{ref}"/>'), rest=rest)
    assert "inside" in ready(begun(source))


def test_an_event_sub_process_with_timer_start_keeps_the_case_open() -> None:
    span = '<timeDuration xsi:type="tFormalExpression">"P9D"</timeDuration>'
    timer = f'<timerEventDefinition id="d">{span}</timerEventDefinition>'
    workflow = begun(line(user("x"), event_sub(timer)))
    do(workflow, "x")
    do(workflow, "after")
    assert ready(workflow) == []
    assert not workflow.is_completed()


def test_an_event_sub_process_with_message_start_is_never_armed() -> None:
    source = line(user("x"), event_sub(DEFINITION.format("d", message_id("m"))))
    workflow = begun(source)
    assert workflow.waiting_events() == []


def test_a_non_interrupting_boundary_fires_once_and_the_second_message_vanishes() -> None:
    source = line(
        user("x"),
        boundary("b", "x", "m", ' cancelActivity="false"'),
        user("extra"),
        end("e2"),
        flow("b > extra > e2"),
    )
    workflow = begun(source)
    send(workflow, "m")
    assert ready(workflow) == ["extra", "x"]
    send(workflow, "m")
    assert ready(workflow) == ["extra", "x"]


def test_an_event_nobody_awaits_is_swallowed_by_catch() -> None:
    from SpiffWorkflow.spiff.specs.event_definitions import MessageEventDefinition

    workflow = begun(line(user("x")))
    workflow.catch(BpmnEvent(MessageEventDefinition("nobody"), {}))
    assert ready(workflow) == ["x"]


def test_the_base_class_of_a_message_is_not_caught() -> None:
    source = line(user("x"), boundary("b", "x", "m"), user("y"), end("e2"), flow("b > y > e2"))
    workflow = begun(source)
    with pytest.raises(WorkflowException):
        workflow.send_event(BpmnEvent(BaseMessage("m"), {}))
    assert ready(workflow) == ["x"]


def co_handlers() -> bytes:
    co = sub(
        "x", start("s"), user("work"), boundary("b", "work", "m"), user("late"), end("e", None),
        flow("s > work > e"), flow("b > late > e"), over="units",
    )  # fmt: skip
    return line(co)


def test_a_message_fires_every_listener_of_its_name() -> None:
    workflow = begun(co_handlers(), units=["a", "b", "c"])
    assert ready(workflow) == ["work"] * 3
    send(workflow, "m")
    assert ready(workflow) == ["late"] * 3


def test_a_message_to_one_sub_workflow_fires_there_only_also_after_a_reload() -> None:
    for load in (lambda w: w, reloaded):
        workflow = load(begun(co_handlers(), units=["a", "b", "c"]))
        target = next(
            t for t in workflow.get_tasks(state=TaskState.READY) if t.task_spec.name == "work"
        ).workflow
        send(workflow, "m", target)
        assert ready(workflow) == ["late", "work", "work"]


def test_a_message_to_a_sub_workflow_that_does_not_wait_bubbles_up() -> None:
    inner = sub("x", start("s"), user("work"), end("e", None), flow("s > work > e"))
    source = line(inner, boundary("b", "x", "m"), user("out"), end("e2"), flow("b > out > e2"))
    workflow = begun(source)
    target = next(iter(workflow.subprocesses.values()))
    send(workflow, "m", target)
    assert ready(workflow) == ["out"]


def test_catching_alone_does_nothing_until_the_task_is_updated() -> None:
    source = line(user("x"), boundary("b", "x", "m"), user("y"), end("e2"), flow("b > y > e2"))
    workflow = begun(source)
    task = next(t for t in workflow.get_tasks(state=TaskState.WAITING) if t.task_spec.name == "b")
    task.task_spec.event_definition.catch(task, BpmnEvent(task.task_spec.event_definition, {}))
    workflow.do_engine_steps()
    assert ready(workflow) == ["x"]
    task.task_spec._update(task)
    workflow.do_engine_steps()
    assert ready(workflow) == ["y"]


def test_an_interrupting_boundary_leaves_other_branches_open() -> None:
    source = bpmn(
        start(), fork("f"), user("a"), user("b"), fork("j"), end(), boundary("w", "a", "m"), end("out"),
        flow("start > f > a > j > end"), flow("f > b > j"), flow("w > out"), messages=("m",),
    )  # fmt: skip
    workflow = begun(source)
    send(workflow, "m")
    assert ready(workflow) == ["b"]
    assert not workflow.is_completed()


def test_appending_to_the_collection_makes_no_instance() -> None:
    workflow = begun(co_handlers(), units=["a"])
    next(t for t in workflow.tasks.values() if t.task_spec.name == "x").data["units"].append("b")
    workflow.do_engine_steps()
    assert ready(workflow) == ["work"]


def test_a_finished_item_leaks_into_the_parent_and_breaks_the_second_round() -> None:
    looped = sub("x", start("s"), user("work"), end("e", None), flow("s > work > e"), over="units")
    source = bpmn(
        start(), xor("m"), looped, user("judge"), xor("g", "g_end"), end(),
        flow("start > m > x > judge > g > end"), flow("g > m", "redo"),
    )  # fmt: skip
    workflow = reloaded(begun(source, units=["a"]))
    do(workflow, "work")
    task = next(t for t in workflow.get_tasks(state=TaskState.READY) if t.task_spec.name == "judge")
    assert task.data["assignment"] == "a"
    with pytest.raises(WorkflowTaskException, match="already exists"):
        do(workflow, "judge", redo=True)


def test_cancelling_a_multi_instance_leaves_its_instances_behind_and_breaks_the_case() -> None:
    looped = sub("x", start("s"), user("work"), end("e", None), flow("s > work > e"), over="units")
    source = line(looped, boundary("b", "x", "m"), end("out"), flow("b > out"))
    workflow = begun(source, units=["a", "b"])
    with pytest.raises(TaskNotFoundException):
        send(workflow, "m")
    assert [sp.completed for sp in workflow.subprocesses.values()] == [False, False]


def test_a_gateway_asks_its_conditions_in_the_order_of_the_boxes() -> None:
    shapes = "".join(
        f'<bpmndi:BPMNShape id="{n}_di" bpmnElement="{n}"><dc:Bounds x="0" y="{y}" '
        'width="1" height="1"/></bpmndi:BPMNShape>'
        for n, y in (("a", 500), ("b", 10))
    )
    rest = (
        '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" id="di" '
        'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"><bpmndi:BPMNPlane id="p" bpmnElement="matter">'
        f"{shapes}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
    )
    parts = (start(), xor("x"), user("a"), user("b"), end(), flow("start > x"))
    flows = (flow("x > a", "n > 1"), flow("x > b", "n > 0"), flow("a > end"), flow("b > end"))
    assert ready(begun(bpmn(*parts, *flows), n=2)) == ["a"]
    assert ready(begun(bpmn(*parts, *flows, rest=rest), n=2)) == ["b"]


def test_two_flows_between_the_same_nodes_make_one_child_twice() -> None:
    source = bpmn(
        start(), xor("x"), user("a"), user("b"), end(), flow("start > x"), flow("x > a", "n == 1"),
        flow("x > a", "n == 2", id="f2"), flow("x > b", "n == 3"), flow("a > end"), flow("b > end"),
    )  # fmt: skip
    assert parsed(source).spec.task_specs["x"]._outputs.count("a") == 2


def test_properties_reach_nothing_by_themselves() -> None:
    assert parsed(bpmn(start(), user("a"), end(), flow("start > a > end"))).spec.task_specs[
        "a"
    ].extensions == {"properties": {"form": "a", "address": "handler@place"}}
    assert props(form="a") in user("a", address="x").replace(
        '<spiffworkflow:property name="address" value="x"/>', ""
    )
