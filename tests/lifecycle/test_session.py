"""The demo's annual session: played once, whole, and found clean."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from huiyin.cases.models import Case, Clock, DelayNote, Recall, Task
from huiyin.congress.models import Ballot, Commitment, KeyCase, Registration
from huiyin.core import time_source
from huiyin.files.models import Attachment
from huiyin.history import selectors as history
from huiyin.jobs.models import Incident
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import measure, storing
from huiyin.lifecycle.demo import county, session
from huiyin.lifecycle.scenarios import rolled_back
from huiyin.rules import services as rules

PLAYED = 9


@pytest.fixture(scope="module")
def played(django_db_setup, django_db_blocker, tmp_path_factory):
    """One small session serves every test of this file; it is rolled back at the end."""
    patch = pytest.MonkeyPatch()
    patch.setattr(session, "SUGGESTIONS", PLAYED)
    patch.setattr(session, "STUCK_EVERY", 9)
    demo = override_settings(DEMO=True, MEDIA_ROOT=tmp_path_factory.mktemp("scans"))
    with django_db_blocker.unblock(), demo, rolled_back():
        rules.seed_calendar()
        jurisdiction = county.build()
        for process in ("suggestion", "livelihood"):
            storing.store(bundles.read(process), jurisdiction, version=1, by=None, now=time_source.now())
        call_command("demo-session", seed=7)
        yield
    patch.undo()


def test_takes_every_suggestion_past_the_batch(played):
    assert Case.objects.filter(kind="suggestion").count() == PLAYED + len(session.FRESH)
    during = Case.objects.filter(received_at__lt="2026-03-01T00:00Z")
    counted = Clock.objects.filter(rule__code="suggestion.answer", case__in=during)
    starts = set(counted.values_list("started_on", flat=True))
    assert {day.isoformat() for day in starts} == {"2026-02-10"}
    assert Registration.objects.count() == len({row.case.number for row in Registration.objects.all()})


def test_leaves_the_offices_something_to_do(played):
    waiting = Task.objects.open().filter(
        case__kind="suggestion", case__received_at__gte=timezone.now() - timedelta(days=8)
    )
    steps = Counter(waiting.values_list("step_id", flat=True))
    assert {"screen", "propose"} <= set(steps)
    assert set(steps) <= {"submit", "screen", "propose", "preview", "hand_over"}


def test_leaves_the_head_of_a_unit_a_stack_to_sign(played):
    waiting = Task.objects.open().filter(step_id="issue", unit__name="县交通运输局")
    titles = set(waiting.values_list("case__title", flat=True))
    assert len(titles) >= 4
    assert all(row.case.replydraft_rows.exists() for row in waiting.select_related("case"))


def test_lets_the_deputies_choose_ten_of_twelve_projects(played):
    result = Ballot.objects.get().result
    assert len(result["elected"]) == 10
    assert Case.objects.filter(kind="livelihood", outcome="declined").count() == 4


def test_leaves_a_clean_history_and_no_incident(played):
    assert not list(history.faults())
    assert not Incident.objects.exists()


def test_keeps_what_was_promised_and_lets_the_mover_rate_it(played):
    assert Commitment.objects.filter(rated_at__isnull=False).exists()


def test_shows_what_offices_do_beside_the_tasks(played):
    listed = KeyCase.objects.order_by("case__source_key")
    assert [row.reported_on is not None for row in listed] == [True, True, False]
    assert all(row.leader and row.committee and row.plan for row in listed)
    papers = Case.objects.filter(source=Case.Source.OFFICE)
    assert papers.count() == 2
    for case in papers:
        scans = Attachment.objects.filter(subject_id=case.pk, part__startswith="transcription:").count()
        assert case.transcription_rows.count() == scans >= 2
        assert case.stage != "draft"
    assert Recall.objects.get().task.step_id == "propose"
    assert 1 <= DelayNote.objects.count() <= 2


def test_changes_nothing_when_it_is_run_again(played):
    before = measure.digest()
    call_command("demo-session", seed=7)
    assert measure.digest() == before


def test_is_refused_in_a_real_installation(db):
    with override_settings(DEMO=False), pytest.raises(CommandError):
        call_command("demo-session")
