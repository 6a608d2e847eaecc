"""A stranger's photo is read by its bytes and written anew: upright, small, without position or device."""

from __future__ import annotations

import random
from io import BytesIO

import pytest
from PIL import Image

from huiyin.files import media
from tests.files import pictures


def opened(raw: bytes) -> Image.Image:
    return Image.open(BytesIO(raw))


def colour(image: Image.Image, x: float, y: float) -> str:
    red, green, blue = image.convert("RGB").getpixel(
        (int(x * (image.width - 1)), int(y * (image.height - 1)))
    )
    return "white" if min(red, green, blue) > 200 else "red" if red > blue else "blue"


def test_leaves_position_device_and_comment_behind():
    raw = pictures.jpeg(gps=True)
    assert opened(raw).getexif().get_ifd(0x8825)
    clean = media.read_photo(raw)
    for data in (clean.data, clean.small):
        found = opened(data)
        assert not dict(found.getexif())
        assert not {"exif", "comment", "icc_profile", "xmp"} & set(found.info)
        for secret in (b"Exif", b"Huawei", b"secret comment", "周全".encode()):
            assert secret not in data
    assert (clean.media_type, clean.suffix) == ("image/jpeg", ".jpg")


@pytest.mark.parametrize("orientation", range(1, 9))
def test_turns_a_photo_upright(orientation):
    """The camera wrote the picture lying; shown, its left half is red again."""
    undo = {
        2: [Image.Transpose.FLIP_LEFT_RIGHT], 3: [Image.Transpose.ROTATE_180], 4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.TRANSPOSE], 6: [Image.Transpose.ROTATE_90], 7: [Image.Transpose.TRANSVERSE],
        8: [Image.Transpose.ROTATE_270],
    }  # fmt: skip
    lying = pictures.picture()
    for turn in undo.get(orientation, []):
        lying = lying.transpose(turn)
    found = opened(media.read_photo(pictures.jpeg(lying, orientation=orientation)).data)
    assert found.size == (80, 40)
    assert (colour(found, 0.1, 0.5), colour(found, 0.9, 0.5)) == ("red", "blue")


def test_puts_what_is_transparent_on_white():
    image = Image.new("RGBA", (60, 60), (0, 0, 0, 0))
    image.paste((255, 0, 0, 255), (0, 0, 30, 60))
    for raw in (pictures.saved(image, "PNG"), pictures.saved(image, "WEBP", lossless=True)):
        found = opened(media.read_photo(raw).data)
        assert found.mode == "RGB"
        assert (colour(found, 0.1, 0.5), colour(found, 0.9, 0.5)) == ("red", "white")


def test_puts_a_transparent_palette_on_white():
    image = Image.new("P", (40, 40), 0)
    image.putpalette([0, 0, 0, 255, 0, 0])
    image.paste(1, (0, 0, 20, 40))
    found = opened(media.read_photo(pictures.saved(image, "PNG", transparency=0)).data)
    assert (colour(found, 0.1, 0.5), colour(found, 0.9, 0.5)) == ("red", "white")


def test_reads_what_iphones_send():
    raw = pictures.heic()
    assert raw[4:8] == b"ftyp"
    clean = media.read_photo(raw)
    found = opened(clean.data)
    assert (found.format, found.size, clean.media_type) == ("JPEG", (80, 40), "image/jpeg")
    assert (colour(found, 0.1, 0.5), colour(found, 0.9, 0.5)) == ("red", "blue")
    assert b"Apple" not in clean.data


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP"])
def test_reads_every_known_format(kind):
    assert opened(media.read_photo(pictures.saved(pictures.picture(), kind)).data).format == "JPEG"


@pytest.mark.parametrize("mode", ["L", "1", "CMYK", "P", "I;16"])
def test_reads_every_way_to_keep_colours(mode):
    image = pictures.picture().convert(mode) if mode != "I;16" else Image.new("I;16", (8, 8))
    kind = "TIFF" if mode == "x" else "JPEG" if mode == "CMYK" else "PNG"
    assert opened(media.read_photo(pictures.saved(image, kind)).data).mode == "RGB"


@pytest.mark.parametrize("make", [pictures.jpeg, pictures.heic])
def test_shrinks_a_photo_of_twelve_megapixels(make):
    raw = make(pictures.picture(4000, 3000))
    clean = media.read_photo(raw)
    assert opened(clean.data).size == (2048, 1536)
    assert opened(clean.small).size == (480, 360)
    assert len(clean.small) < len(clean.data) < 2_000_000


def test_does_not_blow_up_a_small_photo():
    clean = media.read_photo(pictures.jpeg())
    assert opened(clean.data).size == opened(clean.small).size == (80, 40)


def test_the_same_photo_gives_the_same_bytes():
    raw = pictures.jpeg()
    assert media.read_photo(raw).data == media.read_photo(raw).data


REFUSED = {
    "nothing": b"",
    "garbage": b"not a picture at all" * 50,
    "a page": b"<html><script>alert(1)</script></html>",
    "a vector picture": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    "a program": b"MZ" + b"\x00" * 200,
    "half a photo": pictures.jpeg(pictures.picture(800, 600))[:2000],
    "a bomb of many pixels": pictures.png_that_claims(50_000, 50_000),
    "more pixels than we read": pictures.png_that_claims(10_000, 6_001),
    "a short one that promises more": pictures.png_that_claims(2_000, 2_000),
    "a format we do not read": pictures.saved(pictures.picture(), "TIFF"),
    "an icon": pictures.saved(pictures.picture(64, 64), "ICO"),
    "too many bytes": pictures.jpeg() + b"\x00" * media.MAX_PHOTO_BYTES,
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_with_a_sentence(name):
    with pytest.raises(media.PhotoRejected) as refused:
        media.read_photo(REFUSED[name])
    assert refused.value.status == 422
    assert "JPEG" in refused.value.sentence


DAMAGED = {
    "JPEG": pictures.jpeg(),
    "HEIC": pictures.heic(),
    **{kind: pictures.saved(pictures.picture(), kind) for kind in ("PNG", "WEBP", "GIF", "BMP")},
}


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_file_is_read_or_refused_but_never_a_fault(kind):
    whole, chance = DAMAGED[kind], random.Random(7)
    for _turn in range(150):
        raw = bytearray(whole)
        for _byte in range(chance.randint(1, 12)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        try:
            assert (
                opened(media.read_photo(bytes(raw[: chance.randint(len(raw) // 2, len(raw))])).data).mode
                == "RGB"
            )
        except media.PhotoRejected:
            continue
