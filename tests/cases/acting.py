"""Let one recorder act on a case, as `complete_task` would: on the locked case, at a task, by whom the task waits for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from huiyin.cases import recording
from huiyin.cases.models import Ask, Contact, Task
from huiyin.cases.recording import Act
from huiyin.cases.services import locking
from huiyin.directory.actors import Actor
from huiyin.forms import answers as forms
from tests.forms.documents import YES_NO, document

ASKS = ["请修复桥面", "请安装路灯", "请限制超载车辆"]


def act_of(play, by: str | Actor = "a", task: Task | None = None, now: datetime | None = None) -> Act:
    actor = by if isinstance(by, Actor) else play.town.actors[by]
    return Act(locking.lock(play.case.pk), actor, now or play.now, task=task)


def record(act: Act, kind: str, value: Any) -> Act:
    """Check the answer as a form would, let its recorder write, and write the act's lines."""
    found = document({kind: {**YES_NO, "kind": kind} if kind == "register" else {"kind": kind}})
    ((field, checked),) = forms.check(found, {kind: value}).records
    recording.record(act, field, checked)
    locking.finish(act)
    return act


def said(act: Act) -> list[str]:
    return [line.kind for line in act.lines]


def write_asks(play) -> list[Ask]:
    record(act_of(play, play.asker), "asks", ASKS)
    return list(Ask.objects.filter(case=play.case))


def answers(*numbers: int, **more: Any) -> dict[str, Any]:
    """A draft that answers these asks."""
    asks = [{"ask": number, "result": "done", "text": f"第 {number} 项已办"} for number in numbers]
    return {"result": "doing", "asks": asks, **more}


def speak(play, unit: str = "a") -> Contact:
    """The unit spoke with the one who asked, in this round."""
    play.case.refresh_from_db()
    return Contact.objects.create(
        case=play.case,
        round=play.case.round,
        by=play.town.actors[unit].person,
        at=play.now,
        unit=play.town.units[unit],
        way="phone",
        on=play.now.date(),
        text="电话说明安排",
    )
