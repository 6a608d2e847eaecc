"""
Replay real messages with their official replies through `matter`, each act at its real time by a person of the right role.

The player looks at what waits and does it, so a replay that was killed goes on where it stood, and one that was
finished changes nothing.
"""

from __future__ import annotations

import gc
import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from huiyin.cases import services
from huiyin.cases.models import Case, Clock, Task
from huiyin.core import errors, time_source
from huiyin.definitions.models import Definition
from huiyin.directory import actors
from huiyin.directory.actors import Actor
from huiyin.directory.models import Jurisdiction, Person
from huiyin.jobs import services as jobs
from huiyin.jobs.models import Incident
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import sandbox, virtual
from huiyin.lifecycle.messages import BrokenLine, Message, lines, read
from huiyin.lifecycle.publish import publish
from huiyin.rules import selectors as rules
from huiyin.rules import services as rule_services

MARK = "replay"
SEED = 2026
#: Of the first replies, this share is rated 不满意.
DISSATISFIED = 0.08
#: Lines that a worker takes at a time.
CHUNK = 25
OFFSETS = (1, 3, 5, 7, 10, 15, 20, 30, 60)
#: The rating comes an hour after the reply; a case without a reopening ends when the window has passed.
HOUR, WINDOW = timedelta(hours=1), timedelta(days=60)


@dataclass
class Report:
    """What a replay did and what the clocks say."""

    matters: int = 0
    closed: int = 0
    completions: Counter[str] = field(default_factory=Counter)
    rounds: Counter[int] = field(default_factory=Counter)
    incidents: int = 0
    broken: list[tuple[int, str]] = field(default_factory=list)
    within: dict[int, float] = field(default_factory=dict)


def prepare() -> tuple[sandbox.Town, Definition]:
    """The town in which messages are replayed, and the process; made at the first replay, found at the next."""
    with transaction.atomic():
        rule_services.seed_calendar()
        if not Jurisdiction.objects.filter(code=f"sandbox-{MARK}").exists():
            source = Jurisdiction.objects.create(code=f"{MARK}-rules", name="试跑规则")
            profile = rule_services.load_profile(jurisdiction=source, code="zhejiang-2016")
            sandbox.build(profile, MARK)
        town = sandbox.find(MARK)
    definition = publish(
        bundle=bundles.read("matter"), jurisdiction=town.jurisdiction, by=None, now=time_source.now()
    )
    return town, definition


class Player:
    """Plays one message after another."""

    def __init__(self, town: sandbox.Town, definition: Definition) -> None:
        self.town, self.definition = town, definition
        self.completions: Counter[str] = Counter()
        self.calendar = rules.calendar()
        self.known = dict(
            Case.objects.filter(definition__jurisdiction=town.jurisdiction)
            .exclude(source_key=None)
            .values_list("source_key", "ended_at")
        )

    def play(self, message: Message) -> None:
        """Take a message to its end; one that has ended is left as it is."""
        key = f"{MARK}:{message.number}"
        if self.known.get(key) is not None:
            return
        case = self._receive(message, key)
        now = message.received_at
        while True:
            open_tasks = list(
                Task.objects.open().filter(case=case).select_related("unit", "case__reporter").order_by("id")
            )
            if not open_tasks or open_tasks[0].after_close:
                break
            task = open_tasks[0]
            now = max(now, self._moment(case, task, message, now))
            virtual.pass_time(case.pk, now)
            self._complete(task, message, now)
        virtual.pass_time(case.pk, now + WINDOW)
        self.known[key] = now

    def _receive(self, message: Message, key: str) -> Case:
        asker, _made = Person.objects.get_or_create(
            code=f"{MARK}:{message.user}"[:60],
            defaults={"jurisdiction": self.town.jurisdiction, "name": "网友"},
        )
        with time_source.standing_at(message.received_at):
            return services.start_case(
                definition=self.definition,
                answers={
                    "category": "other",
                    "title": message.title[:100] or "无题",
                    "words": message.words[:5000],
                },
                place=self.town.place,
                now=message.received_at,
                asker=asker,
                source=Case.Source.IMPORT,
                source_key=key,
            )

    def _moment(self, case: Case, task: Task, message: Message, now: datetime) -> datetime:
        """When a task was done: screened and handed over the same day, answered at its real time."""
        if task.step_id in ("screen", "dispatch", "sign") and task.round == 1:
            return min(now + timedelta(minutes=1), _end_of_day(message.received_at))
        if task.step_id in ("work", "reply"):
            if task.round == 1:
                return message.replied_at
            studied = (
                case.completions.filter(task__step_id="study")
                .order_by("-at")
                .values_list("at", flat=True)
                .first()
                or now
            )
            day = self.calendar.workday_after(time_source.day_of(studied), 2)
            return timezone.make_aware(datetime.combine(day, time(10)))
        return now + HOUR

    def _complete(self, task: Task, message: Message, now: datetime) -> None:
        by = self._who(task)
        with time_source.standing_at(now):
            services.complete_task(
                task=task, answers=self._answers(task, message), by=by, now=now, key=f"{MARK}:{task.key}"
            )
        self.completions["citizen" if not by.held else str(next(iter(by.roles)))] += 1

    def _who(self, task: Task) -> Actor:
        return (
            actors.reporter(task.case.reporter)
            if task.person_id == task.case.reporter_id
            else self.town.actor_for(task)
        )

    def _answers(self, task: Task, message: Message) -> dict[str, Any]:
        units = {
            "lead": self.town.units[
                sandbox.UNITS[int(message.number) % len(sandbox.UNITS)] if message.number.isdigit() else "a"
            ].public_id
        }
        unhappy = task.round == 1 and random.Random(f"{SEED}:{message.number}").random() < DISSATISFIED  # noqa: S311  seeded on purpose
        deputy = self.town.actors["deputy"].person
        answers: dict[str, dict[str, Any]] = {
            "screen": {"screening": "accept"},
            "dispatch": {"route": "units", "units": units, "deputy": deputy.public_id if deputy else ""},
            "sign": {"sign": "accept"},
            "work": {"progress": {"stage": "办理", "text": "按答复所述办理。"}},
            "reply": {"reply": {"result": "done", "text": message.reply[:20_000]}},
            "citizen_rate": {"rating": {"result": "dissatisfied" if unhappy else "satisfied"}},
            "deputy_rate": {"rating": {"result": "satisfied"}},
            "study": {"finding": "反映人对答复不满意，要求重新办理。", "route": "units", "units": units},
        }
        return answers[task.step_id]


def _end_of_day(moment: datetime) -> datetime:
    return timezone.make_aware(datetime.combine(time_source.day_of(moment), time(23, 59, 59)))


def play_file(path: Path, limit: int | None, progress: Callable[[int], None], workers: int = 1) -> Report:
    """
    Replay a file; a broken line is reported and the rest goes on.

    :param progress: called with the number of lines done
    :param workers: processes that share the lines; each message is played by one of them from start to end
    """
    town, _definition = prepare()
    numbered, report, done = list(lines(path, limit)), Report(), 0
    chunks = [numbered[start : start + CHUNK] for start in range(0, len(numbered), CHUNK)]
    for completions, broken, count in _played(chunks, workers):
        report.completions.update(completions)
        report.broken += broken
        done += count
        progress(done)
    report.broken.sort()
    return summary(town, report)


_Lines = list[tuple[int, str]]
_Played = tuple[Counter[str], list[tuple[int, str]], int]


def _played(chunks: list[_Lines], workers: int) -> Iterator[_Played]:
    if workers == 1:
        yield from map(_play_chunk, chunks)
        return
    # The children open connections of their own; an inherited one would be shared by two processes.
    connection.close()
    _player.cache_clear()
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        try:
            for future in as_completed([pool.submit(_play_chunk, chunk) for chunk in chunks]):
                yield future.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


@lru_cache(maxsize=1)
def _player() -> Player:
    with connection.cursor() as cursor:
        # A crash may lose the last moments of a replay; the next run plays them again, so no commit waits for the disk.
        cursor.execute("SET synchronous_commit TO off")
    player = Player(*prepare())
    # What is loaded now stays: the collector need not walk Django's models again and again (a third of the time, measured).
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    return player


def _play_chunk(chunk: _Lines) -> _Played:
    player, broken = _player(), []
    player.completions = Counter()
    for number, line in chunk:
        try:
            # The site's own workers stand in the present: they must not take what falls due in the past.
            with jobs.held():
                player.play(read(line))
        except BrokenLine as reason:
            broken.append((number, str(reason)))
        except errors.Refusal as refusal:
            broken.append((number, f"{type(refusal).__name__}: {refusal.sentence}"))
    return player.completions, broken, len(chunk)


def summary(town: sandbox.Town, report: Report) -> Report:
    """Add to a report what the tables say, whoever wrote them."""
    cases = Case.objects.filter(jurisdiction=town.jurisdiction)
    report.matters, report.closed = cases.count(), cases.filter(ended_at__isnull=False).count()
    report.rounds = Counter(cases.values_list("round", flat=True))
    report.incidents = Incident.objects.filter(subject_kind="case", subject_id__in=cases.values("pk")).count()
    report.within = dict(_shares(town))
    return report


def _shares(town: sandbox.Town) -> Iterator[tuple[int, float]]:
    """From the clocks: the share answered within n working days after the day of receipt."""
    calendar = rules.calendar()
    answered = Clock.objects.filter(
        case__jurisdiction=town.jurisdiction, rule__code="matter.answer", met_at__isnull=False
    )
    met = [(start, time_source.day_of(at)) for start, at in answered.values_list("started_on", "met_at")]
    for days in OFFSETS:
        inside = sum(1 for start, day in met if day <= calendar.workday_after(start, days))
        yield days, round(100 * inside / len(met), 2) if met else 0.0
