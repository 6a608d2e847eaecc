"""What anybody is shown when something is wrong: with the address, the password, the form, the database, or the site."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import OperationalError
from django.urls import reverse

from huiyin.cases.models import Task
from tests.e2e.stories.stage import Stage
from tests.web.conftest import REPORT


def mistypes_the_password(stage: Stage) -> None:
    """Once, and then as often as locks the account for a while."""
    stage.client("office")
    stranger = stage.client()
    stranger.get(reverse("sign_in"))
    for _n in range(settings.AXES_FAILURE_LIMIT):
        stranger.post(reverse("sign_in"), {"username": "office", "password": "wrong"})


def sends_what_is_not_taken(stage: Stage) -> None:
    """Too much, or without the cookie; an address that is no longer there; a paper that is not one's own."""
    assert stage.definition
    form = reverse("report", args=[stage.town.place.public_id])
    stage.client().post(form, {f"field{n}": "" for n in range(1100)})
    stage.client(enforce_csrf_checks=True).post(form, REPORT)
    stage.client().get("/nowhere/")
    stage.client("deputy").get(reverse("intake"))


def meets_a_broken_site(stage: Stage) -> None:
    """The database is away while a page is read and while words are sent; and there is a bug."""
    task = reverse("task", args=[Task.objects.open().get(case=stage.matter()).public_id])
    office = stage.client("office", raise_request_exception=False)
    for error in (OperationalError("No space left on device"), RuntimeError()):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("huiyin.web.pages.task.find_task", _raising(error))
            office.get(task)
            office.post(task, {"screening": "return", "reason": "属合同纠纷，请走司法途径。"})


def _raising(error: Exception):
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


STORIES = (mistypes_the_password, sends_what_is_not_taken, meets_a_broken_site)
