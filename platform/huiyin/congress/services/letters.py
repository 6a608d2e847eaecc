"""答复函模板: a unit writes its letters of reply on its own paper."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huiyin.cases.services import templates
from huiyin.congress import letter_files
from huiyin.congress.models import LetterTemplate
from huiyin.directory.actors import Actor
from huiyin.directory.models import Unit
from huiyin.history.services import Line


@transaction.atomic
def keep_letter(*, unit: Unit, raw: bytes, by: Actor, now: datetime) -> LetterTemplate:
    """
    Keep a Word file as the unit's letter, in place of the one before; letters that were written stay as they are.

    :raises NotYourAct: for anybody but the unit's handlers and heads
    :raises errors.FileRefused: and what else `letter_files.check` finds
    """
    locked = templates.lock_unit(unit, by)
    letter_files.check(raw)
    row, _is_new = LetterTemplate.objects.update_or_create(
        unit=locked, defaults={"document": raw, "changed_by": by.person, "changed_at": now}
    )
    templates.record_at(locked, Line("letter_kept", {"unit": locked.name}), by, now)
    return row


@transaction.atomic
def drop_letter(*, unit: Unit, by: Actor, now: datetime) -> None:
    """
    Go back to the shipped letter; a second time changes nothing.

    :raises NotYourAct: for anybody but the unit's handlers and heads
    """
    locked = templates.lock_unit(unit, by)
    found, _rows = LetterTemplate.objects.filter(unit=locked).delete()
    if found:
        templates.record_at(locked, Line("letter_dropped", {"unit": locked.name}), by, now)


def letter_of(unit: Unit | None) -> bytes | None:
    """The file of the unit, or of the one that a 科室 belongs to; None: the shipped one."""
    if unit is None:
        return None
    row = LetterTemplate.objects.filter(unit__in=[one for one in (unit.pk, unit.parent_id) if one]).first()
    return bytes(row.document) if row else None
