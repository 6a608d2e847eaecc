"""Who is told what: the asker at every turn, nobody of one's own act, and never a telephone number."""

from __future__ import annotations

import logging

import pytest

from huiyin.cases import errors, services
from huiyin.history import selectors as history
from huiyin.history import words
from huiyin.jobs import services as jobs
from huiyin.notices.models import Notice
from tests.cases.conftest import PHONE
from tests.conftest import at


def told(play, person) -> list[str]:
    return list(
        Notice.objects.filter(person=person, subject_id=play.case.pk)
        .order_by("id")
        .values_list("kind", flat=True)
    )


def test_the_asker_is_told_of_the_answer_and_asked_to_rate(play):
    play.answer()
    assert told(play, play.case.reporter) == ["answered", "task_for_you"] or set(told(play, play.case.reporter)) == {
        "answered", "task_for_you",
    }  # fmt: skip
    deputy = play.town.actors["deputy"].person
    assert set(told(play, deputy)) == {"answered", "task_for_you"}


def test_the_asker_is_told_why_a_matter_was_declined(play):
    play.do("screen", {"screening": "return", "reason": "属合同纠纷，请走司法途径。"})
    notice = Notice.objects.get(person=play.case.reporter, kind="closed_declined")
    assert "属合同纠纷" in words.tell("notice_closed_declined", notice.facts, by="")


def test_nobody_is_told_of_ones_own_act(play):
    services.withdraw_case(case=play.case, reason="灯亮了", by=play.asker, now=play.now)
    assert told(play, play.case.reporter) == []


def test_whoever_took_the_task_is_urged(play):
    play.dispatch()
    handler = play.town.actors["a"]
    services.take_task(task=play.task("sign"), by=handler, now=play.now)
    services.urge_case(case=play.case, words="请尽快", by=play.town.actors["office"], now=play.now)
    notice = Notice.objects.get(person=handler.person, kind="urged")
    assert notice.facts["words"] == "请尽快"


def test_a_closed_matter_is_not_urged(play):
    services.withdraw_case(case=play.case, reason="灯亮了", by=play.asker, now=play.now)
    with pytest.raises(errors.CaseClosed):
        services.urge_case(case=play.case, words="快", by=play.town.actors["office"], now=play.now)


def test_every_line_of_a_whole_matter_has_its_words(play):
    play.answer()
    play.do("citizen_rate", {"rating": {"result": "dissatisfied", "words": "没有修好"}})
    play.do("deputy_rate", {"rating": {"result": "satisfied"}})
    entries = history.entries_of("case", play.case.pk)
    assert len(entries) > 8
    for entry in entries:
        assert words.tell(entry.kind, entry.facts, by="周全")


def test_the_telephone_is_in_no_log(play, caplog, capsys, monkeypatch):
    caplog.set_level(logging.DEBUG)
    play.answer()
    monkeypatch.setattr(jobs.registry, "run", lambda kind, args: 1 / 0)
    while jobs.run_due(now=at("2026-12-01T00:00")):
        pass
    said = caplog.text + "".join(capsys.readouterr())
    assert "job_failed" in said
    assert PHONE not in said
    assert "周全" not in said
