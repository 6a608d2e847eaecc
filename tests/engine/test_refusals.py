"""What is outside the supported subset is refused with its element; the mended twin beside it passes."""

from __future__ import annotations

import re

import pytest

from huiyin import engine
from huiyin.engine import catalogue, rules_of_nodes
from tests.engine.drawing import (
    boundary,
    bpmn,
    end,
    flow,
    fork,
    message_id,
    props,
    script,
    service,
    start,
    sub,
    table,
    user,
    xor,
)
from tests.engine.walking import codes

LINE = flow("start > a > end")
GOOD = (start(), user("a"), end(), LINE)


def around(middle: str, *more: str, rest: str = "", messages: tuple[str, ...] = ("m",)) -> bytes:
    """start > x > end, with `middle` defining the node x."""
    return bpmn(start(), middle, end(), flow("start > x > end"), *more, rest=rest, messages=messages)


def event(tag: str, id: str, definition: str, more: str = "") -> str:
    return f'<{tag} id="{id}"{more}>{definition}</{tag}>'


def attached(definition: str, more: str = "", rest: str = "") -> bytes:
    """A user task x with a boundary event b of this definition."""
    b = event("boundaryEvent", "b", definition, f' attachedToRef="x"{more}')
    return around(user("x"), b, user("y"), end("e2"), flow("b > y > e2"), rest=rest)


ROOTS = (
    '<signal id="sig" name="s"/><error id="err" name="e" errorCode="1"/>'
    '<escalation id="esc" name="e" escalationCode="1"/>'
)
MESSAGE = f'<messageEventDefinition id="md" messageRef="{message_id("m")}"/>'
TIMER = (
    '<timerEventDefinition id="td"><timeDuration xsi:type="tFormalExpression">PT1H</timeDuration>'
    "</timerEventDefinition>"
)
LOOPED = sub("x", start("s"), user("u"), end("e", None), flow("s > u > e"), over="list")
EVENT_SUB = sub("es", start("s"), user("u"), end("e", None), flow("s > u > e"))


def loop(inner: str, attributes: str = "") -> bytes:
    """The looped sub-process with other characteristics."""
    made = f'<multiInstanceLoopCharacteristics id="l"{attributes}>{inner}</multiInstanceLoopCharacteristics>'
    return around(re.sub("<multi.*?</multi[A-Za-z]*>", made, LOOPED, flags=re.S))


REF, ITEM = "<loopDataInputRef>list</loopDataInputRef>", '<inputDataItem id="one"/>'
USER_X, ATTACHED = around(user("x")), attached(MESSAGE)


def mine(name: str) -> str:
    return "my_" + name.replace(".", "_")


def parallel(count: int, *, guarded: bool) -> bytes:
    """So many tasks at once, each with a way back; `guarded`: each can be withdrawn from by itself."""
    parts = [start(), fork("f"), fork("j"), end(), flow("start > f"), flow("j > end")]
    for n in range(count):
        name, back, out = f"a{n}", f"x{n}", f"w{n}"
        parts += [xor(f"m{n}"), user(name), xor(back, f"{back}_j")]
        parts += [flow(f"f > m{n} > {name} > {back} > j"), flow(f"{back} > m{n}", "p")]
        if guarded:
            parts += [boundary(f"b{n}", name, "m"), end(out, terminate=True), flow(f"b{n} > {out}")]
    return bpmn(*parts, messages=("m",))


def automatic(step: str = "", before: str = "k = 0") -> bytes:
    """A loop m > s > y > m of this step, left when `n` has grown, behind a script."""
    step = step or script("s", "n = 1")
    parts = (start(), script("z", before), xor("m"), step, xor("y", "y_end"), end())
    return bpmn(*parts, flow("start > z > m > s > y > end"), flow("y > m", "n < 5"))


BOTH_OR_ONE = (
    start(),
    fork("f"),
    user("a"),
    user("b"),
    user("c"),
    user("d"),
    fork("j"),
    end(terminate=True),
    end("e2"),
    flow("start > f > a > end"),
)
TWO_ENDS = (start(), fork("f"), user("a"), user("b"), end(), flow("start > f > a > end"), flow("f > b > e2"))
# (code, element, refused, mended)
CASES: list[tuple[str, str, bytes, bytes]] = [
    ("inclusive-gateway", "x", around('<inclusiveGateway id="x"/>'), around(xor("x"))),
    ("complex-gateway", "x", around('<complexGateway id="x"/>'), around(fork("x"))),
    ("event-gateway", "x", around('<eventBasedGateway id="x"/>'), ATTACHED),
    ("manual-task", "x", around('<manualTask id="x"/>'), USER_X),
    ("plain-task", "x", around('<task id="x"/>'), USER_X),
    ("missing-property", "x", around('<serviceTask id="x"/>'), around(service("x"))),
    ("fact-name", "x", around(service("x", result="_0")), around(service("x", result="sent"))),
    ("send-receive-task", "x", around('<sendTask id="x"/>'), USER_X),
    ("send-receive-task", "x", around('<receiveTask id="x"/>'), USER_X),
    ("call-unknown", "x", around('<callActivity id="x" calledElement="nowhere"/>'), USER_X),
    (
        "transaction",
        "x",
        around(EVENT_SUB.replace("subProcess", "transaction").replace('"es"', '"x"')),
        USER_X,
    ),
    ("ad-hoc", "x", around('<adHocSubProcess id="x"/>'), USER_X),
    (
        "event-subprocess",
        "es",
        around(user("x"), EVENT_SUB.replace('id="es"', 'id="es" triggeredByEvent="true"')),
        around(EVENT_SUB.replace('id="es"', 'id="x" triggeredByEvent="false"')),
    ),
    ("timer", "b", attached(TIMER), ATTACHED),
    ("signal", "b", attached('<signalEventDefinition id="d" signalRef="sig"/>', rest=ROOTS), ATTACHED),
    ("error-event", "b", attached('<errorEventDefinition id="d" errorRef="err"/>', rest=ROOTS), ATTACHED),
    (
        "escalation",
        "b",
        attached('<escalationEventDefinition id="d" escalationRef="esc"/>', rest=ROOTS),
        ATTACHED,
    ),
    ("compensation", "b", attached('<compensateEventDefinition id="d"/>'), ATTACHED),
    ("cancel-event", "b", attached('<cancelEventDefinition id="d"/>'), ATTACHED),
    (
        "conditional-event",
        "b",
        attached('<conditionalEventDefinition id="d"><condition>x</condition></conditionalEventDefinition>'),
        ATTACHED,
    ),
    ("several-events", "b", attached(MESSAGE + MESSAGE.replace('"md"', '"md2"')), ATTACHED),
    (
        "non-interrupting",
        "b",
        attached(MESSAGE, ' cancelActivity="false"'),
        attached(MESSAGE, ' cancelActivity="true"'),
    ),
    ("no-message", "b", attached('<messageEventDefinition id="d"/>'), ATTACHED),
    ("no-message", "b", attached(""), ATTACHED),
    ("message-name", "b", ATTACHED.replace(b'name="m"', b'name="__import__(1)"'), ATTACHED),
    (
        "message-twice",
        "b2",
        around(
            user("x"),
            event("boundaryEvent", "b", MESSAGE, ' attachedToRef="x"'),
            boundary("b2", "x", "m"),
            end("e2"),
            end("e3"),
            flow("b > e2"),
            flow("b2 > e3"),
        ),
        around(
            user("x"),
            event("boundaryEvent", "b", MESSAGE, ' attachedToRef="x"'),
            boundary("b2", "x", "m2"),
            end("e2"),
            end("e3"),
            flow("b > e2"),
            flow("b2 > e3"),
            messages=("m", "m2"),
        ),
    ),
    (
        "boundary-host",
        "b",
        around(
            script("x", "a = 1"),
            event("boundaryEvent", "b", MESSAGE, ' attachedToRef="x"'),
            end("e2"),
            flow("b > e2"),
        ),
        ATTACHED,
    ),
    (
        "link",
        "x",
        around(
            '<intermediateThrowEvent id="x"><linkEventDefinition id="l" name="l"/></intermediateThrowEvent>'
        ),
        around('<intermediateThrowEvent id="x"/>'),
    ),
    ("intermediate-catch", "x", around(event("intermediateCatchEvent", "x", MESSAGE)), ATTACHED),
    (
        "message-elsewhere",
        "x",
        around(event("intermediateThrowEvent", "x", MESSAGE)),
        around('<intermediateThrowEvent id="x"/>'),
    ),
    (
        "message-elsewhere",
        "start",
        bpmn(event("startEvent", "start", MESSAGE), user("a"), end(), LINE, messages=("m",)),
        bpmn(*GOOD),
    ),
    ("timer", "start", bpmn(event("startEvent", "start", TIMER), user("a"), end(), LINE), bpmn(*GOOD)),
    (
        "signal",
        "end",
        bpmn(
            start(),
            user("a"),
            event("endEvent", "end", props(outcome="x") + '<signalEventDefinition id="d"/>'),
            LINE,
        ),
        bpmn(*GOOD),
    ),
    (
        "error-event",
        "end",
        bpmn(
            start(),
            user("a"),
            event("endEvent", "end", props(outcome="x") + '<errorEventDefinition id="d"/>'),
            LINE,
        ),
        bpmn(*GOOD),
    ),
    (
        "standard-loop",
        "x",
        around(
            LOOPED.replace("multiInstanceLoopCharacteristics", "standardLoopCharacteristics")
            .replace("<loopDataInputRef>list</loopDataInputRef>", "")
            .replace('<inputDataItem id="assignment"/>', "")
        ),
        around(LOOPED),
    ),
    ("sequential-loop", "x", loop(REF + ITEM, ' isSequential="true"'), loop(REF + ITEM)),
    ("loop-data", "x", loop("<loopCardinality>10000000</loopCardinality>"), loop(REF + ITEM)),
    ("loop-data", "x", loop(REF), loop(REF + ITEM)),
    ("loop-data", "x", loop(REF + "<loopDataOutputRef>out</loopDataOutputRef>" + ITEM), loop(REF + ITEM)),
    ("loop-data", "x", loop(REF + ITEM + "<completionCondition>x</completionCondition>"), loop(REF + ITEM)),
    ("loop-data", "x", loop("<loopDataInputRef>one</loopDataInputRef>" + ITEM), loop(REF + ITEM)),
    ("fact-name", "x", loop("<loopDataInputRef>a-b</loopDataInputRef>" + ITEM), loop(REF + ITEM)),
    ("fact-name", "x", loop(REF + '<inputDataItem id="typename"/>'), loop(REF + ITEM)),
    (
        "loop-host",
        "x",
        around(
            user("x").replace(
                "</userTask>",
                f'<multiInstanceLoopCharacteristics id="l">{REF}{ITEM}'
                "</multiInstanceLoopCharacteristics></userTask>",
            )
        ),
        loop(REF + ITEM),
    ),
    ("data-element", "d", around(user("x"), '<dataObject id="d"/>'), USER_X),
    (
        "data-element",
        "x",
        around(
            user("x").replace(
                "</userTask>", '<ioSpecification id="i"><inputSet/><outputSet/></ioSpecification></userTask>'
            )
        ),
        USER_X,
    ),
    ("unknown-element", "sig", around(user("x"), rest='<signal id="sig" name="s"/>'), USER_X),
    (
        "unknown-attribute",
        "x",
        around(user("x").replace('id="x"', 'id="x" spiffworkflow:scriptsOnInstances="true"')),
        USER_X,
    ),
    (
        "unknown-attribute",
        "x",
        around(user("x").replace('id="x"', 'id="x" isForCompensation="true"')),
        around(user("x").replace('id="x"', 'id="x" isForCompensation="false"')),
    ),
    (
        "unknown-extension",
        "x",
        around(
            user("x").replace(
                "</extensionElements>",
                "<spiffworkflow:preScript>a = 1</spiffworkflow:preScript></extensionElements>",
            )
        ),
        USER_X,
    ),
    (
        "unknown-extension",
        "x",
        around(user("x").replace("</extensionElements>", '<o:x xmlns:o="urn:o"/></extensionElements>')),
        USER_X,
    ),
    (
        "property-twice",
        "x",
        around(
            user("x", form="a").replace(
                "</spiffworkflow:properties>",
                '<spiffworkflow:property name="form" value="b"/></spiffworkflow:properties>',
            )
        ),
        USER_X,
    ),
    # ids
    *[
        (
            "reserved-id",
            name,
            bpmn(start(), user(name), end(), flow(f"start > {name} > end")),
            bpmn(start(), user(mine(name)), end(), flow(f"start > {mine(name)} > end")),
        )
        for name in (
            "Start",
            "End",
            "Root",
            "matter.EndJoin",
            "a.BoundaryEventSplit",
            "a.BoundaryEventJoin",
            "StartEventSplit",
        )
    ],
    ("reserved-id", "End", bpmn(*GOOD, id="End"), bpmn(*GOOD)),
    (
        "reserved-id",
        "End",
        around(LOOPED.replace('id="x"', 'id="End"')).replace(b'Ref="x"', b'Ref="End"'),
        around(LOOPED),
    ),
    # flows
    ("dangling-flow", "a_zz", bpmn(*GOOD, flow("a > zz")), bpmn(*GOOD)),
    (
        "dangling-flow",
        "x_u",
        around(EVENT_SUB.replace('"es"', '"x"'), flow("x > u")),
        around(EVENT_SUB.replace('"es"', '"x"')),
    ),
    ("flow-twice", "f2", bpmn(*GOOD, flow("a > end", id="f2")), bpmn(*GOOD)),
    (
        "flow-twice",
        "f2",
        bpmn(
            start(),
            xor("x"),
            user("a"),
            end(),
            flow("start > x"),
            flow("x > a", "p"),
            flow("x > a", "q", id="f2"),
            flow("a > end"),
        ),
        bpmn(
            start(),
            xor("x", "d"),
            user("a"),
            end(),
            flow("start > x"),
            flow("x > a", "p or q"),
            flow("x > end", id="d"),
            flow("a > end"),
        ),
    ),
    (
        "self-flow",
        "x_x",
        bpmn(start(), xor("x", "x_end"), end(), flow("start > x > end"), flow("x > x", "p")),
        around(xor("x")),
    ),
    (
        "condition-elsewhere",
        "a_end",
        bpmn(start(), user("a"), end(), flow("start > a"), flow("a > end", "n > 1")),
        bpmn(*GOOD),
    ),
    (
        "condition-elsewhere",
        "f_a",
        bpmn(
            start(),
            fork("f"),
            user("a"),
            user("b"),
            end(),
            end("e2"),
            flow("start > f > b > e2"),
            flow("f > a", "x"),
            flow("a > end"),
        ),
        bpmn(
            start(),
            fork("f"),
            user("a"),
            user("b"),
            end(),
            end("e2"),
            flow("start > f > b > e2"),
            flow("f > a > end"),
        ),
    ),
    (
        "condition-missing",
        "x_e2",
        bpmn(start(), xor("x"), end(), end("e2"), flow("start > x"), flow("x > end", "p"), flow("x > e2")),
        bpmn(
            start(),
            xor("x", "x_e2"),
            end(),
            end("e2"),
            flow("start > x"),
            flow("x > end", "p"),
            flow("x > e2"),
        ),
    ),
    (
        "condition-on-default",
        "x_e2",
        bpmn(
            start(),
            xor("x", "x_e2"),
            end(),
            end("e2"),
            flow("start > x"),
            flow("x > end", "p"),
            flow("x > e2", "q"),
        ),
        bpmn(
            start(), xor("x"), end(), end("e2"), flow("start > x"), flow("x > end", "p"), flow("x > e2", "q")
        ),
    ),
    (
        "condition-single",
        "x_end",
        bpmn(start(), xor("x"), end(), flow("start > x"), flow("x > end", "p")),
        around(xor("x")),
    ),
    ("default-elsewhere", "x", around(xor("x", "start_x")), around(xor("x", "x_end"))),
    (
        "bad-expression",
        "x_e2",
        bpmn(
            start(),
            xor("x", "x_end"),
            end(),
            end("e2"),
            flow("start > x > end"),
            flow("x > e2", "__import__('os')"),
        ),
        bpmn(
            start(), xor("x", "x_end"), end(), end("e2"), flow("start > x > end"), flow("x > e2", "os == 1")
        ),
    ),
    ("bad-script", "x", around(script("x", "import os")), around(script("x", "os = 1"))),
    ("bad-script", "x", around(script("x", "")), around(script("x", "a = 1"))),
    ("many-outgoing", "a", bpmn(start(), user("a"), end(), end("e2"), LINE, flow("a > e2")), bpmn(*GOOD)),
    (
        "no-outgoing",
        "b",
        bpmn(start(), fork("f"), user("a"), user("b"), end(), flow("start > f > a > end"), flow("f > b")),
        bpmn(*GOOD),
    ),
    (
        "into-start",
        "start",
        bpmn(
            start(), user("a"), end(), xor("x", "x_end"), flow("start > a > x > end"), flow("x > start", "p")
        ),
        bpmn(*GOOD),
    ),
    ("out-of-end", "end", bpmn(*GOOD, user("b"), end("e2"), flow("end > b > e2")), bpmn(*GOOD)),
    # nodes
    ("one-start", "matter", bpmn(*GOOD, start("s2"), flow("s2 > a")), bpmn(*GOOD)),
    ("one-start", "matter", bpmn(user("a"), end(), flow("a > end")), bpmn(*GOOD)),
    ("no-end", "matter", bpmn(start(), user("a"), flow("start > a")), bpmn(*GOOD)),
    ("no-outcome", "end", bpmn(start(), user("a"), end(outcome=None), LINE), bpmn(*GOOD)),
    ("missing-property", "x", around(user("x", form="")), USER_X),
    ("missing-property", "x", around('<userTask id="x"/>'), USER_X),
    (
        "unknown-property",
        "x",
        around(user("x", colour="red")),
        around(user("x", rule="r", stage="s", starts="a", meets="b", after_close="d")),
    ),
    ("no-table", "x", around('<businessRuleTask id="x"/>'), USER_X),
    ("no-such-table", "x", around(table("x", "rating")), USER_X),
    # shape
    ("unreachable", "b", bpmn(*GOOD, user("b"), end("e2"), flow("b > e2")), bpmn(*GOOD)),
    (
        "two-tokens",
        "c",
        bpmn(
            start(),
            fork("f"),
            user("a"),
            user("b"),
            user("c"),
            end(),
            flow("start > f > a > c > end"),
            flow("f > b > c"),
        ),
        bpmn(
            start(),
            fork("f"),
            user("a"),
            user("b"),
            fork("j"),
            user("c"),
            end(),
            flow("start > f > a > j > c > end"),
            flow("f > b > j"),
        ),
    ),
    (
        "two-tokens",
        "m",
        bpmn(
            start(),
            fork("f"),
            user("a"),
            user("b"),
            xor("m"),
            user("c"),
            end(),
            flow("start > f > a > m > c > end"),
            flow("f > b > m"),
        ),
        bpmn(
            start(),
            xor("f", "f_a"),
            user("a"),
            user("b"),
            xor("m"),
            user("c"),
            end(),
            flow("start > f > a > m > c > end"),
            flow("f > b", "p"),
            flow("b > m"),
        ),
    ),
    (
        "never-fires",
        "j",
        bpmn(
            start(),
            xor("x", "x_a"),
            user("a"),
            user("b"),
            fork("j"),
            end(),
            flow("start > x > a > j > end"),
            flow("x > b", "p"),
            flow("b > j"),
        ),
        bpmn(
            start(),
            fork("x"),
            user("a"),
            user("b"),
            fork("j"),
            end(),
            flow("start > x > a > j > end"),
            flow("x > b > j"),
        ),
    ),
    (
        "no-way-to-end",
        "y",
        bpmn(
            start(),
            xor("x", "x_end"),
            user("a"),
            user("b"),
            xor("y"),
            end(),
            flow("start > x > end"),
            flow("x > y", "p"),
            flow("y > a > b > y"),
        ),
        bpmn(
            start(),
            xor("x", "x_end"),
            user("a"),
            xor("y"),
            end(),
            flow("start > y > a > x > end"),
            flow("x > y", "p"),
        ),
    ),
    (
        "dead-step",
        "j",
        bpmn(
            *BOTH_OR_ONE,
            xor("x", "x_b"),
            flow("f > x > b > j"),
            flow("x > c", "p"),
            flow("c > j > d > e2"),
        ),
        bpmn(*BOTH_OR_ONE, fork("x"), flow("f > x > b > j"), flow("x > c > j > d > e2")),
    ),
    (
        "rival-outcomes",
        "e2",
        bpmn(*TWO_ENDS, end("e2", "declined")),
        bpmn(*TWO_ENDS, end("e2", "answered")),
    ),
    (
        "rival-outcomes",
        "e2",
        bpmn(*TWO_ENDS, end("e2", "declined", terminate=True)),
        bpmn(*TWO_ENDS, end("e2", "answered", terminate=True)),
    ),
    ("endless-loop", "m", automatic(), automatic(user("s"))),
    ("endless-loop", "m", automatic(script("s", "n = n + 1")), automatic(script("s", "n = n + 1"), "n = 0")),
    (
        "too-entangled",
        "f",
        parallel(18, guarded=True),
        parallel(18, guarded=False),
    ),
    (
        "not-executable",
        "matter",
        bpmn(*GOOD).replace(b'isExecutable="true"', b'isExecutable="false"'),
        bpmn(*GOOD),
    ),
]


@pytest.mark.parametrize(
    ("code", "element", "refused", "mended"), CASES, ids=[f"{c[0]}-{n}" for n, c in enumerate(CASES)]
)
def test_is_refused_and_its_mended_twin_passes(
    code: str, element: str, refused: bytes, mended: bytes
) -> None:
    assert (code, element) in codes(refused)
    with pytest.raises(engine.Refused) as raised:
        engine.compile_process(refused)
    assert code in {finding.code for finding in raised.value.findings}
    assert codes(mended) == set()
    assert engine.compile_process(mended).steps


def test_gives_all_findings_at_once() -> None:
    source = bpmn(
        start(), '<manualTask id="m"/>', user("a", form=""), end(outcome=None), flow("start > a > end")
    )
    assert {"manual-task", "missing-property", "no-outcome"} <= {code for code, _ in codes(source)}


def test_a_finding_speaks_chinese_and_english_and_names_the_remedy() -> None:
    found = engine.check(around('<manualTask id="x"/>'))[0]
    assert (found.element, found.code) == ("x", "manual-task")
    assert found.zh == "手工任务不受支持。"
    assert found.en == "A manual task is not supported."
    assert (found.remedy_zh, found.remedy_en) == ("改用用户任务。", "Use a user task.")


def test_every_word_of_the_catalogue_is_chinese_or_english_as_it_should_be() -> None:
    for code, (zh, en, remedy_zh, remedy_en) in catalogue.WORDS.items():
        assert re.search("[\u4e00-\u9fff]", zh + remedy_zh), code
        assert zh.endswith(("。", "}")), code
        assert re.search("[\u4e00-\u9fff]", remedy_zh), code
        assert not re.search("[\u4e00-\u9fff]", en + remedy_en), code
        assert remedy_en.endswith("."), code
        assert set(re.findall(r"{(\w+)}", zh)) == set(re.findall(r"{(\w+)}", en)), code
        assert re.fullmatch("[a-z][a-z-]*", code)


def test_a_user_task_names_the_allowed_properties() -> None:
    found = next(f for f in engine.check(around(user("x", colour="red"))) if f.code == "unknown-property")
    assert ", ".join(rules_of_nodes.PROPERTIES["userTask"]) in found.remedy_en


def test_more_than_two_hundred_nodes_are_refused() -> None:
    names = [f"t{n}" for n in range(199)]
    source = bpmn(start(), *map(user, names), end(), flow(" > ".join(["start", *names, "end"])))
    assert ("too-many-nodes", "matter") in codes(source)


def test_diamonds_that_double_their_tokens_are_refused() -> None:
    parts, path = [start()], "start"
    for n in range(22):
        parts += [fork(f"f{n}"), user(f"a{n}"), user(f"b{n}"), xor(f"m{n}")]
        parts += [flow(f"{path} > f{n} > a{n} > m{n}"), flow(f"f{n} > b{n} > m{n}")]
        path = f"m{n}"
    assert "two-tokens" in {code for code, _ in codes(bpmn(*parts, end(), flow(f"{path} > end")))}


def test_forty_diamonds_in_a_row_are_accepted_and_cost_nothing() -> None:
    """The stock engine predicts 2^40 tasks here before the first step."""
    parts, path = [start()], "start"
    for n in range(40):
        parts += [fork(f"f{n}"), user(f"a{n}"), user(f"b{n}"), fork(f"j{n}")]
        parts += [flow(f"{path} > f{n} > a{n} > j{n}"), flow(f"f{n} > b{n} > j{n}")]
        path = f"j{n}"
    process = engine.compile_process(bpmn(*parts, end(), flow(f"{path} > end")))
    assert len(engine.start(process).open) == 2


def test_fifteen_parallel_ways_with_loops_collapse_to_nothing() -> None:
    assert codes(parallel(15, guarded=False)) == set()


def test_too_many_parallel_ways_are_refused_rather_than_half_checked() -> None:
    assert codes(parallel(18, guarded=True)) == {("too-entangled", "f")}
    assert codes(parallel(10, guarded=True)) == set()


def forgotten(parallel: int) -> bytes:
    """Parallel tasks and a join that also waits for a way of a choice."""
    parts = [start(), fork("f"), fork("j"), xor("x", "x_b"), user("b"), end(), end("e2")]
    parts += [flow("start > f > x > b > j > end"), flow("x > e2", "p")]
    parts += [user(f"t{n}") + flow(f"f > t{n} > j") for n in range(parallel)]
    return bpmn(*parts).replace(b'id="b" name="b"', 'id="b" name="补正"'.encode())


def test_tells_the_way_by_its_labels() -> None:
    (found,) = engine.check(forgotten(1))
    assert (found.code, found.element) == ("never-fires", "j")
    assert found.zh.endswith("走法：start → e2 → t0")
    assert found.en.endswith("The way: start → e2 → t0")


def test_a_long_way_is_told_by_its_beginning_and_its_end() -> None:
    names = [f"s{n}" for n in range(30)]
    tail = (fork("f"), user("a"), user("b"), xor("m"), end())
    ways = (flow(" > ".join(["start", *names, "f", "a", "m", "end"])), flow("f > b > m"))
    (found,) = engine.check(bpmn(start(), *map(user, names), *tail, *ways))
    assert "start → s0 → s1 → s2 → s3 → s4 → … →" in found.zh
    assert found.zh.endswith("→ a → b")


def test_what_is_out_of_order_is_told_from_the_collapsed_net_if_the_drawn_one_is_too_large() -> None:
    (found,) = engine.check(forgotten(20))
    assert (found.code, found.element) == ("never-fires", "j")


def test_is_quick_while_somebody_draws() -> None:
    assert engine.examine(parallel(15, guarded=False), states=2_000).findings == ()
    assert [one.code for one in engine.examine(parallel(15, guarded=True), states=2_000).findings] == [
        "too-entangled"
    ]
    assert [one.code for one in engine.examine(forgotten(12), states=2_000).findings] == ["never-fires"]


def test_a_drawing_with_one_pool_and_lanes_is_accepted() -> None:
    lanes = (
        '<laneSet id="ls"><lane id="l1" name="Office"><flowNodeRef>a</flowNodeRef></lane>'
        '<lane id="l2" name="Unit"/></laneSet>'
    )
    pool = '<collaboration id="c"><participant id="p" name="Pool" processRef="{}"/>{}</collaboration>'
    text = '<textAnnotation id="t"><text>note</text></textAnnotation><group id="g"/>'
    text += '<association id="as" sourceRef="a" targetRef="t"/>'
    drawn = (lanes, *GOOD, text)
    assert codes(bpmn(*drawn, rest=pool.format("matter", ""))) == set()
    assert engine.start(engine.compile_process(bpmn(*drawn, rest=pool.format("matter", "")))).open
    second = '<participant id="p2" name="Other"/>'
    assert ("several-pools", "p2") in codes(bpmn(*drawn, rest=pool.format("matter", second)))


def test_several_processes_are_refused() -> None:
    twice = bpmn(*GOOD, rest='<process id="p2"/>')
    assert {code for code, _ in codes(twice)} == {"one-process"}
