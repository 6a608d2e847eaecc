"""Stage an upload, commit it with its subject, sweep what was left."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db import transaction

from huiyin.core import errors
from huiyin.files import media
from huiyin.files.models import Attachment

STAGED_FOR = timedelta(hours=24)


class AttachmentGone(errors.Conflict):
    """An attachment you added is no longer there. Please add it again."""


_READERS: dict[str, Callable[[bytes], media.Clean]] = {
    Attachment.Kind.PHOTO: media.read_photo,
    Attachment.Kind.VOICE: media.read_voice,
    Attachment.Kind.SEALED: media.read_sealed,
    Attachment.Kind.SCAN: media.read_sealed,
}


def stage(*, kind: str, raw: bytes, now: datetime) -> Attachment:
    """
    Keep an upload until a service commits it.

    :raises media.PhotoRejected: if a photo can't be read
    :raises media.VoiceRejected: if a clip can't be read
    :raises media.SealedRejected: if a letter is no plain PDF
    """
    clean = _READERS[kind](raw)
    attachment = Attachment(
        kind=kind,
        media_type=clean.media_type,
        size=len(clean.data),
        sha256=hashlib.sha256(clean.data).hexdigest(),
        staged_at=now,
    )
    attachment.file.save(f"{attachment.public_id}{clean.suffix}", ContentFile(clean.data), save=False)
    if clean.small:
        attachment.small.save(
            f"{attachment.public_id}-small{clean.suffix}", ContentFile(clean.small), save=False
        )
    attachment.save()
    return attachment


def stage_copies(ids: Sequence[str], *, now: datetime, of_case: int | None = None) -> list[str]:
    """
    Stage a copy of each attachment, for one more subject: every subject owns its files, and each can be erased alone.

    :param of_case: the case to which they belong; else they are staged and belong to nothing yet
    :raises AttachmentGone: if one is not there, or belongs to something else
    """
    known = Attachment.objects.filter(public_id__in=ids)
    if of_case is None:
        known = known.filter(committed_at=None)
    else:
        known = known.filter(subject_kind="case", subject_id=of_case, committed_at__isnull=False)
    rows = {row.public_id: row for row in known}
    if set(ids) - set(rows):
        raise AttachmentGone
    return [_copy(rows[one], now).public_id for one in ids]


def _copy(row: Attachment, now: datetime) -> Attachment:
    twin = Attachment(
        kind=row.kind, media_type=row.media_type, size=row.size, sha256=row.sha256, staged_at=now
    )
    for name in ("file", "small"):
        if source := getattr(row, name):
            with source.open("rb") as opened:
                kept = ContentFile(opened.read())
            ending = source.name.rpartition(row.public_id)[2]
            getattr(twin, name).save(f"{twin.public_id}{ending}", kept, save=False)
    twin.save()
    return twin


def commit(
    *, ids: Sequence[str], kinds: Sequence[str], subject_kind: str, subject_id: int, part: str, now: datetime
) -> list[Attachment]:
    """
    Bind staged attachments to their subject, in the caller's transaction.

    :param kinds: what the part takes
    :raises AttachmentGone: if one was swept, is of none of the kinds, or belongs to something already
    """
    staged = Attachment.objects.select_for_update().filter(
        public_id__in=list(ids)[:50], kind__in=kinds, committed_at__isnull=True
    )
    rows = {attachment.public_id: attachment for attachment in staged.order_by("pk")}
    if len(rows) != len(set(ids)):
        raise AttachmentGone
    found = [rows[public_id] for public_id in dict.fromkeys(ids)]
    for attachment in found:
        attachment.subject_kind, attachment.subject_id, attachment.part = subject_kind, subject_id, part
        attachment.committed_at = now
        attachment.save(update_fields=["subject_kind", "subject_id", "part", "committed_at"])
    return found


def unlike(*, ids: Sequence[str], subject_kind: str, subject_id: int, part: str) -> list[str]:
    """Those of some uploads whose content a part does not hold yet, in their order: what is sent twice is kept once."""
    bound = Attachment.objects.filter(subject_kind=subject_kind, subject_id=subject_id, part=part)
    known = set(bound.values_list("sha256", flat=True))
    staged = dict(Attachment.objects.filter(public_id__in=ids).values_list("public_id", "sha256"))
    return [one for one in ids if staged.get(one) not in known]


def contents(ids: Sequence[str]) -> list[str]:
    """What some uploads hold, whatever their ids: the SHA-256 of each, sorted."""
    return sorted(Attachment.objects.filter(public_id__in=ids).values_list("sha256", flat=True))


def release(*, subject_kind: str, subject_id: int, part: str, now: datetime) -> int:
    """Let the attachments of a part that was taken back wait again to be sent; returns how many."""
    bound = Attachment.objects.filter(subject_kind=subject_kind, subject_id=subject_id, part=part)
    return bound.update(subject_kind="", subject_id=None, part="", committed_at=None, staged_at=now)


def sweep(*, now: datetime) -> int:
    """Delete staged attachments that nobody committed within a day, file first; returns how many."""
    count = 0
    for attachment in Attachment.objects.filter(committed_at__isnull=True, staged_at__lt=now - STAGED_FOR)[
        :500
    ]:
        with transaction.atomic():
            locked = (
                Attachment.objects.select_for_update(skip_locked=True)
                .filter(pk=attachment.pk, committed_at__isnull=True)
                .first()
            )
            if locked is None:
                continue
            locked.file.delete(save=False)
            if locked.small:
                locked.small.delete(save=False)
            locked.delete()
            count += 1
    return count
