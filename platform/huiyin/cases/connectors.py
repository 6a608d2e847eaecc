"""
Connectors: what a service task may do, each registered here by name. A diagram names one and never carries code or an address.

One that goes outside (`webhook`, `mail`) is called by a job before its transaction, within ten seconds, with the task's key
as idempotency key: sent twice after a crash, the other side can tell. One that stays inside (`notice`, `rule`) works within
the advance. What comes of it is one fact, under the name in the step's `result`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from huiyin import engine
from huiyin.cases import outside
from huiyin.cases.outside import Call
from huiyin.cases.recording import Act
from huiyin.core import time_source
from huiyin.directory import addresses
from huiyin.rules.models import Rule

#: The result of a call that said nothing more, and of one that an operator left undone.
DONE, SKIPPED = "done", "skipped"


@dataclass(frozen=True)
class Connector:
    """
    What a service task with this connector needs, and who does it.

    :param needs: properties without which the gate refuses the step
    :param send: goes outside; gives the result
    :param do: stays inside; given the act, the step and the target of its address, gives the result
    """

    needs: tuple[str, ...]
    #: what the endpoint in `to` must have, for one that goes outside
    endpoint: str = ""
    send: Callable[[Call], str] | None = None
    do: Callable[[Act, engine.Step, addresses.Target | None], object] | None = None


def _tell(act: Act, step: engine.Step, target: addresses.Target | None) -> str:
    """Tell whom the address leads to today."""
    if target is not None:
        told = {"number": act.case.number, "title": act.case.title, "task": step.name}
        for person in addresses.people_led_to(target, time_source.day_of(act.now)):
            act.notify(person, "service_told", f"{step.id}:{act.case.revision}", **told)
    return DONE


def _look_up(act: Act, step: engine.Step, target: addresses.Target | None) -> int:
    """The amount of a rule in the profile that the case has pinned, in the rule's own unit; 0 where it has none."""
    rules = Rule.objects.filter(profile=act.case.profile_id, code=step.props["looks_up"])
    return rules.values_list("amount", flat=True).first() or 0


CONNECTORS: Mapping[str, Connector] = {
    "webhook": Connector(("to",), "url", send=outside.post),
    "mail": Connector(("to",), "mail", send=outside.mail),
    "notice": Connector(("to",), do=_tell),
    "rule": Connector(("looks_up", "result"), do=_look_up),
}

_rehearsed: ContextVar[Mapping[str, str] | None] = ContextVar("connectors_rehearsed", default=None)


@contextmanager
def rehearsing(answers: Mapping[str, str]) -> Iterator[None]:
    """Call nobody outside within the block; `answers` are the results by step, “done” where none is said."""
    token = _rehearsed.set(answers)
    try:
        yield
    finally:
        _rehearsed.reset(token)


def is_rehearsed() -> bool:
    """Whether nobody outside may be called now."""
    return _rehearsed.get() is not None


def send(connector: Connector, call: Call) -> str | None:
    """
    Call the other side and give its result; None for a connector that stays inside.

    :raises CallFailed: if it does not answer in time, or refuses
    """
    if connector.send is None:
        return None
    rehearsed = _rehearsed.get()
    return connector.send(call) if rehearsed is None else rehearsed.get(call.step, DONE)
