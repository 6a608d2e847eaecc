"""超期说明 over the API."""

from __future__ import annotations

from datetime import date

from huiyin.cases.models import DelayNote, Task
from tests.api.conftest import is_problem


def test_stands_in_the_case_and_in_the_history(caller, office, handled, work):
    Task.objects.filter(pk=work.pk).update(due_on=date(2026, 9, 1))
    for _ in range(2):
        answer = caller("a").write(f"/tasks/{work.public_id}/explain-lateness/", {"words": "管件缺货"})
        assert answer.status_code == 204, answer.content
    assert DelayNote.objects.count() == 1
    shown = office.read(f"/cases/{handled.public_id}/").json()["rounds"][0]["delays"]
    assert [(one["text"], one["unit"], one["step"]) for one in shown] == [("管件缺货", "a局", work.name)]
    assert office.read(f"/cases/{handled.public_id}/history/").json()[0]["kind"] == "lateness_explained"


def test_refuses_what_is_not_late_and_who_does_not_owe_it(caller, office, work):
    path, words = f"/tasks/{work.public_id}/explain-lateness/", {"words": "管件缺货"}
    assert is_problem(caller("a").write(path, words), 409, "not_late")
    Task.objects.filter(pk=work.pk).update(due_on=date(2026, 9, 1))
    assert is_problem(office.write(path, words), 403, "not_yours")
    assert is_problem(caller("c").write(path, words), 404, "not_found")
    assert is_problem(caller("a").write(path, {"words": " "}), 422, "invalid")
