"""A backup holds everything as of one moment, says when it is damaged, and comes back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from huiyin.cases import services
from huiyin.cases.models import Case
from huiyin.config import backups, restoring
from huiyin.files import services as files
from huiyin.files.models import Attachment
from huiyin.jobs import selectors
from tests.cases.conftest import REPORT
from tests.conftest import at
from tests.files.pictures import jpeg

pytestmark = pytest.mark.django_db(transaction=True)
NIGHT = at("2026-09-02T03:00")


@pytest.fixture(autouse=True)
def _folders(settings, tmp_path):
    settings.MEDIA_ROOT, settings.BACKUP_DIR = str(tmp_path / "media"), str(tmp_path / "backups")
    (tmp_path / "media").mkdir()


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "backups"


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    """Where PostgreSQL's account can reach a new data directory, as it cannot pytest's own folders."""
    home = Path(tempfile.mkdtemp(prefix="huiyin-test-"))
    home.chmod(0o711)
    yield home / "new"
    shutil.rmtree(home)


@pytest.fixture
def photo(town) -> Attachment:
    staged = files.stage(kind="photo", raw=jpeg(), now=NIGHT)
    with transaction.atomic():
        files.commit(
            ids=[staged.public_id],
            kinds=["photo"],
            subject_kind="case",
            subject_id=1,
            part="report",
            now=NIGHT,
        )
    return staged


@pytest.fixture
def matter(definition, town) -> Case:
    return services.start_case(definition=definition, answers=REPORT, place=town.place, now=timezone.now())


def test_what_is_restored_is_what_there_was(folder, matter, photo):
    made = backups.make(folder, NIGHT)
    found = restoring.check(made)
    assert (found.cases, found.attachments, found.faults, found.opened) == (1, 1, [], True)
    assert found.entries > 0
    assert made.name == "huiyin-20260902-030000"
    assert [backup.path for backup in selectors.backups(folder)] == [made]


def test_keys_and_personal_data_do_not_stand_in_it(folder, matter):
    made = backups.make(folder, NIGHT)
    text = b"".join(path.read_bytes() for path in made.rglob("*") if path.is_file())
    assert project.FIELD_KEYS[0].encode() not in text
    dump = subprocess.run(
        [backups.binaries.installed() / "pg_restore", "--file=-", made / backups.DUMP],
        capture_output=True,
        check=True,
    ).stdout.decode()
    assert REPORT["words"] in dump  # the dump can be read …
    assert REPORT["phone"] not in dump  # … and what is sealed stays sealed


def test_it_is_of_one_moment_while_people_write(folder, definition, town):
    over = threading.Event()

    def write() -> None:
        number = 0
        while not over.is_set():
            number += 1
            words = {**REPORT, "words": f"{REPORT['words']}（{number}）"}
            services.start_case(definition=definition, answers=words, place=town.place, now=timezone.now())
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [backups.make(folder, NIGHT + timedelta(minutes=turn)) for turn in range(3)]
    finally:
        over.set()
        writer.join(20)
    sizes = [json.loads((one / "manifest.json").read_text())["counts"]["cases_case"] for one in made]
    assert sizes == sorted(sizes)
    assert sizes[-1] > sizes[0]
    assert [restoring.check(one).faults for one in made] == [[], [], []]


def test_a_damaged_dump_is_told(folder, matter):
    made = backups.make(folder, NIGHT)
    with (made / backups.DUMP).open("r+b") as dump:
        dump.seek(100)
        dump.write(b"\0\0\0\0")
    with pytest.raises(restoring.NoBackup):
        restoring.check(made)
    with pytest.raises(CommandError):
        call_command("restore", str(made), check=True)
    with pytest.raises(restoring.NoBackup):
        restoring.check(folder)


@pytest.mark.parametrize("damage", ["missing", "another"])
def test_an_attachment_that_is_gone_or_changed_is_told(folder, photo, damage):
    made = backups.make(folder, NIGHT)
    (file,) = (made / backups.FILES).rglob("*[!l].jpg")
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes(jpeg()[:-1])
    (fault,) = restoring.check(made).faults
    assert "the file is" in fault


def test_what_the_manifest_says_must_be_there(folder, matter):
    made = backups.make(folder, NIGHT)
    manifest = json.loads((made / "manifest.json").read_text())
    manifest["counts"]["cases_case"] += 1
    manifest["field_key"] = "another"
    (made / "manifest.json").write_text(json.dumps(manifest))
    found = restoring.check(made)
    assert found.faults == ["cases_case: 1 rows, 2 when it was made"]
    assert not found.opened


def test_an_unchanged_attachment_takes_no_room_again(folder, photo):
    one, two = (backups.make(folder, NIGHT + timedelta(days=day)) for day in range(2))
    first, second = (next((made / backups.FILES).rglob("*.jpg")) for made in (one, two))
    assert first.stat().st_ino == second.stat().st_ino
    shutil.rmtree(one)
    assert restoring.check(two).faults == []


def test_two_at_once_are_one(folder, matter):
    folder.mkdir()
    with backups._alone(folder), pytest.raises(backups.BackupFailed):
        backups.make(folder, NIGHT)
    backups.make(folder, NIGHT)


def test_one_that_was_interrupted_is_none_and_is_cleared_away(folder, matter, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(backups, "_copy_attachments", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            backups.make(folder, NIGHT)
    assert selectors.backups(folder) == []
    backups.make(folder, NIGHT)
    assert len(list(folder.glob("huiyin-*"))) == 1
    assert not list(folder.glob(".partial*"))


def test_the_schedule_keeps_days_weeks_and_months(folder):
    for day in range(400):
        made = folder / f"huiyin-{day:04}"
        made.mkdir(parents=True)
        (made / backups.DUMP).touch()
        about = {"made_at": (NIGHT - timedelta(days=day)).isoformat(), "attachments": {"bytes": 0}}
        (made / "manifest.json").write_text(json.dumps(about))
    backups.prune(folder)
    kept = [backup.at for backup in selectors.backups(folder)]
    assert kept[:7] == [NIGHT - timedelta(days=day) for day in range(7)]
    assert len({moment.strftime("%Y%m") for moment in kept}) == 12
    assert 7 + 11 <= len(kept) <= 7 + 5 + 12
    assert backups.prune(folder) == []


def test_keys_are_kept_apart(folder, tmp_path):
    with pytest.raises(backups.KeysBeside):
        backups.copy_keys(folder / "keys", folder)
    with pytest.raises(CommandError):
        call_command("backup", str(folder), keys=folder)
    backups.copy_keys(tmp_path / "safe", folder)
    assert {path.name for path in (tmp_path / "safe").iterdir()} == {"secret_key", "field_keys"}
    assert (tmp_path / "safe" / "field_keys").stat().st_mode & 0o077 == 0


def test_comes_back_into_an_empty_installation_and_no_other(folder, matter, photo, elsewhere):
    """The drill: a new data directory, the backup brought back, and everything is there."""
    made = backups.make(folder, NIGHT)
    manifest = json.loads((made / "manifest.json").read_text())
    (made / "manifest.json").write_text(json.dumps({**manifest, "kind": "real"}))
    ours = ("DATABASE_URL", "HUIYIN_DATA", "HUIYIN_BACKUPS", "DJANGO_SETTINGS_MODULE")
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    environment["PYTHONPATH"] = os.pathsep.join([str(project.ROOT / "platform"), str(project.ROOT)])
    environment["HUIYIN_FIELD_KEYS"] = project.FIELD_KEYS[0]

    def manage(*arguments: str, kind: str = "--empty") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-P", "-m", "huiyin.config.command", "--data", str(elsewhere), kind]
        return subprocess.run(
            [*command, "manage", *arguments], env=environment, capture_output=True, text=True, check=False
        )

    back = manage("restore", str(made))
    assert back.returncode == 0, back.stderr
    assert "已恢复" in back.stdout
    verified = manage("history", "verify")
    assert verified.returncode == 0, verified.stderr
    assert f"clean: {manifest['counts']['history_entry']} entries" in verified.stdout
    assert len(list((elsewhere / "media").rglob("*.jpg"))) == 2
    again = manage("restore", str(made))
    assert again.returncode == 1
    assert "已有数据" in again.stderr or "data in this installation" in again.stderr
