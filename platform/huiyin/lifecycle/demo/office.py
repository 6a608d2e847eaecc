"""What happens in the demo's year beside the tasks: papers, a step taken back, reasons for delay, the key list, promises."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from django.db import transaction
from PIL import Image, ImageDraw

from huiyin.cases import services
from huiyin.cases.models import Case, Recall, Task
from huiyin.cases.texts import text_hash
from huiyin.congress import services as congress
from huiyin.congress.models import Commitment, KeyCase
from huiyin.core import time_source
from huiyin.directory.actors import Actor
from huiyin.directory.models import Person
from huiyin.directory.roles import Role
from huiyin.files import services as files
from huiyin.lifecycle import virtual
from huiyin.lifecycle.demo.year import Year, moment

#: How many of those who are late say why.
DELAY_NOTES = 2
SUBMITTED = {"next": "submit", "signatures": {"confirmed": True}}


def about(year: Year, what: str, number: int) -> dict[str, Any] | None:
    """What the data file says under a heading about the suggestion of a number."""
    return next((dict(row) for row in year.data[what] if row["number"] == number), None)


@transaction.atomic
def enter_paper(
    year: Year, paper: dict[str, Any], *, friends: Sequence[Person], now: datetime, **start: Any
) -> Case:
    """代录: enter a suggestion that came on paper, who signed it by hand, and that it is submitted; whole, or not at all."""
    known = Case.objects.filter(source_key=start["source_key"]).first()
    if known is not None:
        return known
    office = year.cast.at(Role.CONGRESS_OFFICE, year.county.pk)
    case = services.start_case(
        by=office, now=now, source=Case.Source.OFFICE, transcription=_sheet(paper, 1, now), **start
    )
    later = now + timedelta(minutes=10)
    if friends:
        congress.enter_signatures(
            case=case, people=friends, transcription=_sheet(paper, 2, later), by=office, now=later,
            seen_hash=text_hash(case),
        )  # fmt: skip
    later += timedelta(minutes=10)
    task = Task.objects.get(case=case, step_id="submit")
    services.complete_task(
        task=task, answers=SUBMITTED, by=office, now=later, key=task.key, transcription=_sheet(paper, 3, later)
    )  # fmt: skip
    year.counts["paper"] += 1
    return case


def _sheet(paper: dict[str, Any], page: int, now: datetime) -> dict[str, Any]:
    scan = files.stage(kind="photo", raw=_scan(paper["number"] * 10 + page), now=now)
    on = time_source.day_of(now).isoformat()
    sheet = {"way": "paper", "on": on, "note": paper["note"], "proof": [scan.public_id]}
    return {"transcription": sheet}


def _scan(number: int) -> bytes:
    """A sheet of handwriting seen from afar, with a red seal; no font is needed for it."""
    luck, image = random.Random(number), Image.new("RGB", (420, 594), "#fbfaf5")  # noqa: S311
    draw = ImageDraw.Draw(image)
    draw.line((150, 60, 270, 60), fill="#222222", width=9)
    for y in range(110, 470, 24):
        x = 50
        while x < 350:
            width = luck.randint(6, 15)
            draw.line((x, y + luck.randint(-2, 2), x + width, y), fill="#33405c", width=4)
            x += width + luck.randint(3, 7)
    draw.ellipse((270, 470, 360, 560), outline="#c8102e", width=5)
    out = BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def take_back(year: Year, number: int, task: Task, by: Actor, at: datetime) -> datetime:
    """收回: let the one step that the data file names be taken back once; returns when that was."""
    row = about(year, "recalled", number)
    if row is None or row["step"] != task.step_id or Recall.objects.filter(task=task).exists():
        return at
    later = at + timedelta(minutes=6)
    with time_source.standing_at(later):
        services.recall_task(task=task, by=by, now=later)
    year.counts["recall"] += 1
    return later


def explain_delay(year: Year, case: Case, after: datetime) -> None:
    """超期说明: let the first units that stand late at the year's end say why, some days after their day."""
    late = Task.objects.open().that_is_work().filter(case=case, due_on__lt=time_source.day_of(year.now))
    for task in late.filter(step_id__in=year.data["delays"], unit__isnull=False).order_by("id"):
        at = max(moment(task.due_on) + timedelta(days=4), after + timedelta(hours=1))
        if year.counts["delay_note"] >= DELAY_NOTES or at >= year.now:
            return
        virtual.pass_time(case.pk, at)
        with time_source.standing_at(at):
            words = year.data["delays"][task.step_id]
            services.explain_lateness(task=task, words=words, by=year.cast.for_task(task), now=at)
        year.counts["delay_note"] += 1


def oversee(year: Year, number: int, case: Case, until: datetime) -> None:
    """重点督办: list a matter, plan it and report on it, each on its day, as far as time has come."""
    row = about(year, "key_list", number)
    for what, do in (("listed", _list), ("planned", _plan), ("reported", _report)):
        if row is None or what not in row or (at := moment(row[what])) > until:
            return
        virtual.pass_time(case.pk, at)
        with time_source.standing_at(at):
            do(year, case, row, at)


def _list(year: Year, case: Case, row: dict[str, Any], at: datetime) -> None:
    is_open = Case.objects.being_handled().filter(pk=case.pk).exists()
    if not is_open or KeyCase.objects.filter(case=case).exists():
        return
    words = {name: row[name] for name in ("leader", "committee")}
    office = year.cast.at(Role.CONGRESS_OFFICE, year.county.pk)
    decision = year.data["key_decision"]
    congress.list_key_case(case=case, decision=decision, on=at.date(), by=office, now=at, **words)
    year.counts["key_case"] += 1


def _plan(year: Year, case: Case, row: dict[str, Any], at: datetime) -> None:
    by = year.cast.at(Role.SUPERVISOR, year.county.pk)
    for key in KeyCase.objects.standing().filter(case=case, plan_on=None):
        congress.plan_key_case(key_case=key, plan=row["plan"], on=at.date(), by=by, now=at)


def _report(year: Year, case: Case, row: dict[str, Any], at: datetime) -> None:
    by = year.cast.at(Role.SUPERVISOR, year.county.pk)
    for key in KeyCase.objects.standing().filter(case=case, reported_on=None, plan_on__isnull=False):
        congress.report_key_case(key_case=key, report=row["report"], on=at.date(), by=by, now=at)


def keep_commitments(year: Year) -> None:
    """Report what was promised for a day that has passed, and let the mover rate it."""
    luck = year.luck("commitments")
    for row in _promised(year):
        at = moment(row.due_on) - timedelta(days=luck.randint(1, 20))
        if at + timedelta(days=5) >= year.now or luck.random() < 0.15:
            continue
        unit = year.cast.head_of(row.unit_id)
        congress.report_kept(commitment=row, words="承诺内容已完成，现场可查。", by=unit, now=at)
        result = "satisfied" if luck.random() < 0.9 else "dissatisfied"
        congress.rate_commitment(
            commitment=row,
            result=result,
            words="" if result == "satisfied" else "现场还有遗漏。",
            by=year.cast.actor(row.case.reporter),
            now=at + timedelta(days=3),
        )
        year.counts["commitment"] += 1


def _promised(year: Year) -> Iterator[Commitment]:
    rows = Commitment.objects.filter(case__jurisdiction=year.jurisdiction, kept_at=None, rated_at=None)
    yield from list(rows.select_related("case__reporter", "unit").order_by("id"))
