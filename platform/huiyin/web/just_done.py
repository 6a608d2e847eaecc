"""收回 in a grid: what the person has just done there, as long as nobody has gone on from it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from huiyin.cases import errors as case_errors
from huiyin.cases import services
from huiyin.cases.models import Completion, Task
from huiyin.core import time_source
from huiyin.directory.actors import Actor

#: What a button says that takes back every row that was done with the last page.
ALL = "all"


def rows(actor: Actor, step: str, key: str) -> list[Completion]:
    """What the actor did at a step with one sending of its grid and can still take back, in the order of the rows."""
    if not key or actor.person is None:
        return []
    done = Completion.objects.visible_to(actor).filter(by=actor.person, key=key, task__step_id=step)
    found = list(done.filter(task__status=Task.Status.DONE).select_related("task", "case").order_by("pk"))
    held = services.still_held(found)
    return [one for one in found if one.task_id in held]


def take_back(request: HttpRequest, step: str) -> int:
    """Take back the row that was chosen, or all of them, and say what came of each; answers with a status."""
    wanted, key = request.POST.get("recall", ""), request.POST.get("done", "")
    found = [one.task for one in rows(request.actor, step, key) if wanted in (ALL, one.task.public_id)]
    outcome = services.recall_each(tasks=found, by=request.actor, now=time_source.now())
    back = sum(refusal is None for _task, refusal in outcome)
    if back:
        messages.success(request, _("已收回 %(n)s 件，填写的内容还在行里。") % {"n": back})
    for task, refusal in outcome:
        if refusal is not None:
            messages.error(request, f"{task.case.number}：{refusal.sentence}")
    if not outcome:
        messages.error(request, case_errors.RecalledTooLate().sentence)
    return 200 if outcome and back == len(outcome) else case_errors.RecalledTooLate.status
