"""The front page leads everyone to the projects and to the results of ballots."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from tests.web.test_ballots import congress  # noqa: F401  a town's congress with projects


def home() -> str:
    return Client().get(reverse("home")).content.decode()


def test_leads_to_the_projects_also_before_the_first_ballot(db):
    page = home()
    assert reverse("projects") in page
    assert "结果" not in page


def test_lists_a_counted_ballot_and_no_other(congress):  # noqa: F811
    ballot = congress.open()
    assert ballot.title not in home()
    congress.cast(ballot, [1, 2])
    congress.count(ballot)
    assert reverse("ballot_result", args=[ballot.public_id]) in home()
