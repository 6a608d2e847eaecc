"""`manage screenshots` takes the pictures of the docs from a demo that runs."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from huiyin.lifecycle.demo import session
from tests.e2e import launching
from tests.pictures.shots import SHOTS

pytestmark = [pytest.mark.browser]

#: Pages that show something before the demo has played its session: a citizen's, and one behind a sign-in.
AT_ONCE = ("report", "leave")


@pytest.fixture
def demo(transactional_db, live_server, settings, tmp_path, browser) -> str:
    settings.DEMO, settings.MEDIA_ROOT = True, tmp_path / "media"
    call_command("seed_demo", verbosity=0)
    return live_server.url


def taken(site: str, folder, *names: str) -> dict[str, tuple[int, int]]:
    """The size of each picture that the command has left in a folder."""
    call_command("screenshots", "--site", site, "--folder", str(folder), *names)
    found = {}
    for path in folder.glob("*.png"):
        with Image.open(path) as picture:
            found[path.stem] = picture.size
    return found


def test_takes_the_pictures_that_are_named(demo, tmp_path):
    shots = {shot.name: shot for shot in SHOTS if shot.name in AT_ONCE}
    found = taken(demo, tmp_path / "pictures", *AT_ONCE)
    assert found == {name: (shot.size["width"], shot.size["height"]) for name, shot in shots.items()}


def test_refuses_a_picture_that_no_document_shows(tmp_path):
    with pytest.raises(CommandError):
        taken("http://127.0.0.1:1", tmp_path / "pictures", "nothing")
    assert not (tmp_path / "pictures").exists()


@pytest.mark.long
def test_takes_every_picture(demo, tmp_path, monkeypatch):
    monkeypatch.setattr(session, "SUGGESTIONS", 9)
    call_command("demo-session", seed=11)
    found = taken(demo, tmp_path / "pictures")
    assert set(found) == {shot.name for shot in SHOTS}
    assert all(width >= launching.PHONE["width"] for width, _height in found.values())
