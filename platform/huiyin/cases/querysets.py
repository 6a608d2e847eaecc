"""Reads of cases and of what hangs on them; everything shown starts from `visible_to`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, F, Q, QuerySet
from django.db.models.expressions import RawSQL

from huiyin.directory import addresses
from huiyin.directory.actors import Actor
from huiyin.directory.roles import CONFIDENTIAL, OVERSEEING, POLICY, UNIT_ROLES, Role

if TYPE_CHECKING:
    from huiyin.cases.models import Task

#: The stage whose words are the asker's own until they are handed in (起草).
DRAFT = "draft"
#: The fact `publicity` of a matter that is not to be published (不宜公开).
CLOSED = "closed"
#: What other packages add: (actor) -> the cases that the actor sees besides (a co-signer, say), as a query of case ids.
also_seen: list[Callable[[Actor], QuerySet[Any]]] = []


def sight_of(actor: Actor, prefix: str = "") -> Q:
    """
    The condition under which an actor sees a case; `prefix` leads from another row to its case.

    The one who asked, the deputy who follows it, units that handle it, and the offices of its place and the places above:
    they see a draft only once somebody else has worked on it, so one that was returned, not one in the writing.
    A restricted matter (举报, 涉法涉诉) is seen by the congress office and the one who asked alone.
    """

    def q(**conditions: Any) -> Q:
        return Q(**{f"{prefix}{name}": value for name, value in conditions.items()})

    seen = Q(pk__in=[])
    if actor.person is not None:
        seen |= q(reporter=actor.person) | (q(restricted=False) & q(deputy=actor.person))
    handed_in = ~q(stage=DRAFT) | q(derived_from__isnull=False)
    handed_in |= q(pk__in=_worked_on_drafts()) | q(pk__in=_entered())
    for post in actor.with_role(*OVERSEEING):
        below = q(place__path__startswith=post.place_path) & handed_in
        if post.role == Role.STATION:
            below &= ~q(pk__in=_not_to_be_published())
        seen |= below if post.role in CONFIDENTIAL else below & q(restricted=False)
    if actor.units:
        from huiyin.cases.models import Assignment

        handled = Assignment.objects.filter(unit__in=actor.units).values("case_id")
        seen |= q(pk__in=handled) & q(restricted=False)
    for more in also_seen:
        seen |= q(pk__in=more(actor)) & q(restricted=False)
    return seen


def _not_to_be_published() -> QuerySet[Any]:
    """不宜公开: seen by those who need it for their work; a station's counter does not."""
    from huiyin.cases.models import Fact

    return Fact.objects.filter(name="publicity", text=CLOSED).values("case_id")


def _worked_on_drafts() -> QuerySet[Any]:
    from huiyin.cases.models import Completion

    done = Completion.objects.filter(case__stage=DRAFT)
    return done.exclude(by=F("case__reporter")).values("case_id")


def _entered() -> QuerySet[Any]:
    """代录: what an office has entered for somebody lies on its desk."""
    from huiyin.cases.models import Transcription

    return Transcription.objects.values("case_id")


def by_office(actor: Actor, prefix: str = "") -> Q:
    """
    The condition under which an actor sees the offices' own paper of a case (drafts, what colleagues ask of each other).

    What an actor sees by a post alone, never of what he asked himself: a draft is no answer yet. A station stands on the
    asker's side of the counter: it sees what has been issued.
    """
    held = tuple(post for post in actor.held if post.role != Role.STATION)
    seen = sight_of(Actor(person=None, held=held), prefix)
    return seen if actor.person is None else seen & ~Q(**{f"{prefix}reporter": actor.person})


class CaseQuerySet(QuerySet["Case"]):
    """Cases."""

    def visible_to(self, actor: Actor) -> CaseQuerySet:
        """What an actor may see, see :func:`sight_of`."""
        return self.filter(sight_of(actor))

    def with_paper_for(self, actor: Actor) -> CaseQuerySet:
        """Cases whose offices' own paper the actor may read, see :func:`by_office`."""
        return self.filter(by_office(actor))

    def being_handled(self) -> CaseQuerySet:
        """Cases that are neither closed nor ended."""
        return self.filter(closed_at__isnull=True)


class OfCaseQuerySet(QuerySet[Any]):
    """Rows that hang on a case are seen with it."""

    def visible_to(self, actor: Actor) -> OfCaseQuerySet:
        """Rows of cases that the actor may see."""
        return self.filter(sight_of(actor, "case__"))


class ConsultationQuerySet(QuerySet["Consultation"]):
    """加签 and 传阅: the offices' own paper, like drafts; the one who asked for the matter sees the reply alone."""

    def visible_to(self, actor: Actor) -> ConsultationQuerySet:
        """Requests on cases that a post of the actor leads to."""
        return self.filter(by_office(actor, "case__"))

    def unanswered(self) -> ConsultationQuerySet:
        """Neither answered nor taken back; a 加签 is over with its task, what was passed for reading stays."""
        waiting = self.filter(answered_at=None, withdrawn_at=None)
        return waiting.filter(Q(kind="read") | Q(task__status="open"))

    def asked_of(self, actor: Actor) -> ConsultationQuerySet:
        """What waits for the actor's own word; nobody stands in for an opinion."""
        return self.unanswered().filter(to=actor.person) if actor.person is not None else self.none()


class PressureQuerySet(QuerySet["Pressure"]):
    """What raters told in private."""

    def visible_to(self, actor: Actor) -> PressureQuerySet:
        """One's own, and what was told to the congress at or above the matter's place; never a unit's or the government's."""
        told = Q(pk__in=[])
        for post in actor.with_role(*POLICY["pressure.read"]):
            here = Q(case__place__path__startswith=post.place_path)
            told |= here if post.role in CONFIDENTIAL else here & Q(case__restricted=False)
        if actor.units:
            from huiyin.cases.models import Assignment

            # Who holds a post of the congress and one of the unit concerned reads with neither.
            told &= ~Q(case__in=Assignment.objects.filter(unit__in=actor.units).values("case_id"))
        return self.filter(told | Q(by=actor.person) if actor.person is not None else told)


class ReplyTemplateQuerySet(QuerySet["ReplyTemplate"]):
    """答复模板."""

    def visible_to(self, actor: Actor) -> ReplyTemplateQuerySet:
        """Those of the units in which the actor handles or heads."""
        return self.filter(unit__in=actor.units)


class UnsentQuerySet(QuerySet["Unsent"]):
    """What people have typed and not sent."""

    def visible_to(self, actor: Actor) -> UnsentQuerySet:
        """One's own alone."""
        return self.filter(person=actor.person) if actor.person is not None else self.none()


# As SQL, because making these two from query sets took longer than all twelve statements of a completion; tests hold
# that they say what `unanswered()` and `Clock.is_running` say.
_TO_SIGN = RawSQL(
    "EXISTS (SELECT 1 FROM cases_consultation c WHERE c.task_id = cases_task.id AND c.kind = 'sign'"
    " AND c.answered_at IS NULL AND c.withdrawn_at IS NULL)",
    (),
    BooleanField(),
)
_HAS_CLOCK = RawSQL(
    "EXISTS (SELECT 1 FROM cases_clock c WHERE c.task_id = cases_task.id"
    " AND c.met_at IS NULL AND c.stopped_at IS NULL)",
    (),
    BooleanField(),
)


def _leading_nowhere(on: date) -> RawSQL:
    """
    Whether nobody holds a post on a day that a task's target leads to; see `addresses.post_that_fits`.

    Each way by itself: joined by OR they are no look-up in an index, and every row of a board asks.
    """
    units, head = sorted(UNIT_ROLES), Role.UNIT_HEAD.value
    return RawSQL(
        """(cases_task.person_id IS NULL AND NOT (
            cases_task.role = '' AND EXISTS (
                SELECT 1 FROM directory_post post
                WHERE post.from_on <= %s AND (post.to_on IS NULL OR post.to_on > %s)
                    AND post.unit_id = cases_task.unit_id AND post.role = ANY(%s))
            OR cases_task.role = '' AND EXISTS (
                SELECT 1 FROM directory_post post JOIN directory_unit unit ON unit.id = post.unit_id
                WHERE post.from_on <= %s AND (post.to_on IS NULL OR post.to_on > %s)
                    AND unit.parent_id = cases_task.unit_id AND post.role = ANY(%s))
            OR EXISTS (
                SELECT 1 FROM directory_post post
                WHERE post.from_on <= %s AND (post.to_on IS NULL OR post.to_on > %s)
                    AND post.unit_id = cases_task.unit_id AND post.role = cases_task.role)
            OR EXISTS (
                SELECT 1 FROM directory_post post JOIN directory_unit unit ON unit.id = post.unit_id
                WHERE post.from_on <= %s AND (post.to_on IS NULL OR post.to_on > %s)
                    AND unit.parent_id = cases_task.unit_id AND post.role = cases_task.role AND post.role <> %s)
            OR EXISTS (
                SELECT 1 FROM directory_post post
                WHERE post.from_on <= %s AND (post.to_on IS NULL OR post.to_on > %s)
                    AND post.place_id = cases_task.place_id AND post.role = cases_task.role
                    AND post.person_id IS DISTINCT FROM cases_task.not_person_id)
        ))""",
        [on, on, units, on, on, units, on, on, on, on, head, on, on],
        BooleanField(),
    )


_AT_HAND = (
    "public_id", "case_id", "step_id", "role", "unit_id", "unit__name", "place_id", "person_id", "not_person_id",
)  # fmt: skip


class TaskQuerySet(QuerySet["Task"]):
    """Tasks."""

    def visible_to(self, actor: Actor) -> TaskQuerySet:
        """Tasks of cases that the actor sees, and tasks that wait for the actor."""
        return self.filter(sight_of(actor, "case__") | (Q(status="open") & addresses.leading_to(actor)))

    def waiting_for(self, actor: Actor) -> TaskQuerySet:
        """Open tasks whose address leads to the actor; who has claimed one is shown beside it."""
        return self.open().filter(addresses.leading_to(actor))

    def one_waiting_for(self, actor: Actor, public_id: str) -> Task | None:
        """
        The task of an id if it waits for the actor, with what a service needs to lock its case and the unit that shows
        whose turn it is; what `waiting_for` finds.

        Asked of the row that was read: making the condition of the statement takes longer than all of this.
        """
        row = self.open().filter(public_id=public_id).select_related("unit").only(*_AT_HAND).first()
        if row is None:
            return None
        return row if addresses.post_that_fits(actor, row.target, row.step_id) is not None else None

    def open(self) -> TaskQuerySet:
        """Tasks that still wait."""
        return self.filter(status="open")

    def with_what_completing_takes(self) -> TaskQuerySet:
        """
        Each task with `engine_state` (where its case stands), what can be recalled as `recall_before`, `recall_undo` and
        `recall_revision`, `to_sign` (whether a 加签 holds it) and `has_clock`.

        One statement for what every completion asks: each round trip is paid at every step of every case.
        """
        return self.annotate(
            engine_state=F("case__state__state"),
            recall_before=F("case__state__before"),
            recall_undo=F("case__state__undo"),
            recall_revision=F("case__state__revision"),
            to_sign=_TO_SIGN,
            has_clock=_HAS_CLOCK,
        )

    def with_what_rows_show(self) -> TaskQuerySet:
        """
        Each task with what a row of a list shows of it.

        What many rows share (units, places, people) is read by itself: joined, the database takes ten times as long to plan
        the statement as to run it.
        """
        shared = ("case__place", "unit", "place", "person", "claimed_by", "assignment__unit")
        return self.select_related("case").prefetch_related(*shared)

    def with_nobody(self, today: date) -> TaskQuerySet:
        """Each task with `nobody`: whether no post is held that its address leads to (无人可办)."""
        return self.annotate(nobody=_leading_nowhere(today))

    def that_is_work(self) -> TaskQuerySet:
        """
        Tasks that somebody owes; on a closed case only what a unit still has to do (登记承诺事项).

        What waits there for the one who asked is an invitation: a late rating, the word that it is not solved.
        """
        return self.filter(Q(after_close=False) | Q(unit__isnull=False))

    def due_first(self) -> TaskQuerySet:
        """The order of every work list."""
        return self.order_by(F("due_on").asc(nulls_last=True), "id")
