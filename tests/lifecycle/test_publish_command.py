"""`manage publish PATH [--check]`: a shipped process by its name, or any folder with its forms beside it."""

from __future__ import annotations

import shutil

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from huiyin.definitions.models import Definition


@pytest.fixture
def folder(tmp_path):
    """A designer's own folder: a copy of the bill, with one of its scenarios; what is called is only in the repository."""
    for kind in ("bpmn", "forms"):
        shutil.copytree(settings.ROOT / kind / "bill", tmp_path / kind / "bill")
    for scenario in (tmp_path / "bpmn/bill/scenarios").glob("*.yaml"):
        if not scenario.name.startswith("05"):
            scenario.unlink()
    return tmp_path / "bpmn" / "bill"


def test_only_says_what_stands_against_it(profile, folder, capsys):
    call_command("publish", str(folder), "--check")
    assert "bill: nothing stands against it" in capsys.readouterr().out
    assert not Definition.objects.exists()


def test_publishes_a_folder(profile, folder):
    call_command("publish", str(folder))
    assert Definition.objects.get().process == "bill"


def test_publishes_a_shipped_process_by_its_name(profile, capsys):
    call_command("publish", "bill", "--check")
    assert "nothing stands against it" in capsys.readouterr().out


def test_prints_every_finding_and_publishes_nothing(profile, folder, capsys):
    (folder.parent.parent / "forms" / "bill" / "rate.json").unlink()
    with pytest.raises(CommandError, match="1 findings"):
        call_command("publish", str(folder))
    out = capsys.readouterr().out
    assert "rate  no-form" in out
    assert "在 forms/ 下添加它" in out
    assert "Add it under forms/" in out
    assert not Definition.objects.exists()


def test_a_scenario_that_fails_is_a_finding(profile, folder, capsys):
    scenario = next((folder / "scenarios").glob("*.yaml"))
    scenario.write_text(
        scenario.read_text(encoding="utf-8").replace("withdrawn", "declined"), encoding="utf-8"
    )
    with pytest.raises(CommandError, match="1 findings"):
        call_command("publish", str(folder), "--check")
    assert "-  scenario-fails" in capsys.readouterr().out


def test_names_the_file_that_is_missing(profile, tmp_path):
    with pytest.raises(CommandError, match=r"process\.yaml"):
        call_command("publish", str(tmp_path / "nothing"))


def test_follows_a_call_to_a_shipped_process(profile, tmp_path, capsys):
    for kind in ("bpmn", "forms"):
        shutil.copytree(settings.ROOT / kind / "livelihood", tmp_path / kind / "livelihood")
    shutil.rmtree(tmp_path / "bpmn/livelihood/scenarios")
    call_command("publish", str(tmp_path / "bpmn/livelihood"), "--check")
    assert "nothing stands against it" in capsys.readouterr().out
