"""Recorders of what is asked at the door and on the way to a unit: texts, files, asks, merging, handing over."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import OperationalError
from django.utils.translation import gettext as _

from huiyin.cases import errors, runtime
from huiyin.cases.models import Ask, Case, CaseText, Completion, DraftAnswer
from huiyin.cases.recorders.common import commit_files, rejected, today
from huiyin.cases.recording import Act, recorder
from huiyin.core import time_source
from huiyin.directory import selectors as directory
from huiyin.forms.document import Field
from huiyin.rules import selectors as rules


@recorder("choice", "place")
def keep(act: Act, field: Field, value: Any) -> None:
    """The completion keeps the answer; there is no row of its own."""


@recorder("date")
def keep_day(act: Act, field: Field, value: str) -> None:
    """
    The completion keeps the day on which something was done; a rule that names the step as its event counts from it.

    :raises forms.AnswersRejected: if the day lies in the future, or before the matter was received
    """
    on = date.fromisoformat(value)
    if on > today(act):
        raise rejected(field, _("“%(label)s”不能晚于今天") % {"label": field.label})
    if act.task is None:
        return  # what was seen before it was reported
    if on < act.case.received_on:
        raise rejected(field, _("“%(label)s”不能早于收到这件事的日期") % {"label": field.label})
    act.event_days[act.task.name] = on


@recorder("text")
def keep_text(act: Act, field: Field, value: str) -> None:
    """The completion keeps the answer; a title and words that a later form asks for again take the place of the first."""
    if act.task is None:
        return  # start_case has written them
    if field.name == "title":
        act.case.title = value
        act.case.save(update_fields=["title"])
        act.say("text_changed", part="title")
    elif field.name == "words":
        CaseText.objects.filter(case=act.case).update(words=value)
        act.say("text_changed", part="words")


@recorder("photos", "voice")
def commit_attachments(act: Act, field: Field, value: list[str]) -> None:
    """Bind the uploads to the case."""
    part = f"task:{act.task.pk}" if act.task else "report"
    commit_files(act, value, part, "voice" if field.kind.name == "voice" else "photo")


@recorder("asks")
def write_asks(act: Act, field: Field, value: list[str]) -> None:
    """
    Write the numbered asks in place of those before.

    :raises AsksAnswered: if a draft answers them already
    """
    if DraftAnswer.objects.filter(ask__case=act.case).exists():
        raise errors.AsksAnswered
    Ask.objects.filter(case=act.case).delete()
    Ask.objects.bulk_create(
        [Ask(case=act.case, number=number, text=text.strip()) for number, text in enumerate(value, 1)]
    )
    act.say("asks_written", count=len(value))


@recorder("deputy")
def follow(act: Act, field: Field, value: str) -> None:
    """
    Let a deputy of the place follow the case; who reports a matter may turn to a 村民代表 too.

    :raises DeputyUnknown: if none of the place has this id
    """
    place, on = act.case.place, today(act)
    if act.task is None:
        people = [post.person for post in directory.representatives_of(place, on)]
    else:
        people = directory.deputies_of(place, on)
    found = {person.public_id: person for person in people}
    if value not in found:
        raise errors.DeputyUnknown
    act.case.deputy = found[value]
    act.routing["has_deputy"] = True
    if act.task is None:
        act.say("deputy_addressed", deputy=found[value].name)
        act.notify(found[value].pk, "addressed", "report", number=act.case.number)


@recorder("case")
def merge(act: Act, field: Field, value: str) -> None:
    """Point the case to the one it is merged into (并案: handled together, answered separately)."""
    if act.case.merged_cases.exists():
        raise errors.HasMerged
    seen = Case.objects.visible_to(act.by).exclude(pk=act.case.pk).values("pk")
    # A number is given once in a jurisdiction, not once in the country.
    own = Case.objects.being_handled().filter(jurisdiction=act.case.jurisdiction_id, restricted=False)
    wanted = own.filter(number=value.strip().upper(), kind=act.case.kind, pk__in=seen)
    try:
        # Two that are merged into each other at once would wait for each other: the second is asked to try again.
        target = wanted.select_for_update(of=("self",), nowait=True).first()
    except OperationalError as error:
        raise errors.BusyElsewhere from error
    if target is None:
        raise errors.CaseUnknown(number=value)
    act.case.merged_into = target
    act.say("case_merged", into=target.number)


@recorder("second_look")
def look_again(act: Act, field: Field, value: dict[str, Any]) -> None:
    """复核: what was decided stands, or the matter is taken up after all, by itself where it had been merged."""
    case, decision = act.case, value["decision"]
    act.routing["second_look"] = decision
    act.say("looked_again", decision=decision)
    if decision == "reopened":
        case.merged_into = None
        act.notify(case.reporter_id, "taken_up", str(case.revision), number=case.number, reason=act.reason)


@recorder("handover")
def hand_over(act: Act, field: Field, value: dict[str, Any]) -> None:
    """
    交办: the clocks of the case count from this day, under the rules in force on it.

    :raises forms.AnswersRejected: if the day lies in the future
    :raises HandedOverEarly: if the case was not received, or not accepted, yet on that day
    :raises rules.selectors.NoProfile: if no rules were in force on that day
    """
    on = date.fromisoformat(value["on"])
    if on > today(act):
        raise rejected(field, _("交办日期不能晚于今天"), "on")
    if on < _accepted_on(act.case):
        raise errors.HandedOverEarly
    act.first_day = on
    act.case.profile = rules.profile_in_force(act.case.jurisdiction, on)
    act.case.save(update_fields=["profile"])
    act.say("handed_over", on=on, profile=act.case.profile.name)


def _accepted_on(case: Case) -> date:
    """The day on which it was accepted and numbered (立案), where the process has such a step; else when it came."""
    documents = runtime.of(case.definition_id).documents
    registering = [name for name, one in documents.items() if "register" in one.kinds]
    done = Completion.objects.filter(case=case, task__form__in=registering).order_by("-at").first()
    return time_source.day_of(done.at) if done else case.received_on
