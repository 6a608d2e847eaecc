"""Whatever stands where a diagram can carry an expression: nothing runs but the safe interpreter."""

from __future__ import annotations

import builtins
import os
import subprocess
import sys
from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest

from huiyin import engine
from huiyin.engine import Table, expressions
from tests.engine.attacks import ATTACKS, texts
from tests.engine.drawing import bpmn, dmn, end, flow, message_id, props, script, start, sub, user, xor

FACTS: dict[str, object] = {"n": 3, "units": ["u1", "u2"], "text": "abc"}
EXT = "<extensionElements>{}</extensionElements>"


@pytest.fixture
def mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A file that must not come to be; the doors to the outside are watched as well."""

    def door(*args: object, **_: object) -> None:
        raise AssertionError(f"something ran: {args}")

    monkeypatch.setattr(os, "system", door)
    monkeypatch.setattr(subprocess, "Popen", door)
    monkeypatch.setattr(builtins, "eval", door)
    monkeypatch.setattr(builtins, "exec", door)
    monkeypatch.setattr(builtins, "input", door)
    monkeypatch.setattr(sys, "breakpointhook", door)
    return str(tmp_path / "mark")


def _xml(text: str) -> str:
    """XML cannot carry these at all; the rest of the text still can."""
    return escape("".join(c for c in text if c >= " " or c == "\n").encode("utf-8", "replace").decode())


def line(x: str, *more: str, messages: tuple[str, ...] = ("m",)) -> bytes:
    return bpmn(start(), x, end(), flow("start > x > end"), *more, messages=messages)


def _loop(text: str, inner: str) -> bytes:
    ref, item = "<loopDataInputRef>units</loopDataInputRef>", '<inputDataItem id="one"/>'
    body = inner.replace("REF", ref).replace("ITEM", item).replace("TEXT", _xml(text))
    looped = sub("x", start("s"), user("u"), end("e", None), flow("s > u > e"), over="units")
    a, b = looped.index("<multi"), looped.index("</multi")
    return line(looped[:a] + '<multiInstanceLoopCharacteristics id="l">' + body + looped[b:])


def _boundary(definition: str) -> bytes:
    b = f'<boundaryEvent id="b" attachedToRef="x">{definition}</boundaryEvent>'
    return line(user("x"), b, end("e2"), flow("b > e2"))


def _extension(kind: str, name: str, text: str) -> str:
    tag = f"<spiffworkflow:{name}>{_xml(text)}</spiffworkflow:{name}>"
    return f'<{kind} id="x">{EXT.format(tag)}</{kind}>'


FORMAL = '<{0} xsi:type="tFormalExpression">{1}</{0}>'
MESSAGE = f'<messageEventDefinition id="md" messageRef="{message_id("m")}">{{}}</messageEventDefinition>'
OPERATOR = (
    '<spiffworkflow:serviceTaskOperator id="o" resultVariable="r"><spiffworkflow:parameters>'
    '<spiffworkflow:parameter id="p" type="str" value="{}"/></spiffworkflow:parameters>'
    "</spiffworkflow:serviceTaskOperator>"
)
# Where a diagram can carry text that some version of the library evaluates.
PLACES: dict[str, Callable[[str], bytes]] = {
    "script": lambda t: line(script("x", "").replace("<script></script>", f"<script>{_xml(t)}</script>")),
    "script-value": lambda t: line(f'<scriptTask id="x"><script>y = {_xml(t)}</script></scriptTask>'),
    "condition": lambda t: bpmn(
        start(),
        xor("x", "x_end"),
        end(),
        end("e2"),
        flow("start > x > end"),
        flow("x > e2", "COND").replace("COND", _xml(t)),
    ),
    "default-condition": lambda t: bpmn(
        start(), xor("x", "x_end"), end(), flow("start > x"), flow("x > end", "COND").replace("COND", _xml(t))
    ),
    "task-condition": lambda t: bpmn(
        start(), user("x"), end(), flow("start > x"), flow("x > end", "COND").replace("COND", _xml(t))
    ),
    "cardinality": lambda t: _loop(t, "<loopCardinality>TEXT</loopCardinality>"),
    "completion": lambda t: _loop(t, "REFITEM<completionCondition>TEXT</completionCondition>"),
    "collection": lambda t: _loop(t, "<loopDataInputRef>TEXT</loopDataInputRef>ITEM"),
    "output": lambda t: _loop(t, "REF<loopDataOutputRef>TEXT</loopDataOutputRef>ITEM"),
    "loop-condition": lambda t: line(
        user("x").replace(
            "</userTask>",
            f'<standardLoopCharacteristics id="l">{FORMAL.format("loopCondition", _xml(t))}'
            "</standardLoopCharacteristics></userTask>",
        )
    ),
    "timer-duration": lambda t: _boundary(
        f'<timerEventDefinition id="d">{FORMAL.format("timeDuration", _xml(t))}</timerEventDefinition>'
    ),
    "timer-date": lambda t: _boundary(
        f'<timerEventDefinition id="d">{FORMAL.format("timeDate", _xml(t))}</timerEventDefinition>'
    ),
    "timer-cycle": lambda t: _boundary(
        f'<timerEventDefinition id="d">{FORMAL.format("timeCycle", _xml(t))}</timerEventDefinition>'
    ),
    "conditional-event": lambda t: _boundary(
        '<conditionalEventDefinition id="d">'
        f"{FORMAL.format('condition', _xml(t))}</conditionalEventDefinition>"
    ),
    "message-payload": lambda t: _boundary(
        MESSAGE.format(EXT.format(f"<spiffworkflow:messagePayload>{_xml(t)}</spiffworkflow:messagePayload>"))
    ),
    "message-variable": lambda t: _boundary(
        MESSAGE.format(EXT.format(f"<spiffworkflow:messageVariable>{_xml(t)}</spiffworkflow:messageVariable>"))
    ),
    "message-name": lambda t: _boundary(MESSAGE.format("")).replace(
        b'name="m"', f'name="{_xml(t)}"'.encode()
    ),
    "correlation": lambda t: line(user("x")).replace(
        b"<process",
        (
            '<correlationProperty id="cp"><correlationPropertyRetrievalExpression messageRef="msg_m">'
            f"<messagePath>{_xml(t)}</messagePath></correlationPropertyRetrievalExpression></correlationProperty><process"
        ).encode(),
    ),
    "pre-script": lambda t: line(_extension("userTask", "preScript", t)),
    "post-script": lambda t: line(_extension("userTask", "postScript", t)),
    "variable": lambda t: line(_extension("userTask", "variableName", t)),
    "instructions": lambda t: line(_extension("userTask", "instructionsForEndUser", t)),
    "called-decision": lambda t: line(_extension("businessRuleTask", "calledDecisionId", t)),
    "service": lambda t: line(f'<serviceTask id="x">{EXT.format(OPERATOR.format(_xml(t)))}</serviceTask>'),
    "property": lambda t: line(user("x").replace('value="x"', f'value="{_xml(t)}"')),
    "name": lambda t: line(user("x").replace('name="x"', f'name="{_xml(t)}"', 1)),
    "outcome": lambda t: bpmn(
        start(), f'<endEvent id="end">{props(outcome=_xml(t) or "x")}</endEvent>', flow("start > end")
    ),
    "documentation": lambda t: line(
        user("x").replace("<ext", f"<documentation>{_xml(t)}</documentation><ext", 1)
    ),
    "lane": lambda t: bpmn(
        f'<laneSet id="ls"><lane id="la" name="{_xml(t)}"><flowNodeRef>x</flowNodeRef></lane></laneSet>',
        start(), user("x"), end(), flow("start > x > end"),
    ),
}  # fmt: skip
# Places whose text is words for people, never evaluated; anything may stand there.
WORDS = {"property", "name", "outcome", "documentation", "lane", "called-decision", "message-name"}


def test_there_are_enough_attacks_and_places() -> None:
    assert len(ATTACKS) >= 60
    assert len(PLACES) >= 25


@pytest.mark.parametrize("place", PLACES)
def test_nothing_runs_from(place: str, mark: str) -> None:
    survived = []
    for text in texts(mark):
        source = PLACES[place](text)
        if engine.check(source, tables=("rating",)):
            continue
        survived.append(text)
        process = engine.compile_process(source)
        try:
            engine.start(process, data=FACTS)
        except (engine.Broken, engine.Overrun):
            continue
    assert not Path(mark).exists()
    if place not in WORDS | {"script-value", "condition", "script"}:
        assert [text for text in survived if not _xml(text).strip().isidentifier()] in (
            [],
            [""],
            [" "],
            ["", " "],
        )


@pytest.mark.parametrize("place", ["condition", "script-value"])
def test_the_places_do_run_what_is_permitted(place: str) -> None:
    assert engine.start(engine.compile_process(PLACES[place]("n > 2 and 'u1' in units")), data=FACTS).ended


def test_nothing_runs_from_a_decision_table(mark: str) -> None:
    for text in texts(mark):
        clean = "".join(c for c in text if c >= " " or c == "\n").encode("utf-8", "replace").decode()
        for tests, values, inputs in (
            ([clean], ['"v"'], ["n"]),
            (["-"], [clean], ["n"]),
            (["-"], ['"v"'], [clean]),
            ([f'not("a", {clean})'], ['"v"'], ["n"]),
            ([f"< {clean}"], ['"v"'], ["n"]),
        ):
            try:
                Table.parse(dmn([(tests, values)], inputs=inputs, outputs=["v"])).evaluate(FACTS)
            except (engine.Refused, engine.Broken):
                continue
    assert not Path(mark).exists()


def test_nothing_runs_in_the_interpreter(mark: str) -> None:
    refused = 0
    for text in texts(mark):
        for run in (expressions.evaluate, expressions.execute):
            try:
                run(text, dict(FACTS))
            except engine.BadExpression:
                refused += 1
    assert not Path(mark).exists()
    assert refused > len(ATTACKS) * 1.8


def test_the_stock_environment_is_switched_off_in_every_instance() -> None:
    from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment

    for run in (
        lambda: PythonScriptEngine().environment.evaluate("1 + 1", {}),
        lambda: PythonScriptEngine().environment.execute("x = 1", {}),
        lambda: PythonScriptEngine().environment.call_service({}),
        lambda: TaskDataEnvironment({"x": 1}).evaluate("x", {}),
        lambda: type("Mine", (TaskDataEnvironment,), {})().evaluate("1", {}),
    ):
        with pytest.raises(engine.BadExpression, match="switched off"):
            run()


def test_an_old_serializer_version_is_refused() -> None:
    from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer

    for version in ("1.0", "1.1", "1.2", "1.3", "1.4"):
        with pytest.raises(engine.BadExpression, match="switched off"):
            BpmnWorkflowSerializer().migrate({"serializer_version": version})


def test_it_is_switched_off_as_soon_as_the_engine_is_imported() -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from SpiffWorkflow.bpmn.script_engine import TaskDataEnvironment as T\n"
        "assert T().evaluate('1 + 1', {}) == 2\n"
        "import huiyin.engine.errors\n"
        "try:\n    T().evaluate('1 + 1', {})\n"
        "except huiyin.engine.errors.BadExpression:\n    sys.exit(7)\n"
    )
    platform = str(Path(engine.__file__).parents[2])
    assert subprocess.run([sys.executable, "-c", code, platform], check=False).returncode == 7


def test_a_diagram_reaches_only_the_safe_interpreter() -> None:
    case = engine.compile_process(PLACES["script-value"]("1")).new_case()
    assert type(case.script_engine.environment).__name__ == "SafeEnvironment"
    assert case.script_engine.environment.evaluate("n + 1", {"n": 1}) == 2
    with pytest.raises(engine.BadExpression):
        case.script_engine.environment.call_service({})
