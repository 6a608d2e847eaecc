"""Plain fields of the office's own forms: each is read, or keeps the words and says what is wrong beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.core import errors
from huiyin.web.numbers import number_in

#: what a title's column holds
TITLE = 200


@dataclass
class Posted:
    """What was sent, as it was typed, and what is wrong with it, by field; the empty name is the whole form."""

    words: Mapping[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def general(self) -> str:
        """What is wrong with the whole, and with no field."""
        return self.problems.get("", "")

    def _text(self, name: str) -> str:
        return self.words.get(name, "").strip()

    def title(self, name: str) -> str:
        """Words that are not missing and fit their column."""
        text = self._text(name)
        if not text:
            self.problems[name] = _("请填写。")
        elif len(text) > TITLE:
            self.problems[name] = _("最多 %(n)s 个字。") % {"n": TITLE}
        return text

    def number(self, name: str) -> int:
        """A whole number; zero where there is none."""
        found = number_in(self._text(name))
        if not found:
            self.problems[name] = _("请填写一个数字。")
        return found or 0

    def day(self, name: str) -> date:
        """A date; the first of all days where there is none."""
        try:
            return date.fromisoformat(self._text(name))
        except ValueError:
            self.problems[name] = _("请选择日期。")
            return date.min

    def moment(self, name: str) -> datetime:
        """A date with its time of day, in the office's time zone; the beginning of all where there is none."""
        try:
            found = datetime.fromisoformat(self._text(name))
            return timezone.make_aware(found) if timezone.is_naive(found) else found
        except (ValueError, OverflowError):
            self.problems[name] = _("请选择日期和时间。")
            return datetime.fromtimestamp(0, tz=UTC)


def day_in(text: str) -> date:
    """
    The date in a form of one act.

    :raises Invalid: if there is none
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise errors.Invalid(_("请选择日期。")) from error
