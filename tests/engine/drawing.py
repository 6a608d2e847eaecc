"""Draw BPMN and DMN in a few words, so that a test shows the shape and not the XML."""

from __future__ import annotations

from html import escape
from itertools import pairwise

DEFINITIONS = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" '
    'id="defs" targetNamespace="http://huiyin.example/test">\n{messages}{process}{rest}</definitions>'
)


def bpmn(*parts: str, messages: tuple[str, ...] = (), id: str = "matter", rest: str = "") -> bytes:
    """A file with one process; each message gets the id `msg_<name with _>`."""
    declared = "".join(f'<message id="{message_id(name)}" name="{escape(name)}"/>\n' for name in messages)
    process = f'<process id="{id}" name="Matter" isExecutable="true">\n' + "\n".join(parts) + "</process>\n"
    return DEFINITIONS.format(messages=declared, process=process, rest=rest).encode()


def message_id(name: str) -> str:
    return "msg_" + name.replace(".", "_")


def props(**values: str) -> str:
    inner = "".join(
        f'<spiffworkflow:property name="{escape(k)}" value="{escape(v)}"/>' for k, v in values.items()
    )
    body = f"<spiffworkflow:properties>{inner}</spiffworkflow:properties>"
    return f"<extensionElements>{body}</extensionElements>"


def start(id: str = "start") -> str:
    return f'<startEvent id="{id}"/>'


def end(id: str = "end", outcome: str | None = "answered", terminate: bool = False) -> str:
    inner = props(outcome=outcome) if outcome else ""
    inner += f'<terminateEventDefinition id="{id}_t"/>' if terminate else ""
    return f'<endEvent id="{id}" name="{id}">{inner}</endEvent>'


def user(id: str, **values: str) -> str:
    values = {"form": id, "address": "handler@place", **values}
    return f'<userTask id="{id}" name="{id}">{props(**values)}</userTask>'


def service(id: str, **values: str) -> str:
    values = {"connector": "webhook", **values}
    return f'<serviceTask id="{id}" name="{id}">{props(**values)}</serviceTask>'


def script(id: str, text: str) -> str:
    return f'<scriptTask id="{id}"><script>{escape(text)}</script></scriptTask>'


def table(id: str, called: str) -> str:
    tag = f"<spiffworkflow:calledDecisionId>{called}</spiffworkflow:calledDecisionId>"
    return f'<businessRuleTask id="{id}"><extensionElements>{tag}</extensionElements></businessRuleTask>'


def xor(id: str, default: str | None = None) -> str:
    return f'<exclusiveGateway id="{id}"' + (f' default="{default}"/>' if default else "/>")


def fork(id: str) -> str:
    return f'<parallelGateway id="{id}"/>'


def boundary(id: str, attached: str, message: str, more: str = "") -> str:
    return (
        f'<boundaryEvent id="{id}" attachedToRef="{attached}"{more}>'
        f'<messageEventDefinition id="{id}_m" messageRef="{message_id(message)}"/></boundaryEvent>'
    )


def sub(id: str, *parts: str, over: str | None = None, item: str = "assignment") -> str:
    loop = ""
    if over:
        loop = (
            f'<multiInstanceLoopCharacteristics id="{id}_mi"><loopDataInputRef>{over}</loopDataInputRef>'
            f'<inputDataItem id="{item}"/></multiInstanceLoopCharacteristics>'
        )
    return f'<subProcess id="{id}" name="{id}">' + loop + "\n".join(parts) + "</subProcess>"


def flow(path: str, condition: str | None = None, id: str | None = None) -> str:
    """Flows along `a > b > c`; with a condition for a single flow `a > b`."""
    names = [name.strip() for name in path.split(">")]
    inner = ""
    if condition is not None:
        inner = f'<conditionExpression xsi:type="tFormalExpression">{escape(condition)}</conditionExpression>'
    return "\n".join(
        f'<sequenceFlow id="{id or f"{a}_{b}"}" sourceRef="{a}" targetRef="{b}">{inner}</sequenceFlow>'
        for a, b in pairwise(names)
    )


def dmn(
    rows: list[tuple[list[str], list[str]]],
    *,
    inputs: list[str],
    outputs: list[str],
    id: str = "rating",
    policy: str = "UNIQUE",
    more: str = "",
) -> bytes:
    columns = "".join(
        f'<input id="in{n}" label="{escape(e)}"><inputExpression id="ie{n}"><text>{escape(e)}</text>'
        "</inputExpression></input>"
        for n, e in enumerate(inputs)
    )
    columns += "".join(f'<output id="out{n}" name="{escape(name)}"/>' for n, name in enumerate(outputs))
    for n, (tests, values) in enumerate(rows):
        cells = "".join(
            f'<inputEntry id="r{n}i{i}"><text>{escape(t)}</text></inputEntry>' for i, t in enumerate(tests)
        )
        cells += "".join(
            f'<outputEntry id="r{n}o{i}"><text>{escape(v)}</text></outputEntry>' for i, v in enumerate(values)
        )
        columns += f'<rule id="row{n + 1}">{cells}</rule>'
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" '
        f'namespace="http://huiyin.example/test"><decision id="{id}" name="{id}">'
        f'<decisionTable id="t" hitPolicy="{policy}"{more}>{columns}</decisionTable></decision></definitions>'
    ).encode()
