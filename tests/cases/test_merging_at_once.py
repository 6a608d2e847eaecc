"""Two matters that are merged into each other at the same moment: one is, the other is asked to try again."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from huiyin.cases import errors, services
from huiyin.cases.models import Case, Task
from huiyin.cases.services import locking
from huiyin.core import errors as refusals
from huiyin.history import selectors as history
from huiyin.jobs.models import Incident
from tests.cases.conftest import RECEIVED, REPORT

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_second_is_refused_and_nothing_waits_for_ever(play, definition, town):
    other = services.start_case(definition=definition, answers=REPORT, place=town.place, now=RECEIVED)
    results: list[object] = []

    def merge(case: Case, into: Case) -> object:
        task = Task.objects.select_related("case__reporter").get(case=case, step_id="screen")
        answers = {"screening": "merge", "into": into.number, "reason": "同一盏路灯，一并办理。"}
        return services.complete_task(
            task=task, answers=answers, by=town.actors["office"], now=RECEIVED, key=f"m{case.pk}"
        )

    def second() -> None:
        try:
            results.append(merge(other, play.case))
        except refusals.Refusal as refusal:
            results.append(refusal)
        finally:
            connection.close()

    with transaction.atomic():
        locking.lock(play.case.pk)  # the first has begun, and holds its own matter
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(2)  # told at once, not when the lock times out
        assert not thread.is_alive()
        assert isinstance(merge(play.case, other), Task)
    assert [type(found) for found in results] == [errors.BusyElsewhere]
    assert list(Case.objects.order_by("pk").values_list("merged_into", flat=True)) == [other.pk, None]
    assert Task.objects.get(case=other).status == Task.Status.OPEN
    assert not Incident.objects.exists()
    assert history.faults() == []
