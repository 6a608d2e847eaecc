"""An upload is staged, committed together with its words, or swept."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from huiyin.files import media, services
from huiyin.files.models import Attachment
from tests.conftest import at
from tests.files import pictures

MORNING = at("2026-09-01T09:00")


@pytest.fixture(autouse=True)
def folder(db, settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def stage(kind: str = "photo", now=MORNING) -> Attachment:
    raw = pictures.jpeg(gps=True) if kind == "photo" else pictures.VOICES["mp3"][0]
    return services.stage(kind=kind, raw=raw, now=now)


def commit(*ids: str, subject: int = 5, kind: str = "photo") -> list[Attachment]:
    return services.commit(
        ids=ids, kinds=[kind], subject_kind="case", subject_id=subject, part="report", now=MORNING
    )


def test_keeps_a_photo_with_its_hash_and_a_small_one(folder):
    row = stage()
    assert files(folder) == [f"{row.public_id}-small.jpg", f"{row.public_id}.jpg"]
    with row.file.open() as stored:
        data = stored.read()
    assert (row.size, row.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert (row.media_type, row.committed_at, row.subject_id) == ("image/jpeg", None, None)
    assert b"Exif" not in data


def test_keeps_a_clip_as_it_is(folder):
    row = stage("voice")
    assert files(folder) == [f"{row.public_id}.mp3"]
    assert not row.small


def test_keeps_nothing_of_what_it_refuses(folder):
    with pytest.raises(media.PhotoRejected):
        services.stage(kind="photo", raw=pictures.VOICES["mp3"][0], now=MORNING)
    with pytest.raises(media.VoiceRejected):
        services.stage(kind="voice", raw=pictures.jpeg(), now=MORNING)
    assert files(folder) == []
    assert not Attachment.objects.exists()


def test_binds_to_a_subject_in_the_order_of_the_page():
    first, second = stage(), stage()
    found = commit(second.public_id, first.public_id)
    assert [row.pk for row in found] == [second.pk, first.pk]
    first.refresh_from_db()
    assert (first.subject_kind, first.subject_id, first.part, first.committed_at) == (
        "case",
        5,
        "report",
        MORNING,
    )


def test_refuses_what_is_absent_or_belongs_to_something_already():
    row, taken = stage(), stage()
    commit(taken.public_id, subject=1)
    for ids in (
        ["doesnotexist"],
        [row.public_id, "doesnotexist"],
        [taken.public_id],
        [row.public_id, taken.public_id],
    ):
        with pytest.raises(services.AttachmentGone), transaction.atomic():
            commit(*ids, subject=2)
    row.refresh_from_db()
    taken.refresh_from_db()
    assert (row.committed_at, taken.subject_id) == (None, 1)


def test_commits_nothing_for_nothing():
    assert commit() == []


def test_a_commit_goes_with_its_callers_transaction():
    row = stage()
    with transaction.atomic():
        commit(row.public_id)
        transaction.set_rollback(True)
    row.refresh_from_db()
    assert row.committed_at is None


def test_sweeps_what_nobody_committed_within_a_day(folder):
    old, young, kept = stage(), stage(now=MORNING + timedelta(hours=1)), stage()
    commit(kept.public_id)
    assert services.sweep(now=MORNING + services.STAGED_FOR) == 0
    assert services.sweep(now=MORNING + services.STAGED_FOR + timedelta(minutes=1)) == 1
    assert set(Attachment.objects.values_list("pk", flat=True)) == {young.pk, kept.pk}
    assert not [name for name in files(folder) if name.startswith(old.public_id)]
    assert len(files(folder)) == 4
    with pytest.raises(services.AttachmentGone):
        commit(old.public_id)


def test_sweeps_a_row_whose_file_is_gone_already(folder):
    row = stage()
    for path in folder.rglob("*.jpg"):
        path.unlink()
    assert services.sweep(now=MORNING + timedelta(days=2)) == 1
    assert not Attachment.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("change", [{"committed_at": MORNING}, {"subject_id": 7}])
def test_the_database_knows_no_half_commit(change):
    row = stage()
    with (
        pytest.raises(IntegrityError, match="an_attachment_is_committed_with_its_subject"),
        transaction.atomic(),
    ):
        Attachment.objects.filter(pk=row.pk).update(**change)
