"""Replaying messages: each act at its time, broken lines named, a second run changes nothing."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from django.core.management import call_command

from huiyin.cases.models import Case, Clock, Completion, Rating
from huiyin.core import time_source
from huiyin.history import selectors as history
from huiyin.jobs import services as jobs
from huiyin.jobs.models import Job
from huiyin.lifecycle import measure, messages, replay
from tests.conftest import at

REAL = Path(__file__).parents[3] / "shared" / "data" / "messages" / "replied.jsonl"


def line(number: int, received: str, replied: str, **changes) -> str:
    row = {
        "留言编号": number,
        "留言用户": f"U{number % 2}",
        "留言主题": "路灯",
        "留言时间": received,
        "留言详情": "村口老桥的路灯坏了一个多月，请尽快修好。",
        "答复意见": "已更换灯具，恢复照明。",
        "答复时间": replied,
    }
    return json.dumps({**row, **changes}, ensure_ascii=False)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "messages.jsonl"
    path.write_text(
        "\n".join(
            [
                line(1, "2019/4/25 9:32:09", "2019/4/28 14:56:53"),
                line(2, "2019-04-08 08:37:20", "2019/4/30 10:00:00"),
                "{not json",
                line(3, "2018/4/20 23:59:30", "2018/4/24"),
                line(4, "some day", "2019/4/30 10:00:00"),
            ]
        ),
        encoding="utf-8",
    )
    return path


def play(file, limit=None):
    return replay.play_file(file, limit, lambda _done: None)


@pytest.fixture(autouse=True)
def fresh_player(db, monkeypatch, matter_bundle):
    """A player of its own, and a process that is published without running its scenarios again."""
    monkeypatch.setattr(
        replay.bundles, "read", lambda _name: dataclasses.replace(matter_bundle, scenarios=())
    )
    replay._player.cache_clear()
    yield
    replay._player.cache_clear()


def test_takes_every_message_to_its_end_at_its_real_time(file):
    report = play(file)
    assert (report.matters, report.closed, report.incidents) == (3, 3, 0)
    met = Clock.objects.get(rule__code="matter.answer", case__source_key="replay:1").met_at
    assert met == at("2019-04-28T14:56:53")
    assert (
        time_source.day_of(Case.objects.get(source_key="replay:3").reply_rows.get().at).isoformat()
        == "2018-04-24"
    )


def test_counts_the_share_answered_within_working_days_from_the_clocks(file):
    # 25 to 28 April 2019: a Thursday to a make-up Sunday, 2 working days; 8 to 30 April: 16; 20 to 24 April 2018: 2.
    within = play(file).within
    assert (within[1], within[3], within[15], within[20]) == (0.0, 66.67, 66.67, 100.0)


def test_names_a_broken_line_with_its_reason_and_goes_on(file):
    assert play(file).broken == [(3, "not JSON"), (5, "a time can't be read")]


def test_screens_and_hands_over_on_the_day_of_receipt(file):
    play(file)
    handed = Completion.objects.filter(task__step_id="dispatch", case__source_key="replay:3").get()
    assert time_source.day_of(handed.at).isoformat() == "2018-04-20"


def test_changes_nothing_when_it_is_run_again(file):
    play(file)
    before = measure.digest()
    report = play(file)
    assert measure.digest() == before
    assert sum(report.completions.values()) == 0


def test_goes_on_where_it_was_killed(file, monkeypatch):
    real, done = replay.Player._complete, []

    def dies_at_the_tenth(self, task, message, now):
        done.append(task)
        if len(done) == 10:
            raise KeyboardInterrupt
        real(self, task, message, now)

    monkeypatch.setattr(replay.Player, "_complete", dies_at_the_tenth)
    with pytest.raises(KeyboardInterrupt):
        play(file)
    monkeypatch.undo()
    replay._player.cache_clear()
    assert play(file).closed == 3
    assert not list(history.faults())


def test_keeps_its_deadlines_from_the_sites_own_workers(file):
    town, definition = replay.prepare()
    player = replay.Player(town, definition)
    with jobs.held():
        player._receive(messages.read(file.read_text(encoding="utf-8").splitlines()[0]), "replay:1")
    assert Job.objects.filter(subject_kind="case").exists()
    assert jobs.claim(now=time_source.now()) == []


def test_sends_a_dissatisfied_one_through_a_second_round(file, monkeypatch):
    monkeypatch.setattr(replay, "DISSATISFIED", 1.0)
    report = play(file, limit=1)
    assert dict(report.rounds) == {2: 1}
    second = Case.objects.get().reply_rows.get(round=2)
    # Studied an hour after the last rating of 28 April; two working days later is 30 April.
    assert time_source.day_of(second.at).isoformat() == "2019-04-30"
    assert set(Rating.objects.filter(round=2).values_list("result", flat=True)) == {"satisfied"}


def test_prints_its_figures_as_json(file, capsys):
    call_command("replay", str(file), json=True, workers=1)
    facts = json.loads(capsys.readouterr().out)
    assert facts["closed"] == 3
    # Three each, and three more for the one whom the seed makes dissatisfied.
    assert facts["completions"]["handler"] == 12
    assert len(facts["digest"]) == 64


@pytest.mark.long
@pytest.mark.skipif(not REAL.exists(), reason="the real messages are not at ../shared/data/messages/")
def test_takes_real_messages_to_their_end(db):
    report = play(REAL, limit=150)
    assert (report.closed, report.incidents, report.broken) == (150, 0, [])
