"""已答复, 已办结 and 已归档 are three states (domain: the life of a suggestion)."""

from __future__ import annotations

from datetime import timedelta

from huiyin.cases.models import Clock
from huiyin.cases.present.badges import status_badge
from huiyin.lifecycle import virtual
from huiyin.lifecycle.scenarios import moment
from tests.web.playing import do, play_until

RATING = {"rating": {"result": "satisfied", "attitude": "satisfied"}}


def test_answered_closed_and_archived_are_told_apart(town):
    case = play_until(town, "deliver")
    assert status_badge(case).text == "办理中"
    do(town, case, "deliver", {"delivery": {"on": "2026-02-10", "way": "paper"}}, moment("2026-02-11 10:00"))
    case.refresh_from_db()
    assert status_badge(case).text == "已答复"
    do(town, case, "rate", RATING, moment("2026-02-11 11:00"))
    case.refresh_from_db()
    assert status_badge(case).text == "已办结"
    reopen = Clock.objects.get(case=case, rule__code="suggestion.reopen")
    virtual.pass_time(case.pk, moment(f"{reopen.due_on + timedelta(days=1)} 09:00"))
    case.refresh_from_db()
    assert status_badge(case).text == "已归档"
