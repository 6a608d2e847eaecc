"""Lock the case first, then re-read: the start of every service. Write at its end, once."""

from __future__ import annotations

from datetime import datetime

from huiyin.cases.models import Case
from huiyin.cases.recording import Act
from huiyin.history import services as history
from huiyin.notices import services as notices


def lock(case_id: int) -> Case:
    """
    Lock a case and read it anew, with what every service looks at.

    What changes together with the case (its engine state, its tasks) is read by statements of their own, after this one:
    a row joined to a row that is waited for comes from before the wait, and the engine would run on an old state.
    """
    return (
        Case.objects.select_for_update(of=("self",))
        .select_related("place", "profile")
        .defer("profile__tables", "profile__source")
        .get(pk=case_id)
    )


def finish(act: Act) -> None:
    """Write the act's lines into the case's chain and tell whom it named."""
    speaks = act.on_behalf_of or act.by.person
    if speaks is not None and act.case.asks_or_follows(speaks):
        # Whoever acts on a matter knows how it stands; what this act itself tells is written after.
        notices.hears(person_id=speaks.pk, subject_kind="case", subject_ids=[act.case.pk], now=act.now)
    write_lines(act.case, act, by_id=act.by.person.pk if act.by.person else None, now=act.now)


def write_lines(case: Case, act: Act, *, by_id: int | None, now: datetime) -> None:
    """Write lines and notices of an act; `by_id` is None for the system itself."""
    if act.lines:
        history.record(subject_kind="case", subject_id=case.pk, lines=act.lines, by_id=by_id, at=now)
    notices.tell(act.notices, subject_kind="case", subject_id=case.pk, at=now)
