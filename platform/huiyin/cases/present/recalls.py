"""收回: words that were taken back and wait to be sent again."""

from __future__ import annotations

from collections.abc import Iterable

from huiyin.cases.models import Recall, Task


def taken_back(tasks: Iterable[Task]) -> dict[int, list[Recall]]:
    """
    By task: what was taken back of its step, the oldest first.

    A step that was taken back together with an earlier one comes again as another task: its words wait for that one, as
    long as nobody has sent it since.
    """
    found: dict[int, list[Recall]] = {task.pk: [] for task in tasks}
    steps = {(task.case_id, task.step_id): task for task in tasks}
    rows = Recall.objects.filter(
        case__in={case_id for case_id, _step in steps}, step_id__in={step for _case, step in steps}
    )
    for row in rows.select_related("task").order_by("at", "pk"):
        if row.task_id in found:
            found[row.task_id].append(row)
        elif (task := steps.get((row.case_id, row.step_id))) is not None and _waits_for(task, row):
            found[task.pk].append(row)
    return found


def _waits_for(task: Task, row: Recall) -> bool:
    if row.task is None or row.task.step_id == row.step_id or task.opened_at < row.at:
        return False
    sent = Task.objects.filter(case=row.case_id, step_id=row.step_id, status=Task.Status.DONE)
    return not sent.filter(closed_at__gt=row.at).exists()
