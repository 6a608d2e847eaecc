"""What several recorders need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from huiyin.cases.models import Assignment, Milestone
from huiyin.cases.recording import Act
from huiyin.core import time_source
from huiyin.directory.models import Unit
from huiyin.directory.querysets import UnitQuerySet
from huiyin.files import services as files
from huiyin.forms.answers import AnswersRejected
from huiyin.forms.document import Field
from huiyin.forms.sentences import OfPart


def written(act: Act) -> dict[str, Any]:
    """Who writes, when, at which task and in which round: the columns of every record."""
    return {
        "case": act.case,
        "task": act.task,
        "round": act.case.round,
        "by": act.person,
        "at": act.now,
    }


def today(act: Act) -> date:
    """The day of the act."""
    return time_source.day_of(act.now)


def units_of(act: Act) -> UnitQuerySet:
    """The units that can handle the case: those of its own jurisdiction."""
    return Unit.objects.that_handle().filter(jurisdiction=act.case.jurisdiction_id)


def unit_of(act: Act) -> Unit | None:
    """The unit for which a person writes: the task's, else the one of the post that acts."""
    if act.task is not None and act.task.unit is not None:
        return act.task.unit
    for post in act.by.held:
        if post.unit_id is not None:
            return Unit.objects.get(pk=post.unit_id)
    return None


def lead_of(act: Act) -> Unit | None:
    """The 主办 unit of the round, if one was assigned."""
    lead = Assignment.objects.filter(case=act.case, round=act.case.round, part=Assignment.Part.LEAD)
    found = lead.select_related("unit").first()
    return found.unit if found else None


def of_unit(unit: Unit) -> Q:
    """Rows written for a unit or for one of its 科室."""
    return Q(unit=unit) | Q(unit__parent=unit)


def commit_files(act: Act, ids: list[str], part: str, *kinds: str) -> None:
    """Bind uploads to a part of the case."""
    found = files.commit(
        ids=ids, kinds=kinds, subject_kind="case", subject_id=act.case.pk, part=part, now=act.now
    )
    hashes = [attachment.sha256 for attachment in found]
    act.say("attachments_added", count=len(hashes), sha256=hashes)


def rejected(field: Field, sentence: str, part: str = "") -> AnswersRejected:
    """A refusal that marks the field, or one part of it, and keeps the words, for what only the case can know."""
    return AnswersRejected({field.name: OfPart(sentence, part) if part else sentence})


def listed(numbers: Iterable[int]) -> str:
    """Numbers as a sentence names them: 2、3."""
    return _("、").join(str(number) for number in sorted(set(numbers)))


def milestone_of(act: Act, field: Field, value: Mapping[str, Any]) -> Milestone | None:
    """
    The milestone that an answer names, if it names one.

    :raises forms.AnswersRejected: if the plan has no such milestone
    """
    if "milestone" not in value:
        return None
    found = Milestone.objects.filter(case=act.case, number=value["milestone"]).first()
    if found is None:
        raise rejected(field, _("计划里没有这个节点，请重新选择"), "milestone")
    return found
