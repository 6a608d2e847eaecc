"""A clip is known by its magic bytes, within limits."""

from __future__ import annotations

import pytest

from huiyin.files import media
from tests.files import pictures


@pytest.mark.parametrize("name", pictures.VOICES)
def test_knows_what_telephones_record(name):
    raw, media_type, suffix = pictures.VOICES[name]
    clean = media.read_voice(raw)
    assert (clean.data, clean.media_type, clean.suffix, clean.small) == (raw, media_type, suffix, b"")


REFUSED = {
    "nothing": b"",
    "two bytes": b"\xff\xfb",
    "text": b"hello there, this is text",
    "a page": b"<html><audio src=x>",
    "a photo": pictures.jpeg(),
    "a picture of an iphone": pictures.heic(),
    "a picture by name": pictures.ftyp(b"avif"),
    "a picture in riff": b"RIFF\x24\x00\x00\x00WEBPVP8 " + b"\x00" * 64,
    "waves without a frame": b"xxxx\x24\x00\x00\x00WAVEfmt " + b"\x00" * 64,
    "too many bytes": b"ID3" + b"\x00" * media.MAX_VOICE_BYTES,
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_with_a_sentence(name):
    with pytest.raises(media.VoiceRejected) as refused:
        media.read_voice(REFUSED[name])
    assert refused.value.status == 422
    assert "MP3" in refused.value.sentence


def test_takes_a_clip_of_just_the_size():
    assert media.read_voice(b"ID3" + b"\x00" * (media.MAX_VOICE_BYTES - 3)).suffix == ".mp3"
