"""Play an annual session of the demo county and the year after it, through the real services on a virtual clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from huiyin.cases import services
from huiyin.cases.models import Case, Completion, Contact, Task
from huiyin.cases.texts import text_hash
from huiyin.congress import services as congress
from huiyin.congress.models import Session, Signature
from huiyin.core import time_source
from huiyin.directory.models import Person, Place, Term
from huiyin.directory.roles import Role
from huiyin.history import services as history
from huiyin.history.models import Entry
from huiyin.jobs import services as jobs
from huiyin.lifecycle import virtual
from huiyin.lifecycle.demo import office, projects
from huiyin.lifecycle.demo.answers import Writer
from huiyin.lifecycle.demo.year import Year, moment

SUGGESTIONS = 240
#: Working days that people take for a step, at least and at most; every other step takes a day or two.
PACE = {
    "submit": (0, 1),
    "work": (15, 45),
    "opinion": (8, 25),
    "rate": (1, 8),
    "draft": (1, 5),
    "sign": (1, 4),
    "reopen_window": (0, 0),
}
#: The same of a unit that has something ready to be signed within its three months.
QUICK = {**PACE, "work": (8, 20), "opinion": (3, 8)}
#: Cases that stand still from some point on, so that there is something to press for: every n-th.
STUCK_EVERY = 19


class Waiting(NamedTuple):
    """A suggestion of these months: it goes as far as a step, and waits there for whoever opens the demo."""

    step: str
    #: so many days ago it was drafted, at the least and at the most
    days_ago: tuple[int, int] = (5, 6)
    topics: str = "topics"


#: The offices have something to screen, to propose and to hand over, and the head of a unit a stack to sign.
FRESH = (
    *[Waiting("screen")] * 4,
    *[Waiting("propose")] * 4,
    *[Waiting("hand_over")] * 4,
    *[Waiting("issue", (80, 92), "to_sign")] * 8,
)


def is_played() -> bool:
    """Whether the session has been played to its end."""
    return Entry.objects.filter(subject_kind="session", kind="session_played").exists()


def other_seed(seed: int) -> str:
    """The seed of a play that was begun with another one; "" where there is none."""
    begun = Case.objects.filter(source_key__startswith="session:").exclude(
        source_key__startswith=f"session:{seed}:"
    )
    key = begun.values_list("source_key", flat=True).first()
    return key.split(":")[1] if key else ""


def play(year: Year, told: Callable[[str], None] = lambda line: None) -> Counter[str]:
    """Play everything; what was played before is found again and left as it is. Returns what was done, by kind."""
    with jobs.held():
        session = _enter_session(year)
        told(f"{session.name}")
        projects.play(year, session)
        told("projects played")
        drafted = [_Suggestion(year, session, number) for number in range(1, SUGGESTIONS + 1)]
        for one in sorted(drafted, key=lambda one: one.received):
            one.until_hand_over()
        told("suggestions submitted")
        _hand_over(year, drafted)
        for one in drafted:
            one.year()
        told("year handled")
        office.keep_commitments(year)
        told("commitments kept")
        for number, waiting in enumerate(FRESH, SUGGESTIONS + 1):
            _Suggestion(year, session, number, waiting).until_it_waits()
        told("suggestions of these months submitted")
    mark_played(session, year.seed, at=year.now)
    return year.counts


@transaction.atomic
def mark_played(session: Session, seed: int, *, at: datetime) -> None:
    """Write into the session's history that its year has been played: the next start leaves it alone."""
    history.record(
        subject_kind="session",
        subject_id=session.pk,
        lines=[history.Line("session_played", {"name": session.name, "seed": seed})],
        by_id=None,
        at=at,
    )


def _enter_session(year: Year) -> Session:
    about = year.data["session"]
    term = Term.objects.get(place=year.county)
    known = Session.objects.filter(term=term, number=about["number"]).first()
    if known is not None:
        return known
    before = moment(about["opens_on"]) - timedelta(days=150)
    by = year.cast.at(Role.CONGRESS_OFFICE, year.county.pk)
    collection = year.data["collection"]
    congress.announce_collection(place=year.county, kind="livelihood", by=by, now=before, **collection)
    return congress.enter_session(
        term=term,
        number=about["number"],
        opens_on=about["opens_on"],
        closes_on=about["closes_on"],
        deadline_at=moment(about["deadline"]),
        by=by,
        now=before,
    )


class _Suggestion:
    """One suggestion of the session, with the luck of its number."""

    def __init__(self, year: Year, session: Session, number: int, waits: Waiting | None = None) -> None:
        self.county, self.number, self.waits = year, number, waits
        self.luck = year.luck(number)
        self.pace = QUICK if waits else PACE
        topics = year.data[waits.topics if waits else "topics"]
        self.topic = topics[(number - 1) % len(topics)]
        # Drafted while the session sits; the few that miss its deadline count between sessions.
        begin = moment(session.opens_on) + timedelta(days=self.luck.randint(0, 2))
        if waits:
            begin = year.now - timedelta(days=self.luck.randint(*waits.days_ago))
        self.received = begin + timedelta(minutes=self.luck.randint(0, 9 * 60))
        self.stuck_at = waits.step if waits else ""
        if not waits and number % STUCK_EVERY == 0:
            self.stuck_at = self.luck.choice(("sign", "work", "draft", "issue", "opinion"))
        self.at = self.received

    def until_hand_over(self) -> None:
        """Draft, sign, submit and screen it, ask the units, up to the batch."""
        self._start()
        self._go_on(stop_at="hand_over")

    def until_it_waits(self) -> None:
        """Draft, sign and submit it, up to the step at which it waits."""
        self._start()
        self._go_on()

    def year(self) -> None:
        """Handle, answer, rate, as far as the year has come."""
        self.at = max(self.at, moment(self.county.data["handed_over"]) + timedelta(hours=3))
        self._go_on()

    def _start(self) -> None:
        year = self.county
        seats = year.deputies
        mover = seats[(self.number * 7) % len(seats)]
        towns = list(Place.objects.filter(parent=year.county).order_by("code"))
        place = towns[(self.number * 5 + self.number // len(year.data["topics"])) % len(towns)]
        friends = [seats[(self.number * 7 + step) % len(seats)] for step in range(1, self.luck.randint(1, 5))]
        answers: dict[str, Any] = {
            "title": self.topic["title"].format(place=place.name),
            "words": self.topic["words"].format(place=place.name),
            "asks": self.topic["asks"],
        }
        start: dict[str, Any] = {
            "definition": year.definition("suggestion"), "answers": answers, "place": year.county, "asker": mover,
            "source_key": f"session:{year.seed}:{self.number}",
        }  # fmt: skip
        with time_source.standing_at(self.received):
            if paper := office.about(year, "papers", self.number):
                self.case = office.enter_paper(year, paper, friends=friends, now=self.received, **start)
            else:
                if friends:
                    answers["invitations"] = [person.public_id for person in friends]
                self.case = services.start_case(by=year.cast.actor(mover), now=self.received, **start)
        done = Completion.objects.filter(case=self.case).order_by("-at").values_list("at", flat=True).first()
        self.at = max(self.received, done) if done else self.received  # a play that was cut off goes on later
        self.writer = Writer(self.case, self.topic, year.data, year.units, self.luck)
        self.writer.extends &= self.waits is None  # what waits for a signature is not put off
        if Signature.objects.filter(case=self.case, signed_at=None).exists() and self.case.revision == 1:
            self._co_sign(friends)

    def _co_sign(self, friends: list[Person]) -> None:
        seen = text_hash(self.case)
        for person in friends:
            self.at += timedelta(minutes=self.luck.randint(5, 60))
            if self.luck.random() < 0.9:
                congress.sign(case=self.case, by=self.county.cast.actor(person), now=self.at, seen_hash=seen)

    def _go_on(self, stop_at: str = "") -> None:
        while True:
            waiting = Task.objects.open().that_is_work().filter(case=self.case)
            rows = waiting.select_related("unit", "person", "case").order_by("id")
            tasks = [task for task in rows if task.step_id not in (self.stuck_at, stop_at)]
            if not tasks or not self._do_one(tasks):
                break
        if not stop_at:
            office.oversee(self.county, self.number, self.case, self.county.now)
            office.explain_delay(self.county, self.case, self.at)
            virtual.pass_time(self.case.pk, self.county.now)

    def _do_one(self, tasks: list[Task]) -> bool:
        """Do the task that somebody is quickest with; False when all of it lies ahead of the present."""
        quickest = min(tasks, key=lambda task: (self.pace.get(task.step_id, (0, 2))[0], task.pk))
        at = self.county.after(
            self.at, self.luck.randint(*self.pace.get(quickest.step_id, (0, 2))), self.luck
        )
        if at >= self.county.now:
            return False
        office.oversee(self.county, self.number, self.case, at)
        virtual.pass_time(self.case.pk, at)
        self.at = at
        if not Task.objects.open().filter(pk=quickest.pk).exists():
            return True  # a deadline took it away meanwhile
        by = self.county.cast.for_task(quickest)
        answers = self.writer.answers(quickest, timezone.localtime(at).date(), by.person.name)
        if answers is None:
            return self._stay_silent()
        with time_source.standing_at(at):
            services.complete_task(task=quickest, answers=answers, by=by, now=at, key=quickest.key)
            self._confirm_contacts(quickest)
        self.at = office.take_back(self.county, self.number, quickest, by, at)
        self.county.counts[quickest.step_id] += 1
        return True

    def _confirm_contacts(self, worked: Task) -> None:
        """Let the mover say whether the unit's contact took place: mostly at once, seldom that it did not."""
        if worked.step_id != "work" or self.luck.random() < 0.1:
            return
        mover = self.county.cast.actor(self.case.reporter)
        for row in Contact.objects.filter(case=self.case, confirmed=None):
            services.confirm_contact(
                contact=row, happened=self.luck.random() > 0.02, by=mover, now=self.at + timedelta(minutes=30)
            )

    def _stay_silent(self) -> bool:
        """Let the days of the rating, and of a late one, pass without one; what the unit promised is entered all the same."""
        self.at = self.at + timedelta(days=60)
        if self.at >= self.county.now:
            return False
        virtual.pass_time(self.case.pk, self.at)
        return True


def _hand_over(year: Year, drafted: list[_Suggestion]) -> None:
    """交办: one day for the whole batch."""
    on = moment(year.data["handed_over"])
    mine = [one.case.pk for one in drafted]
    tasks = list(Task.objects.open().filter(case__in=mine, step_id="hand_over").select_related("case"))
    answers = {"handover": {"on": on.date().isoformat()}, "remarks": "请于法定期限内办理并答复代表。"}
    by = year.cast.at(Role.CONGRESS_OFFICE, year.county.pk)
    with time_source.standing_at(on):
        done = services.complete_together(
            tasks=tasks, answers=answers, by=by, now=on + timedelta(hours=1), key="session:hand_over"
        )
    for _task, refusal in done:
        if refusal is not None:
            raise refusal
    year.counts["hand_over"] += len(done)
