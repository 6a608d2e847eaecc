"""The recorder of 代录: how words came that an office enters for somebody, and the day from which clocks count."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from huiyin.cases.models import Case, Transcription
from huiyin.cases.querysets import DRAFT
from huiyin.cases.recorders.common import commit_files, rejected, today, written
from huiyin.cases.recording import Act, recorder
from huiyin.core import time_source
from huiyin.forms.document import Field

#: A paper that came earlier is no late entry but a slip of the year.
LONGEST_AGO = timedelta(days=400)


@recorder("transcription")
def transcribe(act: Act, field: Field, value: dict[str, Any]) -> None:
    """
    Write how the words came; the act counts as done when they were received.

    :raises forms.AnswersRejected: if the day lies ahead, more than a year back, before the matter or its answer,
        or back without a note
    """
    if act.on_behalf_of is None:
        raise ValueError("a transcription is of somebody's words")
    on = date.fromisoformat(value["on"])
    if value["way"] == Transcription.Way.FILE and not _is_imported(act.case):
        raise rejected(field, _("只有正在导入的建议可以按文件登记"))
    if on > today(act):
        raise rejected(field, _("收到日期不能晚于今天"), "on")
    if on < today(act) and not value.get("note"):
        raise rejected(field, _("收到日期早于今天，请说明补录的原因"), "note")
    if on < today(act) - LONGEST_AGO:
        raise rejected(field, _("收到日期已经过了一年多，请核对年份"), "on")
    if on < act.case.received_on:
        raise rejected(field, _("收到日期不能早于收到这件事的日期"), "on")
    reply = act.case.reply_rows.filter(round=act.case.round).first()
    if reply is not None and on < (reply.delivered_on or time_source.day_of(reply.at)):
        raise rejected(field, _("收到日期不能早于答复送达日期"), "on")
    act.first_day = on
    row = act.transcription = Transcription.objects.create(
        **written(act), person=act.on_behalf_of, way=value["way"], received_on=on, note=value.get("note", "")
    )
    act.say("transcribed", name=act.on_behalf_of.name, way=row.way, on=on)
    # Whoever it is said to come from is told, and can object.
    told = {"number": act.case.number, "title": act.case.title, "on": str(on)}
    # What comes from one file is told once, though it is entered, signed and handed in by several acts.
    key = "file" if row.way == Transcription.Way.FILE else str(row.pk)
    act.notify(row.person_id, "transcribed", key, **told)
    if value.get("proof"):
        commit_files(act, value["proof"], f"transcription:{row.pk}", "photo", "scan")


def _is_imported(case: Case) -> bool:
    """A row of a file stands for a scan only while the matter is entered from it; whatever comes later has its own proof."""
    return case.source == Case.Source.IMPORT and case.stage in ("", DRAFT)
