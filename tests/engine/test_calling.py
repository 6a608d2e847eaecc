"""A call activity runs the called diagram's steps as its own; what can't be followed is refused."""

from __future__ import annotations

import pytest

from huiyin import engine
from tests.engine.drawing import boundary, bpmn, end, flow, props, script, start, sub, user


def call(id: str, target: str, more: str = "") -> str:
    return f'<callActivity id="{id}" calledElement="{target}"{more}/>'


def calling(*targets: str) -> bytes:
    calls = [f"call{number}" for number in range(len(targets))]
    parts = [call(id, target) for id, target in zip(calls, targets, strict=True)]
    return bpmn(start(), *parts, user("after"), end(), flow(" > ".join(["start", *calls, "after", "end"])))


PART = bpmn(
    start("p_start"),
    user("asked"),
    script("noted", "seen = True"),
    end("p_end", outcome=None),
    flow("p_start > asked > noted > p_end"),
    id="part",
)


def codes(diagram: bytes, **called: bytes) -> set[str]:
    return {found.code for found in engine.check(diagram, called=called)}


def test_runs_the_called_steps_and_goes_on_with_their_facts():
    process = engine.compile_process(calling("part"), called={"part": PART})
    advance = engine.start(process)
    assert [task.step_id for task in advance.open] == ["asked"]
    advance = engine.complete(process, advance.state, key=advance.open[0].key)
    assert [task.step_id for task in advance.open] == ["after"]
    assert advance.data["seen"] is True


def test_keeps_the_drawing_as_it_is():
    drawing = calling("part")
    process = engine.compile_process(drawing, called={"part": PART})
    assert process.steps["asked"].parent == "call0"
    assert engine.called_by(drawing) == ["part"]


def test_follows_a_call_within_a_call():
    middle = bpmn(
        start("m_start"),
        call("inner", "part"),
        end("m_end", outcome=None),
        flow("m_start > inner > m_end"),
        id="mid",
    )
    process = engine.compile_process(calling("mid"), called={"mid": middle, "part": PART})
    assert [task.step_id for task in engine.start(process).open] == ["asked"]


def test_shares_a_message_of_the_same_name():
    guarded = bpmn(
        start("g_start"),
        user("guarded"),
        boundary("g_out", "guarded", "withdraw"),
        end("g_end", outcome=None),
        end("g_other", outcome=None),
        flow("g_start > guarded > g_end"),
        flow("g_out > g_other"),
        messages=("withdraw",),
        id="part",
    )
    whole = bpmn(
        start(),
        sub(
            "box",
            start("b_start"),
            call("inner", "part"),
            end("b_end", outcome=None),
            flow("b_start > inner > b_end"),
        ),
        boundary("out", "box", "withdraw"),
        end(),
        end("gone", outcome="withdrawn"),
        flow("start > box > end"),
        flow("out > gone"),
        messages=("withdraw",),
    )
    process = engine.compile_process(whole, called={"part": guarded})
    assert {found.step_id for found in engine.start(process).listeners} == {"out", "g_out"}


def test_another_called_diagram_is_another_process():
    other = PART.replace(b"seen = True", b"seen = False")
    first = engine.start(engine.compile_process(calling("part"), called={"part": PART}))
    with pytest.raises(engine.ForeignState):
        engine.look(engine.compile_process(calling("part"), called={"part": other}), first.state)


def test_refuses_a_call_of_what_does_not_exist():
    assert codes(calling("nowhere")) == {"call-unknown"}
    assert codes(calling("part"), part=PART) == set()


def test_refuses_a_process_that_calls_itself():
    loops = bpmn(
        start("p_start"),
        call("again", "part"),
        end("p_end", outcome=None),
        flow("p_start > again > p_end"),
        id="part",
    )
    assert codes(calling("part"), part=loops) == {"call-recursive"}
    assert codes(calling("matter")) == {"call-recursive"}


def test_refuses_to_call_one_process_twice():
    other = PART.replace(b'"asked"', b'"asked2"').replace(b"asked", b"asked2").replace(b"asked22", b"asked2")
    assert codes(calling("part", "part"), part=PART) == {"call-id-twice"}
    renamed = other.replace(b"p_", b"q_").replace(b"noted", b"noted2").replace(b'id="part"', b'id="other"')
    assert codes(calling("part", "other"), part=PART, other=renamed) == set()


def test_refuses_a_call_that_carries_a_loop():
    looped = calling("part").replace(
        b'calledElement="part"/>',
        b'calledElement="part"><multiInstanceLoopCharacteristics><loopDataInputRef>list</loopDataInputRef>'
        b'<inputDataItem id="one"/></multiInstanceLoopCharacteristics></callActivity>',
    )
    assert codes(looped, part=PART) == {"call-plain"}


def saying(target: str = "part", more: str = "") -> bytes:
    said = props(address="office@place", form="said").replace(
        "</extensionElements>", f"{more}</extensionElements>"
    )
    plain, ending = calling(target), f'calledElement="{target}"'
    return plain.replace(f"{ending}/>".encode(), f"{ending}>{said}</callActivity>".encode())


SILENT = PART.replace(user("asked").encode(), b'<userTask id="asked"/>')


def test_what_a_called_task_leaves_unsaid_is_said_by_the_call():
    process = engine.compile_process(saying(), called={"part": SILENT})
    assert process.steps["asked"].props == {"address": "office@place", "form": "said"}
    half = SILENT.replace(
        b'<userTask id="asked"/>', f'<userTask id="asked">{props(form="own")}</userTask>'.encode()
    )
    process = engine.compile_process(saying(), called={"part": half})
    assert process.steps["asked"].props == {"address": "office@place", "form": "own"}


def test_what_a_call_says_reaches_the_calls_within():
    middle = bpmn(
        start("m_start"), call("inner", "part"), end("m_end", None), flow("m_start > inner > m_end"), id="mid"
    )
    process = engine.compile_process(saying("mid"), called={"mid": middle, "part": SILENT})
    assert process.steps["asked"].props == {"address": "office@place", "form": "said"}


def test_refuses_a_call_with_extensions_that_are_no_properties():
    assert codes(saying(more="<spiffworkflow:preScript>x = 1</spiffworkflow:preScript>"), part=PART) == {
        "call-plain"
    }
    assert codes(saying(), part=PART) == set()


def test_refuses_what_the_called_diagram_may_not_hold():
    wild = PART.replace(b'<userTask id="asked"', b'<manualTask id="m"/><userTask id="asked"')
    assert "manual-task" in codes(calling("part"), part=wild)


def test_refuses_a_called_file_that_is_no_process():
    assert codes(calling("part"), part=b"<x/>") == {"other-document"}
