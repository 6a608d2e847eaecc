"""答复模板: a unit keeps texts for its replies; put into a form, a text names the matter at hand."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction

from huiyin.cases.models import ReplyTemplate, Task
from huiyin.cases.querysets import ReplyTemplateQuerySet
from huiyin.core import errors, time_source
from huiyin.directory.actors import Actor, NotYourAct
from huiyin.directory.models import Unit
from huiyin.directory.querysets import UnitQuerySet
from huiyin.history import services as history
from huiyin.history.services import Line

ACT = "template.keep"
LONGEST_NAME, LONGEST_TEXT = 60, 5000
#: What a text may name, in the words of the letters (web/letters).
NAMES = ("编号", "事项", "地点", "单位", "日期")
_PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


class TemplateIncomplete(errors.Invalid):
    """A template needs a name of at most 60 characters and a text of at most 5,000."""


class PlaceholderUnknown(errors.Invalid):
    """“%(name)s” is not a name that a template can hold. It knows %(known)s."""


class NameTaken(errors.Conflict):
    """Your unit has a template of this name already."""


class TemplateMoved(errors.Conflict):
    """A colleague changed this template since you opened it. Your words are kept; compare them, then save again."""


class TemplateGone(errors.Conflict):
    """This template has been removed meanwhile."""


def units_of(actor: Actor) -> UnitQuerySet:
    """The units for which an actor may keep templates; a 科室 uses those of the unit it belongs to."""
    return Unit.objects.filter(pk__in=actor.units, parent=None)


@transaction.atomic
def keep_template(
    *,
    template: ReplyTemplate | None,
    unit: Unit,
    name: str,
    text: str,
    by: Actor,
    now: datetime,
    seen: str | None = None,
) -> ReplyTemplate:
    """
    Keep a new template of a unit, or what one says now.

    :param seen: the version that was changed; None: whatever stands
    :raises NotYourAct: for anybody but the unit's handlers and heads
    :raises TemplateIncomplete: without a name or a text, or if they are too long
    :raises PlaceholderUnknown: if the text names in braces what nobody can fill
    :raises NameTaken: if the unit has another template of this name
    :raises TemplateGone: if it was removed meanwhile
    :raises TemplateMoved: if somebody changed it meanwhile
    """
    name, text = name.strip(), text.strip()
    locked = lock_unit(unit, by)
    row = None if template is None else locked.reply_templates.filter(pk=template.pk).first()
    if template is not None and row is None:
        raise TemplateGone
    if row is not None and seen not in (None, row.version):
        raise TemplateMoved
    if not 0 < len(name) <= LONGEST_NAME or not 0 < len(text) <= LONGEST_TEXT:
        raise TemplateIncomplete
    for wanted in _PLACEHOLDER.findall(text):
        if wanted not in NAMES:
            raise PlaceholderUnknown(name=wanted, known="、".join(NAMES))
    if locked.reply_templates.filter(name=name).exclude(pk=row.pk if row else None).exists():
        raise NameTaken
    row = row or ReplyTemplate(unit=locked)
    row.name, row.text, row.changed_by, row.changed_at = name, text, by.person, now
    row.save()
    record_at(locked, Line("template_kept", {"name": name}), by, now)
    return row


@transaction.atomic
def remove_template(*, template: ReplyTemplate, by: Actor, now: datetime) -> None:
    """
    Remove a template; replies that were written with it stay.

    :raises NotYourAct: for anybody but the unit's handlers and heads
    :raises TemplateGone: if it was removed meanwhile
    """
    locked = lock_unit(template.unit, by)
    found, _rows = locked.reply_templates.filter(pk=template.pk).delete()
    if not found:
        raise TemplateGone
    record_at(locked, Line("template_removed", {"name": template.name}), by, now)


def templates_for(task: Task, actor: Actor) -> ReplyTemplateQuerySet:
    """The templates that the actor may put into a task's reply: those of the unit that it waits for."""
    if task.unit is None:
        return ReplyTemplate.objects.none()
    own = [task.unit.pk, task.unit.parent_id]
    return ReplyTemplate.objects.visible_to(actor).filter(unit__in=[one for one in own if one is not None])


def filled(template: ReplyTemplate, task: Task, now: datetime) -> str:
    """The text with the matter's own words in place of the names in braces."""
    day, case = time_source.day_of(now), task.case
    words = {
        "编号": case.number,
        "事项": case.title,
        "地点": case.place.full_name,
        "单位": template.unit.name,
        "日期": f"{day.year}年{day.month}月{day.day}日",
    }
    return _PLACEHOLDER.sub(lambda found: words.get(found[1], found[0]), template.text)


def lock_unit(unit: Unit, by: Actor) -> Unit:
    """Lock a unit whose templates the actor may keep; raises NotYourAct for anybody else."""
    by.require(ACT)
    locked = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    if not units_of(by).filter(pk=locked.pk).exists():
        raise NotYourAct
    return locked


def record_at(unit: Unit, line: Line, by: Actor, now: datetime) -> None:
    """Write a line into the history of a unit."""
    person = by.person.pk if by.person else None
    history.record(subject_kind="unit", subject_id=unit.pk, lines=[line], by_id=person, at=now)
