"""The database is away or the disk is full: a sentence, nothing half done, and the words kept for another try."""

from __future__ import annotations

import errno
import html
import re

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client

from huiyin.cases import services
from huiyin.cases.models import Case, Completion, Task
from tests.files.pictures import jpeg
from tests.web.conftest import REPORT

WORDS = {"screening": "return", "reason": "属合同纠纷，“请走司法途径”。"}


def away(*_: object, **__: object) -> None:
    raise OperationalError("could not extend file: No space left on device")


@pytest.fixture
def screening(client_of, matter):
    """The congress office's browser, which gets the page of an error as people do, and the address of its task."""
    client = client_of("office")
    client.raise_request_exception = False
    return client, f"/tasks/{Task.objects.open().get(case=matter).public_id}/"


def test_what_was_typed_stands_in_the_page_and_can_be_sent_again(screening, monkeypatch):
    client, address = screening
    with monkeypatch.context() as patched:
        patched.setattr(services, "complete_task", away)
        answer = client.post(address, {**WORDS, "key": "k1"})
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    text = answer.content.decode()
    assert "暂时无法保存" in text
    fields = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', text))
    sent = {name: html.unescape(value) for name, value in fields.items()}
    assert sent.items() >= {**WORDS, "key": "k1"}.items()
    assert not Completion.objects.exists()
    again = client.post(re.search(r'action="([^"]*)"', text)[1], sent)
    assert again.status_code == 302
    assert Completion.objects.get().answers["reason"] == WORDS["reason"]


def test_a_password_is_not_written_into_the_page(client, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("django.contrib.auth.views.LoginView.form_valid", away)
    monkeypatch.setattr("django.contrib.auth.forms.AuthenticationForm.is_valid", lambda form: True)
    answer = client.post("/sign-in/", {"username": "office", "password": "geheim-42"})
    assert answer.status_code == 503
    assert "geheim-42" not in answer.content.decode()


def test_a_page_that_only_reads_offers_to_try_again(screening, monkeypatch):
    client, address = screening
    monkeypatch.setattr("huiyin.web.pages.task.show_task", away)
    answer = client.get(address)
    assert answer.status_code == 503
    assert f'<a href="{address}">' in answer.content.decode()


def test_a_full_disk_takes_no_photo_and_half_a_matter_neither(town, definition, monkeypatch):
    client = Client(raise_request_exception=False)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    address = f"/report/at/{town.place.public_id}/"
    assert client.get(address).status_code == 200
    photo = SimpleUploadedFile("bridge.jpg", jpeg(), content_type="image/jpeg")
    answer = client.post(address, {**REPORT, "key": "k1", "photos": photo})
    assert answer.status_code == 503
    assert REPORT["words"] in answer.content.decode()
    assert not Case.objects.exists()


def test_a_program_is_told_in_its_own_way(client_of, matter, monkeypatch):
    client = client_of("office")
    client.raise_request_exception = False
    monkeypatch.setattr("api.tasks.TaskViewSet.get_queryset", away)
    answer = client.get("/api/v1/tasks/")
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert answer.json()["code"] == "unavailable"


def test_a_bug_is_no_reason_to_try_again(screening, monkeypatch):
    client, address = screening

    def bug(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("huiyin.web.pages.task.show_task", bug)
    assert client.get(address).status_code == 500
