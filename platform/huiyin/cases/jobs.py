"""Work of cases that is due at a moment."""

from huiyin import engine
from huiyin.cases import errors, services
from huiyin.cases.models import BatchRow, Clock
from huiyin.core import time_source
from huiyin.jobs.registry import job


@job("cases.fire_mark")
def fire_mark(*, clock_id: int, mark: str, **_: object) -> None:
    """
    Let a deadline's mark take effect; safe to run twice.

    :raises MarkFailed: if the diagram cannot go on, with what the engine said: it holds no words of a person
    """
    clock = Clock.objects.select_related("task").get(pk=clock_id)
    try:
        services.fire_mark(clock=clock, mark=mark, now=time_source.now())
    except (engine.Broken, engine.Overrun, engine.NotAwaited) as error:
        step = clock.task.step_id if clock.task else ""
        raise errors.MarkFailed(why=str(error), step_id=step) from error


@job("cases.batch_row")
def batch_row(*, row_id: int, **_: object) -> None:
    """Do one task of a batch; safe to run twice."""
    services.do_batch_row(row=BatchRow.objects.get(pk=row_id), now=time_source.now())


@job("cases.sweep_unsent")
def sweep_unsent(**_: object) -> None:
    """Forget what people had typed at tasks that are done meanwhile."""
    services.sweep_unsent(time_source.now())


def _call(*, case_id: int, key: str, **_: object) -> dict[str, str | None]:
    return {"result": services.call_outside(case_id=case_id, key=key)}


@job("cases.call", before=_call)
def finish_call(*, case_id: int, key: str, result: str | None = None, **_: object) -> None:
    """Let a case go on with what its service task's call gave; safe to run twice."""
    services.finish_call(case_id=case_id, key=key, result=result, now=time_source.now())


def _send(*, key: str, **_: object) -> dict[str, bool]:
    return {"sent": services.send_message(key=key)}


@job("cases.send_message", before=_send)
def finish_message(*, key: str, sent: bool, **_: object) -> None:
    """Remember that a short message to somebody without an account went out; safe to run twice."""
    if sent:
        services.finish_message(key=key, now=time_source.now())
