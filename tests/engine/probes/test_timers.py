"""What SpiffWorkflow 3.2.0 does with timers: why deadlines are our own."""

from __future__ import annotations

import datetime as dt
import time

from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition

from tests.engine.drawing import bpmn, end, flow, start, user
from tests.engine.probes.trying import begun, ready


def timed(id: str, duration: str) -> str:
    return (
        f'<intermediateCatchEvent id="{id}"><timerEventDefinition id="{id}_t"><timeDuration '
        f'xsi:type="tFormalExpression">"{duration}"</timeDuration></timerEventDefinition></intermediateCatchEvent>'
    )


def test_two_timers_under_an_event_gateway_share_one_due_date() -> None:
    source = bpmn(
        start(), '<eventBasedGateway id="g"/>', timed("short", "PT0.05S"), timed("long", "P9D"), user("a"),
        user("b"), end(), flow("start > g > long > b > end"), flow("g > short > a > end"),
    )  # fmt: skip
    workflow = begun(source)
    waiting = next(t for t in workflow.tasks.values() if t.task_spec.name == "g")
    dues = {value for key, value in waiting.internal_data.items() if "value" in key}
    assert len(dues) <= 1
    time.sleep(0.1)
    workflow.refresh_timers()
    workflow.do_engine_steps()
    assert ready(workflow) != ["a"]


def test_a_month_from_the_end_of_january_is_the_third_of_march() -> None:
    start_at = dt.datetime(2025, 1, 31, tzinfo=dt.UTC)
    span = TimerEventDefinition.get_timedelta_from_start(
        TimerEventDefinition.parse_iso_duration("P1M"), start_at
    )
    assert (start_at + span).date() == dt.date(2025, 3, 3)


def test_a_missed_cycle_fires_every_turn_in_one_burst() -> None:
    source = bpmn(
        start(),
        user("x"),
        '<boundaryEvent id="b" attachedToRef="x" cancelActivity="false"><timerEventDefinition id="bt">'
        "<timeCycle "
        'xsi:type="tFormalExpression">"R4/PT0.02S"</timeCycle></timerEventDefinition></boundaryEvent>',
        user("remind"),
        end(),
        end("e2"),
        flow("start > x > end"),
        flow("b > remind > e2"),
    )
    workflow = begun(source)
    time.sleep(0.3)
    for _ in range(5):
        workflow.refresh_timers()
        workflow.do_engine_steps()
    assert ready(workflow).count("remind") > 1
