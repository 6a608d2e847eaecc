"""Work of the congress that is due at a moment."""

from huiyin.congress import services
from huiyin.congress.models import Commitment, ImportRow, Source
from huiyin.core import time_source
from huiyin.jobs.registry import job


@job("congress.remind_commitment")
def remind_commitment(*, commitment_id: int, mark: str, **_: object) -> None:
    """Remind of a commitment that is not kept yet; safe to run twice."""
    services.remind_commitment(
        commitment=Commitment.objects.get(pk=commitment_id), mark=mark, now=time_source.now()
    )


@job("congress.import_row")
def import_row(*, row_id: int, **_: object) -> None:
    """Enter one suggestion of a file; safe to run twice."""
    services.import_row(row=ImportRow.objects.get(pk=row_id), now=time_source.now())


@job("congress.tell_answer")
def tell_answer(*, source_id: int, **_: object) -> None:
    """Tell a citizen that the suggestion of the matter was answered; safe to run twice."""
    services.tell_answer(source=Source.objects.get(pk=source_id), now=time_source.now())


@job("congress.tell_source")
def tell_source(*, source_id: int, **_: object) -> None:
    """Tell a citizen that a deputy made a suggestion of the matter; safe to run twice."""
    services.tell_source(source=Source.objects.get(pk=source_id), now=time_source.now())
