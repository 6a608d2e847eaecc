"""
民生实事项目 as everybody sees them: which are public, how each goes, and what colour its light is.

Where a function takes `seen`, these are the ballots that the reader may see; the page asks for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.cases.models import Assignment, Case, Clock, Milestone
from huiyin.congress.models import Ballot, BallotCandidate

KIND = "livelihood"
#: The stages after the vote.
_BUILDING = ("building", "measuring")
#: The clocks of the building itself; that an office measures late is not the project's fault.
_CLOCKS = ("livelihood.finish", "livelihood.again")

#: The rule of the light, printed on the page: a milestone later than this is red, up to it yellow …
LATE_DAYS = 30
#: … and one that is due this soon without any report is yellow.
AHEAD_DAYS = 7


@dataclass(frozen=True)
class Light:
    """A colour and the reason for it; `tone` is the badge's."""

    colour: str
    text: str
    tone: str
    why: str


def light_of(
    milestones: Sequence[Milestone],
    reported: frozenset[int],
    due_on: date | None,
    closed: bool,
    today: date,
    again: bool = False,
) -> Light:
    """
    The light of a project by the rule that :func:`rule_in_words` says.

    :param reported: ids of the milestones on which a unit has reported
    :param again: it was measured, found wanting and is being handled again
    :param due_on: when the project itself is due, while that clock runs
    """
    if not milestones:
        return Light("grey", _("灰灯"), "quiet", _("尚未公布节点计划"))
    if closed:
        return Light("green", _("绿灯"), "done", _("已归档"))
    open_ones = [one for one in milestones if one.done_on is None]
    first = min(open_ones, key=lambda one: one.planned_on, default=None)
    days = (today - first.planned_on).days if first else 0
    if first and days > LATE_DAYS:
        why = _("“%(name)s”比计划晚 %(days)s 天") % {"name": first.name, "days": days}
        return Light("red", _("红灯"), "late", why)
    if due_on is not None and due_on < today:
        why = _("项目应于 %(day)s 完成") % {"day": due_on.isoformat()}
        return Light("red", _("红灯"), "late", why)
    if again:
        return Light("yellow", _("黄灯"), "near", _("测评不满意，正在整改"))
    if first and days > 0:
        why = _("“%(name)s”比计划晚 %(days)s 天") % {"name": first.name, "days": days}
        return Light("yellow", _("黄灯"), "near", why)
    soon = today + timedelta(days=AHEAD_DAYS)
    silent = next((one for one in open_ones if one.planned_on <= soon and one.pk not in reported), None)
    if silent:
        why = _("“%(name)s”应于 %(day)s 完成，尚无进展报告") % {
            "name": silent.name,
            "day": silent.planned_on.isoformat(),
        }
        return Light("yellow", _("黄灯"), "near", why)
    return Light("green", _("绿灯"), "done", _("按计划推进") if open_ones else _("各节点均已完成"))


def rule_in_words() -> list[str]:
    """The rule of the light, as the page prints it."""
    return [
        _("红灯：有节点比计划晚超过 %(days)s 天，或项目已过完成期限。") % {"days": LATE_DAYS},
        _(
            "黄灯：有节点晚了，但不超过 %(late)s 天；或节点在 %(ahead)s 天内到期而没有进展报告；或测评不满意，正在整改。"
        )
        % {"late": LATE_DAYS, "ahead": AHEAD_DAYS},
        _("绿灯：其余情形；项目归档后为绿灯。"),
        _("灰灯：尚未公布节点计划。"),
    ]


@dataclass(frozen=True)
class ProjectView:
    """A project in the list: its plan, its light, who builds it and how much is done."""

    case: Case
    year: int
    milestones: tuple[Milestone, ...]
    light: Light
    units: tuple[Assignment, ...]
    done: int

    @property
    def share(self) -> int:
        """How much of the plan is done, in percent."""
        return 100 * self.done // len(self.milestones) if self.milestones else 0


def public_projects(seen: QuerySet[Ballot]) -> QuerySet[Case]:
    """Livelihood projects that were elected, are being built or are archived; none that is restricted or of a trial run."""
    open_to_all = Case.objects.filter(kind=KIND, restricted=False, jurisdiction__is_trial=False)
    elected = [case_id for ballot in _counted(seen) for case_id in _elected(ballot)]
    return open_to_all.filter(
        Q(stage__in=_BUILDING, closed_at__isnull=True) | Q(outcome="answered") | Q(pk__in=elected)
    )


def with_a_page(seen: QuerySet[Ballot]) -> QuerySet[Case]:
    """What has a page: public projects, and the candidates of the ballots that somebody sees."""
    standing = BallotCandidate.objects.filter(ballot__in=seen, case__kind=KIND, case__restricted=False)
    return Case.objects.filter(
        Q(pk__in=public_projects(seen).values("pk")) | Q(pk__in=standing.values("case_id"))
    )


def _counted(seen: QuerySet[Ballot]) -> list[Ballot]:
    counted = seen.filter(
        state=Ballot.State.COUNTED, candidates__case__kind=KIND, session__jurisdiction__is_trial=False
    )
    return list(counted.distinct().prefetch_related("candidates").order_by("-id"))


def _elected(ballot: Ballot) -> list[int]:
    chosen = (ballot.result or {}).get("elected", [])
    return [one.case_id for one in ballot.candidates.all() if one.number in chosen]


def views_of(cases: QuerySet[Case], seen: QuerySet[Ballot], today: date) -> list[ProjectView]:
    """The projects with their plans and lights, in six queries however many they are."""
    voted = {case_id: ballot for ballot in reversed(_counted(seen)) for case_id in _elected(ballot)}
    clocks = Clock.objects.filter(
        rule__code__in=_CLOCKS, met_at__isnull=True, stopped_at__isnull=True, paused_on__isnull=True
    )
    rows = cases.select_related("place").prefetch_related(
        Prefetch("milestones", Milestone.objects.order_by("number").prefetch_related("notes")),
        Prefetch("assignments", Assignment.objects.select_related("unit").order_by("-part", "id")),
        Prefetch("clocks", clocks.order_by("due_on"), to_attr="project_clocks"),
    )
    return [_view(row, voted.get(row.pk), today) for row in rows.order_by("id")]


def _view(row: Case, ballot: Ballot | None, today: date) -> ProjectView:
    milestones = tuple(row.milestones.all())
    clocks = row.project_clocks  # type: ignore[attr-defined]  # prefetched above
    parts = list(row.assignments.all())
    reported = frozenset(one.pk for one in milestones if one.notes.all())
    due_on = clocks[0].due_on if clocks else None
    return ProjectView(
        case=row,
        year=_year(milestones, ballot, row),
        milestones=milestones,
        light=light_of(milestones, reported, due_on, row.closed_at is not None, today, row.round > 1),
        units=tuple(one for one in parts if one.round == max(part.round for part in parts)),
        done=sum(1 for one in milestones if one.done_on is not None),
    )


def _year(milestones: Iterable[Milestone], ballot: Ballot | None, row: Case) -> int:
    """The year in which it is to be finished; before its plan, that of the vote."""
    last = max((one.planned_on for one in milestones), default=None)
    if last is not None:
        return last.year
    return _counted_in(ballot) if ballot else row.received_on.year + 1


def _counted_in(ballot: Ballot) -> int:
    return timezone.localdate(ballot.counted_at).year if ballot.counted_at else 0


@dataclass(frozen=True)
class CandidateView:
    """A candidate of a counted ballot and its votes."""

    candidate: BallotCandidate
    votes: int
    elected: bool
    tied: bool


def candidates_by_year(
    seen: QuerySet[Ballot], projects: Iterable[ProjectView]
) -> Mapping[int, list[tuple[Ballot, list[CandidateView]]]]:
    """The counted ballots with all their candidates, under the year of the projects that they elected."""
    years = {one.case.pk: one.year for one in projects}
    found: dict[int, list[tuple[Ballot, list[CandidateView]]]] = {}
    for ballot in _counted(seen):
        result = ballot.result or {}
        votes = {one["number"]: one["votes"] for one in result["standings"]}
        rows = [
            CandidateView(
                one, votes[one.number], one.number in result["elected"], one.number in result["tied"]
            )
            for one in ballot.candidates.all()
        ]
        year = next((years[pk] for pk in _elected(ballot) if pk in years), _counted_in(ballot))
        found.setdefault(year, []).append((ballot, sorted(rows, key=lambda one: -one.votes)))
    return found
