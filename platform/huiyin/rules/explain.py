"""Why a date is what it is, in words."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.rules.arithmetic import Due, Unit
from huiyin.rules.models import Rule

_AMOUNTS = {
    Unit.HOURS: gettext_lazy("%(n)s小时"),
    Unit.WORKING_HOURS: gettext_lazy("%(n)s个工作小时"),
    Unit.DAYS: gettext_lazy("%(n)s日"),
    Unit.WORKING_DAYS: gettext_lazy("%(n)s个工作日"),
    Unit.MONTHS: gettext_lazy("%(n)s个月"),
}


def amount_in_words(amount: int, unit: Unit | str) -> str:
    """“5个工作日”, “3个月”."""
    return str(_AMOUNTS[Unit(unit)]) % {"n": amount}


def article_of(rule: Rule) -> str:
    """Where a rule stands: “第21条；代表法（2025）第51条”."""
    return cited(rule.article)


def cited(text: str) -> str:
    """What a profile says of its sources, in the reader's language: the shipped ones' stand among the words of the pages."""
    return re.sub(r"(?:(?<=[一-鿿]) )?§(\d+)", lambda found: _("第%(n)s条") % {"n": found[1]}, _(text))


def explain(due: Due) -> list[str]:
    """The sentences that answer “why this date?”: start, count, days passed over, and whether it is provisional."""
    lines = [
        _("自 %(start)s 起算（当日不计入），期限 %(amount)s。")
        % {"start": due.start.isoformat(), "amount": amount_in_words(due.amount, due.unit)}
    ]
    if due.unit in (Unit.DAYS, Unit.MONTHS) and due.counted_to != due.on:
        lines.append(
            _("届满日 %(day)s 为休息日，顺延至其后第一个工作日。") % {"day": due.counted_to.isoformat()}
        )
    holidays = [f"{day:%m-%d} {reason}" for day, reason in due.skipped if reason != "周末"]
    weekends = sum(1 for _day, reason in due.skipped if reason == "周末")
    if holidays:
        facts = {"weekends": weekends, "holidays": _("、").join(holidays)}
        lines.append(_("期间不计：周末 %(weekends)s 天；%(holidays)s。") % facts)
    elif due.skipped:
        lines.append(_("期间不计：周末 %(weekends)s 天。") % {"weekends": weekends})
    if due.made_up:
        lines.append(
            _("调休上班日计入：%(days)s。") % {"days": _("、").join(f"{day:%m-%d}" for day in due.made_up)}
        )
    if due.provisional:
        lines.append(_("暂定：所涉年份的放假安排尚未正式公布，公布后将重新计算。"))
    lines.append(
        _("到期日：%(due)s。") % {"due": f"{due.at:%Y-%m-%d %H:%M}" if due.at else due.on.isoformat()}
    )
    return lines
