"""Deadlines and states in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from huiyin.cases.models import Case

#: A due date this close is shown as near.
NEAR_DAYS = 3


@dataclass(frozen=True)
class Badge:
    """A short text and its tone: late, near, calm, done or quiet."""

    text: str
    tone: str


#: The stage in which a process waits for the answer to be judged.
RATED_AT = "rating"


def due_badge(due_on: date | None, today: date) -> Badge | None:
    """“超期 2 天”, “今天到期”, “剩 1 天”, or the date."""
    if due_on is None:
        return None
    left = (due_on - today).days
    if left < 0:
        return Badge(_("超期 %(days)s 天") % {"days": -left}, "late")
    if left == 0:
        return Badge(_("今天到期"), "near")
    if left <= NEAR_DAYS:
        return Badge(_("剩 %(days)s 天") % {"days": left}, "near")
    return Badge(due_on.strftime("%m-%d") if due_on.year == today.year else due_on.isoformat(), "calm")


def status_badge(case: Case) -> Badge:
    """What has become of a case; an office tells 已答复 (办复), 已办结 and 已归档 apart."""
    if case.closed_at is None:
        if case.stage == RATED_AT:
            return Badge(_("已答复"), "calm")
        if case.round > 1:
            return Badge(_("第 %(round)s 次办理") % {"round": case.round}, "near")
        return Badge(_("办理中"), "calm")
    words = {
        "answered": (_("已办结") if case.ended_at is None else _("已归档"), "done"),
        "unrated": (_("办结（未评价）"), "quiet"),
        "declined": (_("已退回，可申请复核") if case.ended_at is None else _("已退回"), "quiet"),
        "merged": (_("已并案，可申请复核") if case.ended_at is None else _("已并案"), "quiet"),
        "converted": (_("转法定渠道"), "quiet"),
        "withdrawn": (_("已撤回"), "quiet"),
    }
    return Badge(*words[case.outcome])
