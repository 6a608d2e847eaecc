"""Publish the reviewed text of a matter, take it back, and count who has met the same thing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from huiyin.cases import errors as case_errors
from huiyin.cases.models import Case, Completion, Reply
from huiyin.cases.recording import Act
from huiyin.cases.services import locking
from huiyin.core import time_source
from huiyin.directory.actors import PUBLIC, Actor
from huiyin.opinion import errors, masking
from huiyin.opinion.models import Publication, Supporter
from huiyin.opinion.querysets import NOT_TAKEN_UP

#: what a reporter says of persons; see the sensitive fields of forms/matter/report.json
_NAMES = ("name", "other_name")


def known_names(case: Case) -> list[str]:
    """The names that the asker gave, of two characters and more: one alone stands in half of all sentences."""
    return [name for key in _NAMES if len(name := str(case.text.sealed.get(key, "")).strip()) > 1]


def check_publishable(case: Case) -> None:
    """
    Refuse a matter that is not for everybody.

    :raises NotForThePublic: if it is restricted or 不宜公开
    :raises NotReviewedYet: if nobody has taken it up
    """
    if case.is_closed_to_the_public:
        raise errors.NotForThePublic
    taken_up = Completion.objects.filter(case=case).exclude(by=case.reporter)
    if case.outcome in NOT_TAKEN_UP or not taken_up.exists():
        raise errors.NotReviewedYet


@transaction.atomic
def publish_case(
    *, case: Case, title: str, words: str, answer: str = "", by: Actor, now: datetime, seen: str = ""
) -> Publication:
    """
    Publish the reviewed text of a matter, in place of what was published of it before; the asker is told the first time.

    The same texts sent once more change nothing.

    :param seen: the version of what stood when the texts were written; empty: nothing stood
    :raises NotYourAct: without the right, at the case's place
    :raises NotForThePublic: if it is restricted or 不宜公开
    :raises NotReviewedYet: if nobody has taken it up
    :raises TextMissing: without a title or words
    :raises NoAnswerYet: with an answer to a matter that has none
    :raises StillPersonal: with a telephone or identity number, or a name the asker gave, in the text
    :raises PublicationMoved: if something else stands by now
    """
    locked = locking.lock(case.pk)
    by.require("answer.publish", locked.place)
    check_publishable(locked)
    texts = {"title": title.strip(), "words": words.strip(), "answer": answer.strip()}
    _check_texts(locked, texts)
    act = Act(locked, by, now)
    row = Publication.objects.standing().filter(case=locked).first()
    columns = {**texts, **_answered(locked, texts["answer"])}
    if row is not None and all(getattr(row, name) == value for name, value in columns.items()):
        return row
    if seen != (row.version if row else ""):
        raise errors.PublicationMoved
    if row is None:
        row = Publication.objects.create(case=locked, published_by=act.person, published_at=now, **columns)
        act.say("matter_published", title=row.title, answered=bool(row.answer) or None)
        act.notify(locked.reporter_id, "published", row.public_id, number=locked.number)
    else:
        _revise(row, act, columns)
    locking.finish(act)
    return row


def _check_texts(case: Case, texts: dict[str, str]) -> None:
    """The field that is wrong goes with the refusal, for the page that marks it."""
    for name, text in texts.items():
        if (not text and name != "answer") or (name == "title" and len(text) > _room("title")):
            raise errors.TextMissing(field=name)
        if found := masking.personal_in(text, known_names(case)):
            raise errors.StillPersonal(found=found[0], field=name)


def _revise(row: Publication, act: Act, columns: dict[str, Any]) -> None:
    for name, value in columns.items():
        setattr(row, name, value)
    row.revised_by, row.revised_at = act.person, act.now
    row.save()
    act.say("publication_revised", title=row.title, answered=bool(row.answer) or None)


def _answered(case: Case, answer: str) -> dict[str, Any]:
    if not answer:
        return {"result": "", "answered_on": None}
    reply = Reply.objects.filter(case=case).order_by("-round").first()
    if reply is None:
        raise errors.NoAnswerYet
    return {"result": reply.result, "answered_on": reply.delivered_on or time_source.day_of(reply.at)}


@transaction.atomic
def withdraw_publication(*, publication: Publication, reason: str, by: Actor, now: datetime) -> Publication:
    """
    Take what was published out of the public list.

    :raises NotYourAct: without the right, at the case's place
    :raises NotPublished: if it was withdrawn before
    :raises ReasonMissing: without a reason
    """
    case = locking.lock(publication.case_id)
    by.require("answer.publish", case.place)
    row = Publication.objects.get(pk=publication.pk)
    if row.withdrawn_at is not None:
        raise errors.NotPublished
    reason = reason.strip()[: _room("withdrawn_reason")]
    if not reason:
        raise case_errors.ReasonMissing
    act = Act(case, by, now)
    row.withdrawn_by, row.withdrawn_at, row.withdrawn_reason = act.person, now, reason
    row.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_reason"])
    act.say("publication_withdrawn", reason=reason)
    locking.finish(act)
    return row


def _room(column: str) -> int:
    return Publication._meta.get_field(column).max_length or 0


@transaction.atomic
def support(*, publication: Publication, key: str, now: datetime) -> int:
    """
    我也遇到: count one more who met the same thing, once for each key; returns how many there are.

    The rows of the supporters are the record of each. The matter's history gets one line a day, with the count by then: it
    can't be shortened, and whoever throws the key away after each click must not bury in it what the offices did. For the
    same reason the count is a hint and decides nothing.

    :raises NotPublished: if it was withdrawn
    :raises CaseClosed: if the matter is closed: who meets it again reports it anew
    """
    case = locking.lock(publication.case_id)
    row = Publication.objects.visible_to(PUBLIC).filter(pk=publication.pk).first()
    if row is None:
        raise errors.NotPublished
    if case.closed_at is not None:
        raise case_errors.CaseClosed
    before = row.supporters.order_by("-at").first()
    _one, is_new = Supporter.objects.get_or_create(publication=row, key=key, defaults={"at": now})
    count = row.supporters.count()
    if is_new and (before is None or time_source.day_of(before.at) != time_source.day_of(now)):
        act = Act(case, PUBLIC, now)
        act.say("matter_met_too", count=count)
        locking.finish(act)
    return count
