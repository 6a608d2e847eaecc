"""What a case page offers beside the tasks is what the services let its reader do, at the case's place."""

from __future__ import annotations

import pytest
from django.urls import reverse

from huiyin.cases.models import Case
from tests.web.playing import play_until
from tests.web.test_ballots import text

OFFERS = {"urge": "发出催办", "reassign": "原承办单位", "extend": "同意延期"}


@pytest.fixture
def above(town):
    """A county matter that the township's office sees because it follows it, and not by its post."""
    case = play_until(town, "work")
    Case.objects.filter(pk=case.pk).update(
        place=town.place.parent.parent, deputy=town.actors["office"].person
    )
    case.refresh_from_db()
    return case


def offered(client, case: Case, act: str) -> bool:
    url = reverse("case", args=[case.public_id])
    answer = client.get(url)
    assert answer.status_code == 200
    return OFFERS[act] in text(answer)


@pytest.mark.parametrize("act", OFFERS)
def test_the_office_of_the_place_is_offered_an_act(client_of, above, act):
    assert offered(client_of("congress"), above, act)


@pytest.mark.parametrize("act", OFFERS)
def test_a_townships_office_is_offered_nothing_that_is_then_refused(client_of, town, above, act):
    office = client_of("office")
    assert not offered(office, above, act)
    sent = {"words": "请抓紧", "reason": "理由", "unit": town.units["b"].public_id, "to": "2026-12-01"}
    sent["assignment"] = above.assignments.get(part="lead").public_id
    sent["clock"] = above.clocks.filter(met_at=None, stopped_at=None).last().public_id
    assert office.post(reverse("case_act", args=[above.public_id, act]), sent).status_code == 403
