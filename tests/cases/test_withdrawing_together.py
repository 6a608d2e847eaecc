"""What else must agree before a matter is withdrawn is asked of those who registered for it."""

from __future__ import annotations

import pytest

from huiyin.cases import recording, services
from huiyin.core import errors


class SomebodyDisagrees(errors.Conflict):
    """Somebody who signed has not agreed."""


@pytest.fixture
def disagreeing(monkeypatch):
    asked = []

    def check(case) -> None:
        asked.append(case.pk)
        raise SomebodyDisagrees

    monkeypatch.setattr(recording, "may_withdraw_checks", [check])
    return asked


def test_a_withdrawal_asks_first(play, disagreeing):
    with pytest.raises(SomebodyDisagrees):
        services.withdraw_case(case=play.case, reason="灯亮了", by=play.asker, now=play.now)
    play.case.refresh_from_db()
    assert (disagreeing, play.case.outcome) == ([play.case.pk], "")


def test_a_withdrawal_goes_on_when_nobody_objects(play):
    services.withdraw_case(case=play.case, reason="灯亮了", by=play.asker, now=play.now)
    play.case.refresh_from_db()
    assert play.case.outcome == "withdrawn"
