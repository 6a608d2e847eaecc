"""Clocks with the answer to “why this date?”."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.cases.deadlines import ANSWERING
from huiyin.cases.models import Case, Clock
from huiyin.cases.present.badges import Badge, due_badge
from huiyin.cases.present.task import whose_turn
from huiyin.core import time_source
from huiyin.core.languages import is_english
from huiyin.rules import arithmetic, explain, selectors
from huiyin.rules.models import Profile


@dataclass(frozen=True)
class ClockView:
    """A deadline: its name, its date, how it stands, and why."""

    id: str
    name: str
    article: str
    round: int
    due_on: date
    provisional: bool
    running: bool
    badge: Badge
    why: tuple[str, ...]
    #: what the office must still do about its rules; nothing that the one who asked can act on
    caution: str = ""
    #: the unit whose task it is set for; empty for the case's own
    unit: str = ""
    #: where it is set for one person's task: who that is, never by a citizen's name
    person: str = ""

    @property
    def counted(self) -> tuple[str, ...]:
        """Why, without the article for those who read no Chinese: statutes have no other language."""
        return self.why[1:] if is_english() else self.why


def clocks_of(case: Case, today: date) -> tuple[ClockView, ...]:
    """Every clock of a case, running ones first."""
    rows = (
        Clock.objects.filter(case=case)
        .select_related("rule__profile", "task__unit", "task__place", "task__person", "task__case")
        .prefetch_related("changes")
        .order_by("id")
    )
    views = [_view(clock, today) for clock in rows]
    return tuple(sorted(views, key=lambda view: not view.running))


def answer_clock_of(case: Case, today: date) -> ClockView | None:
    """The case's own running deadline by which it is answered, the one that ends first."""
    own = Clock.objects.filter(case=case, task=None, met_at=None, stopped_at=None)
    rows = own.select_related("rule__profile").prefetch_related("changes").order_by("due_on", "id")
    return next((_view(row, today) for row in rows if row.rule.code.endswith(ANSWERING)), None)


def _view(clock: Clock, today: date) -> ClockView:
    return ClockView(
        id=clock.public_id,
        name=clock.rule.local_name,
        article=clock.rule.article,
        round=clock.round,
        due_on=clock.due_on,
        provisional=clock.provisional,
        running=clock.is_running,
        badge=_badge(clock, today),
        why=tuple(_why(clock)),
        caution=_caution(clock.rule.profile),
        unit=clock.task.unit.name if clock.task and clock.task.unit else "",
        person=whose_turn(clock.task) if clock.task and clock.task.person_id else "",
    )


def _badge(clock: Clock, today: date) -> Badge:
    if clock.met_at is not None:
        late = (time_source.day_of(clock.met_at) - clock.due_on).days
        return (
            Badge(_("按期"), "done")
            if late <= 0
            else Badge(_("超期 %(days)s 天完成") % {"days": late}, "late")
        )
    if clock.stopped_at is not None:
        return Badge(_("已终止"), "quiet")
    if clock.paused_on is not None:
        return Badge(_("已暂停"), "quiet")
    return due_badge(clock.due_on, today) or Badge("", "quiet")


def _why(clock: Clock) -> list[str]:
    rule = clock.rule
    said = {"article": explain.article_of(rule), "profile": rule.profile.local_name}
    lines = [_("依据：%(article)s（%(profile)s）。") % said]
    start = timezone.localtime(clock.started_at) if rule.unit in ("H", "WH") else clock.started_on
    lines += explain.explain(arithmetic.due(start, rule.amount, rule.unit, selectors.calendar()))
    for change in clock.changes.all():
        lines.append(
            _("%(at)s %(why)s：由 %(before)s 改为 %(after)s。%(reason)s")
            % {
                "at": time_source.day_of(change.at).isoformat(),
                "why": change.get_why_display(),
                "before": change.due_before.isoformat(),
                "after": change.due_after.isoformat(),
                "reason": change.reason,
            }
        )
    return lines


def _caution(profile: Profile) -> str:
    if profile.confirmed_on is not None:
        return ""
    return _("这套时限还没有经人大核对确认：%(source)s") % {"source": explain.cited(profile.source)}
