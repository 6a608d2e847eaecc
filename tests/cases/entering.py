"""What an office enters for somebody: the sheet with its scan, a matter and a step entered from it."""

from __future__ import annotations

from huiyin.cases import services
from huiyin.cases.models import Case
from huiyin.definitions.models import Definition
from huiyin.files import services as files
from huiyin.history import selectors as history
from huiyin.history import words
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle.scenarios import moment
from tests.files.pictures import jpeg
from tests.web.playing import publish, task_of

NOW = moment("2026-02-20 09:00")
REPORT = {
    "title": "关于改造供水管网的建议",
    "words": "石棠镇老城区供水管网建成三十余年，爆管频发，居民用水得不到保障。",
    "asks": ["完成主管网改造", "公布停水安排"],
}
RATING = {"rating": {"result": "satisfied", "attitude": "satisfied", "asks": [
    {"ask": 1, "settled": "yes"}, {"ask": 2, "settled": "yes"}]}}  # fmt: skip


def paper(on: str = "2026-02-20", **more: object) -> dict[str, dict[str, object]]:
    """A sheet that came on a day, with its scan."""
    scan = files.stage(kind="photo", raw=jpeg(), now=NOW)
    return {"transcription": {"way": "paper", "on": on, "proof": [scan.public_id], **more}}


def definition_of(town) -> Definition:
    return Definition.objects.filter(jurisdiction=town.jurisdiction).first() or publish(town)


def start(town, by: str = "congress", asker: str = "deputy", **sheet: object) -> Case:
    return services.start_case(
        definition=definition_of(town), answers=REPORT, place=town.place_for(bundles.read("suggestion").levels),
        by=town.actors[by], asker=town.actors[asker].person, now=NOW, transcription=paper(**sheet),
        source=Case.Source.OFFICE,
    )  # fmt: skip


def enter(town, case: Case, step: str, answers: dict[str, object], by: str = "congress", **sheet: object):
    return services.complete_task(
        task=task_of(case, step), answers=answers, by=town.actors[by], now=NOW, key="k",
        transcription=paper(**sheet),
    )  # fmt: skip


def told(case: Case) -> list[str]:
    return [words.tell(one.kind, one.facts, by="某人") for one in history.entries_of("case", case.pk)]
