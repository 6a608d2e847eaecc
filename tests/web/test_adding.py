"""补充: the one who asked adds words and photos; who holds the matter sees them and is told."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huiyin.cases.models import Case, Supplement
from huiyin.files.models import Attachment
from huiyin.history.selectors import entries_of
from huiyin.notices.models import Notice
from huiyin.web import codes
from tests.files.pictures import jpeg, picture

MORE = "昨晚又有人在桥上摔倒，路灯还是没亮。"


@pytest.fixture
def asker(matter):
    client = Client()
    client.get(reverse("follow", args=[matter.public_id]), {"code": codes.code_of(matter)})
    return client


def add(client, matter, **fields):
    return client.post(reverse("follow_add", args=[matter.public_id]), fields)


def test_reaches_the_page_of_the_one_who_holds_it_with_its_photos(asker, matter, client_of):
    answer = add(asker, matter, more=MORE, photos=[SimpleUploadedFile("a.jpg", jpeg())])
    assert answer.status_code == 302
    for client in (asker, client_of("office")):
        name = "follow" if client is asker else "case"
        page = client.get(reverse(name, args=[matter.public_id])).content.decode()
        assert MORE in page
        assert "<img" in page
    assert "supplemented" in [entry.kind for entry in entries_of("case", matter.pk)]


def test_tells_whoever_it_waits_for(asker, matter, do, town):
    add(asker, matter, more=MORE)
    assert told(town, "office")
    do("screen", {"screening": "accept"})
    do("dispatch", {"route": "units", "units": {"lead": "@unit.a"}, "deputy": "@deputy"})
    add(asker, matter, more="今天也没有人来看过。")
    assert told(town, "a")
    assert told(town, "deputy")
    assert not told(town, "b")


def told(town, name: str) -> bool:
    return Notice.objects.filter(person=town.actors[name].person, kind="supplemented").exists()


def test_is_added_once_when_it_is_sent_twice(asker, matter):
    add(asker, matter, more=MORE)
    add(asker, matter, more=MORE)
    assert Supplement.objects.count() == 1


def test_takes_the_photos_that_come_with_the_same_words(asker, matter, town):
    add(asker, matter, more=MORE)
    for pictures in ([jpeg()], [jpeg()], [jpeg(), jpeg(picture(60, 60))]):
        sent = [SimpleUploadedFile(f"{n}.jpg", raw) for n, raw in enumerate(pictures)]
        assert add(asker, matter, more=MORE, photos=sent).status_code == 302
    row = Supplement.objects.get()
    kept = Attachment.objects.filter(part=f"supplement:{row.pk}")
    assert kept.count() == 2, "each photo once"
    page = asker.get(reverse("follow", args=[matter.public_id])).content.decode()
    assert page.count("<img") == 2
    assert [entry.kind for entry in entries_of("case", matter.pk)].count("supplemented") == 1
    notices = Notice.objects.filter(person=town.actors["office"].person, kind="supplemented")
    assert notices.count() == 3, "of the words, and of each photo that was new"


def test_nobody_is_told_of_a_matter_that_he_may_not_see(asker, matter, do, town):
    do("screen", {"screening": "accept"})
    do("dispatch", {"route": "units", "units": {"lead": "@unit.a"}, "deputy": "@deputy"})
    Case.objects.filter(pk=matter.pk).update(restricted=True)
    assert add(asker, matter, more=MORE).status_code == 302
    assert Supplement.objects.exists()
    assert not told(town, "a")
    assert not told(town, "deputy")


def test_names_what_is_missing_and_keeps_the_words(asker, matter):
    empty = add(asker, matter, more="")
    assert empty.status_code == 422
    assert "请填写“补充说明”" in empty.content.decode()
    wrong = add(asker, matter, more=MORE, photos=[SimpleUploadedFile("a.jpg", b"no picture")])
    assert wrong.status_code == 422
    assert f"{MORE}</textarea>" in wrong.content.decode()
    assert not Supplement.objects.exists()


def test_is_over_when_the_matter_is_closed(asker, matter):
    Case.objects.filter(pk=matter.pk).update(closed_at=timezone.now(), outcome="answered")
    assert add(asker, matter, more=MORE).status_code == 409
    assert 'id="more"' not in asker.get(reverse("follow", args=[matter.public_id])).content.decode()
    assert not Supplement.objects.exists()


def test_is_open_to_no_other_browser(matter):
    assert add(Client(), matter, more=MORE).status_code == 404
    assert not Supplement.objects.exists()


@pytest.mark.parametrize("name", ["follow_add", "follow_withdraw"])
def test_is_done_by_no_link(asker, matter, name):
    led = asker.get(reverse(name, args=[matter.public_id]))
    assert led["Location"] == reverse("follow", args=[matter.public_id])
    assert not Supplement.objects.exists()
    assert Case.objects.get().closed_at is None


def test_stands_beside_what_one_will_be_told(asker, matter):
    page = asker.get(reverse("follow", args=[matter.public_id])).content.decode()
    assert "接下来会告诉您什么" in page
    assert "留了电话的，经办人员会打电话联系您" in page
