"""Somebody who cannot write sends a clip alone: it is a matter, it is found and heard, on an iPhone too."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse

from huiyin.cases.models import Case
from huiyin.files.models import Attachment
from tests.files import pictures

CLIP = pictures.VOICES["amr"][0]


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def url(definition, town):
    return reverse("report", args=[town.place.public_id])


def send(client, url, raw=CLIP, **fields):
    clip = {"voice": BytesIO(raw)} if raw else {}
    return client.post(url, {"key": "k1", "category": "road", **clip, **fields})


def test_a_clip_alone_is_a_matter_named_by_its_place_and_heard_where_its_words_would_stand(url, town):
    client = Client()
    answer = send(client, url)
    assert answer.status_code == 302
    case = Case.objects.get()
    assert case.title == f"语音反映：{town.place.name}"
    page = client.get(reverse("follow", args=[case.public_id])).content.decode()
    assert "没有写文字，请听录音。" in page
    assert "<audio" in page


def test_the_exact_place_names_it_better(url):
    send(Client(), url, where="村口老桥东侧")
    assert Case.objects.get().title == "语音反映：村口老桥东侧"


def test_few_words_beside_a_clip_are_enough(url):
    assert send(Client(), url, words="路灯坏了").status_code == 302
    assert Case.objects.get().title == "路灯坏了"


def test_neither_words_nor_a_clip_is_said_with_both_ways_out(url):
    page = send(Client(), url, raw=b"")
    assert page.status_code == 422
    assert "请填写“具体情况”，或者上传一段录音" in page.content.decode()


def test_the_same_clip_again_is_the_same_matter_and_another_clip_is_another(url):
    client = Client()
    first, again = send(client, url), send(client, url)
    other = send(client, url, raw=pictures.VOICES["mp3"][0])
    assert first["Location"] == again["Location"] != other["Location"]
    assert Case.objects.count() == 2


class TestPartOfAClip:
    """RFC 9110, section 14: what a player asks for before it plays."""

    @pytest.fixture
    def ask(self, url):
        client = Client()
        send(client, url)
        clip = reverse("attachment", args=[Attachment.objects.get().public_id])
        return lambda wanted, **more: client.get(clip, HTTP_RANGE=wanted, **more)

    @pytest.mark.parametrize(
        ("wanted", "first", "last"),
        [
            ("bytes=0-1", 0, 1),
            ("bytes=5-", 5, len(CLIP) - 1),
            ("bytes=-4", len(CLIP) - 4, len(CLIP) - 1),
            ("bytes=2-999999", 2, len(CLIP) - 1),
            ("bytes=-999999", 0, len(CLIP) - 1),
        ],
    )
    def test_is_what_was_asked_for(self, ask, wanted, first, last):
        part = ask(wanted)
        assert part.status_code == 206
        assert part.content == CLIP[first : last + 1]
        assert part["Content-Range"] == f"bytes {first}-{last}/{len(CLIP)}"
        assert part["Content-Length"] == str(len(part.content))
        assert part["Content-Type"] == "audio/amr"
        assert part["X-Content-Type-Options"] == "nosniff"

    @pytest.mark.parametrize("wanted", ["", "bytes=-", "bytes=0-1,4-5", "lines=1-2", "bytes=a-b"])
    def test_is_the_whole_where_no_single_part_is_named(self, ask, wanted):
        whole = ask(wanted)
        assert (whole.status_code, whole["Accept-Ranges"]) == (200, "bytes")
        assert b"".join(whole.streaming_content) == CLIP

    def test_is_the_whole_for_a_version_that_nobody_gave(self, ask):
        assert ask("bytes=0-1", HTTP_IF_RANGE='"x"').status_code == 200

    def test_is_refused_beyond_the_end(self, ask):
        beyond = ask(f"bytes={len(CLIP)}-")
        assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(CLIP)}")


class TestWhatIsHeard:
    """听写: those who work on it write it down, for those who read; the clip stays the original."""

    @pytest.fixture
    def case(self, url):
        send(Client(), url)
        return Case.objects.get()

    @pytest.fixture
    def write(self, case, client_of):
        address = reverse("case_act", args=[case.public_id, "hearing"])
        return lambda who, text: client_of(who).post(address, {"text": text})

    def test_stands_beside_the_clip_and_names_the_matter(self, case, write, client_of):
        assert write("station", "桥头的路灯，\n坏了三天。").status_code == 302
        case.refresh_from_db()
        assert case.title == "桥头的路灯， 坏了三天。"
        seen = Client().get(reverse("follow", args=[case.public_id])).content.decode()
        assert "桥头的路灯" not in seen, "who has no receipt sees nothing"
        page = client_of("office").get(reverse("case", args=[case.public_id])).content.decode()
        assert "坏了三天。" in page
        assert "把录音写成了文字" in page
        assert "<audio" in page

    def test_is_written_again_and_again_under_the_name_it_has(self, case, write):
        for text in ("路灯坏了", "路灯坏了", "桥头路灯坏了"):
            write("station", text)
        case.refresh_from_db()
        assert [row.text for row in case.hearing_rows.all()] == ["路灯坏了", "桥头路灯坏了"]
        assert case.title == "路灯坏了"

    @pytest.mark.parametrize("text", ["", "  \n", "字" * 5001])
    def test_nothing_or_too_much_is_refused_with_the_words_kept(self, case, write, text):
        refused = write("station", text)
        assert refused.status_code == 422
        assert "请写下录音里说的话" in refused.content.decode()
        assert text.strip() in refused.content.decode()
        assert not case.hearing_rows.exists()

    def test_is_written_by_whoever_holds_its_task_and_by_no_stranger(self, case, write, client_of):
        assert write("b", "不关我的事").status_code in (403, 404)
        task = case.tasks.get()
        page = client_of("office").get(reverse("task", args=[task.public_id])).content.decode()
        assert 'id="hearing" open' in page
        assert write("office", "路灯坏了").status_code == 302

    def test_of_a_matter_without_a_clip_there_is_nothing_to_write(self, url, client_of):
        send(Client(), url, raw=b"", words="村口的路灯坏了三天。")
        case = Case.objects.get()
        page = client_of("station").get(reverse("case", args=[case.public_id])).content.decode()
        assert 'id="hearing"' not in page
        address = reverse("case_act", args=[case.public_id, "hearing"])
        assert client_of("station").post(address, {"text": "路灯"}).status_code == 409
        assert not case.hearing_rows.exists()
