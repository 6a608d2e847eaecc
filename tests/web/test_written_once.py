"""写一次，用于几件: one note of progress for several matters, each with photos of its own; the replies stay separate."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from huiyin.cases import services
from huiyin.cases.models import Case, ProgressNote, Task
from huiyin.files.models import Attachment
from tests.web.conftest import REPORT, handled

TEXT = "本周对全镇路灯线路统一检修，已更换灯具六盏。"


def start(definition, town, words: str) -> Case:
    return services.start_case(
        definition=definition, answers=REPORT | {"words": words}, place=town.place, now=timezone.now()
    )


@pytest.fixture
def three(definition, town) -> list[Task]:
    return [
        handled(start(definition, town, f"村口第 {n} 盏路灯坏了，晚上看不清路。"), town) for n in range(3)
    ]


def a_photo() -> SimpleUploadedFile:
    data = BytesIO()
    Image.new("RGB", (320, 240), (90, 140, 110)).save(data, "JPEG")
    return SimpleUploadedFile("lamp.jpg", data.getvalue(), "image/jpeg")


def send(client, tasks: list[Task], **more):
    posted = {"task": [task.public_id for task in tasks], "key": "once", "progress.text": TEXT} | more
    return client.post(f"{reverse('progress_together')}?step=work", posted)


def test_the_list_of_a_step_offers_it(client_of, three):
    client = client_of("a")
    assert "写一次进展，用于所选的几件" in client.get(reverse("tasks"), {"step": "work"}).content.decode()
    assert "写一次进展" not in client.get(reverse("tasks")).content.decode()


def test_notes_the_progress_of_each_and_leaves_the_tasks_open(client_of, three):
    client = client_of("a")
    answer = send(client, three[:2], **{"progress.photos": a_photo()})
    assert answer.status_code == 302
    assert "进展已登记到 2 件。" in client.get(answer["Location"]).content.decode()
    noted = ProgressNote.objects.filter(text=TEXT)
    assert {note.case_id for note in noted} == {task.case_id for task in three[:2]}
    assert not Task.objects.filter(pk__in=[task.pk for task in three]).exclude(status="open").exists()
    files = Attachment.objects.filter(committed_at__isnull=False)
    assert {file.subject_id for file in files} == {task.case_id for task in three[:2]}
    assert len({file.file.name for file in files}) == 2, "each matter has a file of its own"


def test_sent_twice_is_noted_once(client_of, three):
    client = client_of("a")
    send(client, three)
    send(client, three)
    assert ProgressNote.objects.filter(text=TEXT).count() == 3


def test_names_the_refused_and_notes_the_others(client_of, three, town):
    done = three[0]
    services.complete_task(
        task=done, answers={"progress": {"text": "已办。"}}, by=town.actors["a"], now=timezone.now(), key="k"
    )
    refused = send(client_of("a"), three)
    assert refused.status_code == 409
    shown = refused.content.decode()
    assert done.case.number in shown
    assert TEXT in shown
    assert ProgressNote.objects.filter(text=TEXT).count() == 2


@pytest.mark.parametrize(
    ("more", "sentence"), [({"progress.text": ""}, "请填写"), ({"task": []}, "请先勾选")]
)
def test_says_what_is_missing(client_of, three, more, sentence):
    refused = send(client_of("a"), three, **more)
    assert refused.status_code == 422
    assert sentence in refused.content.decode()
    assert not ProgressNote.objects.exists()


def test_notes_nothing_for_a_unit_that_does_not_handle_them(client_of, three):
    send(client_of("b"), three)
    assert not ProgressNote.objects.filter(text=TEXT).exists()
