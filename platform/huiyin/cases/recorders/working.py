"""Recorders of the work itself: staged progress, contact with the asker, visits on the spot."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from huiyin.cases import deadlines
from huiyin.cases.models import Contact, ProgressNote, Visit
from huiyin.cases.recorders.common import (
    commit_files,
    lead_of,
    milestone_of,
    rejected,
    today,
    unit_of,
    written,
)
from huiyin.cases.recording import Act, recorder
from huiyin.core import time_source
from huiyin.forms.document import Field


@recorder("progress")
def add_progress(act: Act, field: Field, value: dict[str, Any]) -> None:
    """Write a staged report with its photos; it may say that a milestone of the plan was reached."""
    milestone = milestone_of(act, field, value)
    note = ProgressNote.objects.create(
        **written(act),
        unit=unit_of(act),
        milestone=milestone,
        stage=value.get("stage", ""),
        text=value["text"],
        key=act.key,
    )
    act.say("progress_noted", stage=note.stage, unit=note.unit.name if note.unit else "")
    if milestone is not None and value.get("done") == "yes" and milestone.done_on is None:
        milestone.done_on = today(act)
        milestone.save(update_fields=["done_on"])
        act.say("milestone_reached", milestone=milestone.name, planned=milestone.planned_on)
    if value.get("photos"):
        commit_files(act, value["photos"], f"note:{note.pk}", "photo")


@recorder("contact")
def add_contact(act: Act, field: Field, value: dict[str, Any]) -> None:
    """Write what the unit says of its contact; the asker is asked whether it happened."""
    if value["on"] > today(act).isoformat():
        raise rejected(field, _("沟通日期不能晚于今天"), "on")
    contact = Contact.objects.create(
        **written(act),
        unit=unit_of(act),
        **value,
    )
    act.say("contact_recorded", way=contact.way, on=value["on"])
    lead = lead_of(act)
    if lead is None or contact.unit is None or lead.pk in (contact.unit.pk, contact.unit.parent_id):
        spoken_at = time_source.moment_within(date.fromisoformat(value["on"]), act.now)
        deadlines.meet_rules(act.case, [f"*{deadlines.CONTACT}"], spoken_at)
    act.notify(act.case.reporter_id, "contact_to_confirm", str(contact.pk), number=act.case.number)


@recorder("visit")
def add_visit(act: Act, field: Field, value: dict[str, Any]) -> None:
    """Write what was seen on the spot, and whether it agrees with what was reported."""
    visit = Visit.objects.create(
        **written(act),
        milestone=milestone_of(act, field, value),
        agrees=value["agrees"] == "yes",
        text=value["text"],
    )
    act.say("visited", agrees=visit.agrees or None, milestone=visit.milestone.name if visit.milestone else "")
    if value.get("photos"):
        commit_files(act, value["photos"], f"visit:{visit.pk}", "photo")
