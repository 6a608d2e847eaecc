"""Photos and clips are bound to the matter in its own transaction, or stay staged."""

from __future__ import annotations

import pytest

from huiyin.cases import services
from huiyin.cases.models import Case, ProgressNote
from huiyin.files import services as files
from huiyin.files.models import Attachment
from huiyin.forms.answers import AnswersRejected
from huiyin.history import selectors as history
from tests.cases.conftest import RECEIVED, REPORT
from tests.files import pictures


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def photo(db) -> Attachment:
    return files.stage(kind="photo", raw=pictures.jpeg(), now=RECEIVED)


@pytest.fixture
def clip(db) -> Attachment:
    return files.stage(kind="voice", raw=pictures.VOICES["amr"][0], now=RECEIVED)


def start(definition, town, **more) -> Case:
    return services.start_case(
        definition=definition, answers={**REPORT, **more}, place=town.place, now=RECEIVED
    )


def test_a_report_takes_its_photos_and_clips_along(definition, town, photo, clip):
    case = start(definition, town, photos=[photo.public_id], voice=[clip.public_id])
    rows = Attachment.objects.filter(subject_kind="case", subject_id=case.pk, part="report")
    assert set(rows) == {photo, clip}
    told = [entry.facts for entry in history.entries_of("case", case.pk) if entry.kind == "attachments_added"]
    assert [facts["sha256"] for facts in told] == [[photo.sha256], [clip.sha256]]


def test_a_report_that_is_refused_leaves_them_staged(definition, town, photo):
    with pytest.raises(AnswersRejected):
        start(definition, town, photos=[photo.public_id], words="短")
    photo.refresh_from_db()
    assert photo.committed_at is None


def test_a_photo_of_another_matter_is_refused_and_nothing_is_received(definition, town, photo):
    start(definition, town, photos=[photo.public_id])
    with pytest.raises(files.AttachmentGone):
        start(definition, town, photos=[photo.public_id])
    assert Case.objects.count() == 1


def test_a_photo_that_does_not_exist_is_refused(definition, town):
    with pytest.raises(files.AttachmentGone):
        start(definition, town, photos=["doesnotexist"])
    assert not Case.objects.exists()


def test_a_clip_is_no_photo(definition, town, clip):
    with pytest.raises(files.AttachmentGone):
        start(definition, town, photos=[clip.public_id])


def test_progress_takes_its_photos_along(play, photo):
    play.dispatch()
    answers = {"progress": {"text": "到现场查看。", "photos": [photo.public_id]}}
    services.add_progress(task=play.task("sign"), answers=answers, by=play.town.actors["a"], now=play.now)
    photo.refresh_from_db()
    assert (photo.subject_id, photo.part) == (play.case.pk, f"note:{ProgressNote.objects.get().pk}")
