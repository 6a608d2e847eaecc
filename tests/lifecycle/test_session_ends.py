"""The end of the demo's session, outside the transaction that the other tests stand in."""

from __future__ import annotations

import pytest

from huiyin.congress.models import Session
from huiyin.core import time_source
from huiyin.lifecycle.demo import session


@pytest.mark.django_db(transaction=True)
def test_is_marked_in_a_transaction_of_its_own():
    """The command runs in none: what ends the play has to open its own."""
    session.mark_played(Session(pk=5, name="县十七届人大五次会议"), 11, at=time_source.now())
    assert session.is_played()
