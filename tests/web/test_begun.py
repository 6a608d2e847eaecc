"""What a deputy types into the first form of a process is kept before there is a case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from huiyin.cases import services
from huiyin.cases.models import Case, Unsent
from tests.web.conftest import REPORT
from tests.web.playing import publish

ADDRESS, KEEPING = "/start/suggestion/", "/start/suggestion/save/"
TITLE = "关于更换老桥路灯的"


@pytest.fixture
def suggestion(town):
    return publish(town)


@pytest.fixture
def deputy(client_of, suggestion):
    return client_of("deputy")


def keep(client, **more):
    return client.post(KEEPING, {"title": TITLE, "act": "save", **more})


def page(client, address: str = ADDRESS) -> str:
    return client.get(address).content.decode()


def test_half_a_title_waits_when_the_form_is_opened_again(deputy):
    assert TITLE not in page(deputy)
    assert keep(deputy)["Location"] == ADDRESS
    shown = page(deputy)
    assert f'value="{TITLE}"' in shown
    assert "暂存的内容，还没有提交" in shown
    assert not Case.objects.filter(kind="suggestion").exists()


def test_is_kept_by_a_script_with_a_word_of_when(deputy):
    said = deputy.post(KEEPING, {"title": TITLE, "kept": ""}, headers={"HX-Request": "true"}).content.decode()
    assert "已自动暂存" in said
    version = Unsent.objects.get().version
    assert f'id="kept-start-form" name="kept" value="{version}" form="start-form"' in said


def test_two_windows_end_in_a_sentence(deputy):
    keep(deputy, kept="")
    late = deputy.post(KEEPING, {"title": "别的", "kept": ""}, headers={"HX-Request": "true"})
    assert "您在另一个窗口暂存了这张表的别的内容" in late.content.decode()
    other = deputy.post(KEEPING, {"title": "别的标题", "kept": ""})
    assert other.status_code == 409
    assert "您在另一个窗口暂存了" in other.content.decode()
    assert 'value="别的标题"' in other.content.decode(), "this window's words stay before their writer"
    assert TITLE in page(deputy)


def test_the_matters_and_the_congress_are_kept_with_the_words(deputy, definition, town):
    matter = services.start_case(
        definition=definition,
        answers=town.resolve(REPORT | {"deputy": "@deputy"}),
        place=town.place,
        now=timezone.now(),
    )
    keep(deputy, **{"from": [matter.public_id]})
    shown = page(deputy)
    assert f'name="from" value="{matter.public_id}" checked' in shown
    assert TITLE in shown
    other = page(deputy, f"{ADDRESS}?from={matter.public_id}")
    assert TITLE not in other, "a draft from matters begins with their words"
    assert "打开暂存的草稿" in other


def test_stands_in_the_inbox_to_be_gone_on_with(client_of, deputy):
    inbox = reverse("tasks")
    assert "还没写完的" not in page(deputy, inbox)
    keep(deputy)
    shown = page(deputy, inbox)
    assert "还没写完的" in shown
    assert f'<a class="title" href="{ADDRESS}">{TITLE}</a>' in shown
    assert TITLE not in page(client_of("deputy2"), inbox)
    keep(deputy, title="")
    assert "还没有标题" in page(deputy, inbox)


def test_is_seen_by_nobody_else_and_sealed(client_of, deputy):
    keep(deputy)
    assert TITLE not in page(client_of("deputy2"))
    kept = Unsent.objects.extra(select={"raw": "words"}).values_list("raw", flat=True).get()
    assert TITLE.encode() not in bytes(kept)


def test_is_gone_when_it_is_sent_or_cleared(deputy):
    keep(deputy)
    deputy.post(KEEPING, {"act": "drop"})
    assert not Unsent.objects.exists()
    keep(deputy)
    said = {
        "title": "关于更换老桥路灯的建议",
        "words": "群众反映老桥一带的路灯损坏已久，夜间行路不安全。",
        "asks": ["更换村口老桥的路灯"],
    }
    assert deputy.post(ADDRESS, said).status_code == 302
    assert Case.objects.filter(kind="suggestion").exists()
    assert not Unsent.objects.exists()


def test_what_was_begun_long_ago_is_forgotten(deputy):
    keep(deputy)
    now = timezone.now()
    assert services.sweep_unsent(now + timedelta(days=179)) == 0
    assert services.sweep_unsent(now + timedelta(days=181)) == 1


def test_who_may_not_begin_keeps_nothing(client, client_of, suggestion):
    assert client_of("a").post(KEEPING, {"title": TITLE}).status_code == 404
    assert client.post(KEEPING, {"title": TITLE}).status_code == 302
    assert not Unsent.objects.exists()
    assert reverse("start_save", args=["suggestion"]) == KEEPING
