"""A diagram that runs away, stored past the gate: an incident and a clear refusal; the case stays, other cases go on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from huiyin import engine
from huiyin.cases import errors, services
from huiyin.cases.models import Case, CaseState, Task
from huiyin.jobs.models import Incident
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import storing
from tests.cases.conftest import RECEIVED, REPORT, Play
from tests.engine.drawing import flow, fork, script, xor

ACCEPTED = '<sequenceFlow id="f_accepted" name="受理" sourceRef="g_screened" targetRef="dispatch" />'


def never_ends() -> str:
    """A script that is led back to itself for ever; the way on is there, and never taken."""
    drawn = xor("turn", "turn_spin") + script("spin", "n = 1") + flow("turn > spin > turn")
    return drawn + flow("turn > dispatch", "round > 99")


def bomb() -> str:
    """Twenty-two forks, each of which doubles the tokens: four million of them."""
    drawn = ""
    for n in range(22):
        after = f"f{n + 1}" if n < 21 else "dispatch"
        drawn += fork(f"f{n}") + script(f"a{n}", "n = 1") + script(f"b{n}", "n = 1") + xor(f"m{n}")
        drawn += flow(f"f{n} > a{n} > m{n} > {after}") + flow(f"f{n} > b{n} > m{n}")
    return drawn


RUNAWAYS = {"a script that never ends": ("turn", never_ends()), "a bomb of tokens": ("f0", bomb())}


def redrawn(first: str, drawn: str) -> bundles.Bundle:
    shipped = bundles.read("matter")
    text = shipped.diagram.decode()
    assert ACCEPTED in text
    led = ACCEPTED.replace('targetRef="dispatch"', f'targetRef="{first}"')
    return replace(shipped, diagram=text.replace(ACCEPTED, led + drawn).encode())


@pytest.mark.parametrize("name", RUNAWAYS)
def test_becomes_an_incident_and_other_cases_go_on(town, definition, name):
    bundle = redrawn(*RUNAWAYS[name])
    assert engine.check(bundle.diagram, tables=bundle.tables) != []  # the gate would have refused it
    forced = storing.store(bundle, town.jurisdiction, version=9, by=None, now=RECEIVED)
    case = services.start_case(definition=forced, answers=REPORT, place=town.place, now=RECEIVED)
    play, before = Play(case, town, RECEIVED), bytes(CaseState.objects.get(case=case).state)
    with pytest.raises(errors.StepFailed):
        play.do("screen", {"screening": "accept"})
    incident = Incident.objects.get(subject_kind="case", subject_id=case.pk)
    assert (incident.what, incident.step_id) == ("complete_task", "screen")
    assert "automatic steps" in incident.error
    assert bytes(CaseState.objects.get(case=case).state) == before
    assert Task.objects.open().get(case=case).step_id == "screen"
    again = services.start_case(definition=definition, answers=REPORT, place=town.place, now=RECEIVED)
    Play(again, town, RECEIVED).answer()
    assert Case.objects.get(pk=again.pk).stage == "rating"
