"""Recorders of a reply: answered at once, or drafted, reviewed, issued and delivered."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from huiyin.cases import errors, marking, runtime
from huiyin.cases.models import Ask, Assignment, Contact, DraftAnswer, DraftReview, Reply, ReplyDraft, Task
from huiyin.cases.recorders.common import lead_of, listed, of_unit, rejected, today, unit_of, written
from huiyin.cases.recording import Act, after_reply, recorder
from huiyin.core import time_source
from huiyin.forms.document import Field
from huiyin.forms.kinds import JUDGING


@recorder("reply")
def answer(act: Act, field: Field, value: dict[str, Any]) -> None:
    """Write the round's reply, and tell those who asked, also those whose matter was merged into this one."""
    reply = Reply.objects.create(
        **written(act),
        unit=unit_of(act),
        **value,
    )
    _give(act, reply)


def _give(act: Act, reply: Reply) -> None:
    """Say that a reply was given, and tell those who asked."""
    act.routing["reply_result"] = reply.result
    act.say(
        "reply_given",
        result=reply.result,
        round=reply.round,
        document=reply.document_number,
        way=reply.way,
        on=reply.delivered_on,
    )
    own = (act.case.number, act.case.title)
    asked = [
        (act.case.reporter_id, *own),
        (act.case.deputy_id, *own),
        *act.case.merged_cases.values_list("reporter_id", "number", "title"),
    ]
    for person_id, number, title in asked:
        act.notify(person_id, "answered", str(reply.round), number=number, title=title)
    for tell in after_reply:
        tell(act, reply)


@recorder("reply_draft")
def draft(act: Act, field: Field, value: dict[str, Any]) -> None:
    """
    Write the next version of the round's reply, which answers every ask, and say which steps it has to pass.

    :raises forms.AnswersRejected: if an ask is not answered once, nobody spoke with the deputy in this round, or it says
        word for word what was returned
    """
    asks = {ask.number: ask for ask in Ask.objects.filter(case=act.case)}
    _check_answers(field, value, asks)
    lead = lead_of(act)
    spoken = Contact.objects.filter(case=act.case, round=act.case.round)
    if asks and not (spoken if lead is None else spoken.filter(of_unit(lead))).exists():
        raise rejected(field, _("还没有本次办理与代表的沟通记录，请先登记"))
    last = _drafts(act).first()
    if last is not None and _is_said_again(last, value) and _was_returned(last):
        raise rejected(field, _("与退回的第 %(n)s 稿完全相同，请按意见修改后再送核") % {"n": last.version})
    row = ReplyDraft.objects.create(
        **written(act),
        version=last.version + 1 if last else 1,
        unit=lead or unit_of(act),
        result=value["result"],
        text=value.get("text", ""),
        contact_name=value.get("contact_name", ""),
        contact_phone=value.get("contact_phone", ""),
    )
    DraftAnswer.objects.bulk_create(
        [
            DraftAnswer(draft=row, ask=asks[item["ask"]], result=item["result"], text=item["text"])
            for item in value["asks"]
        ]
    )
    joined = _who_spoke(act)
    steps = row.unit.reply_steps if row.unit else []
    act.routing["step_check"] = "check" in steps
    act.routing["step_cosign"] = "cosign" in steps and bool(joined)
    if joined:
        act.routing["co_assignments"] = joined
    act.routing["step_review"] = "review" in steps
    act.say("reply_drafted", version=row.version, unit=row.unit.name if row.unit else "", round=row.round)


def _is_said_again(draft: ReplyDraft, value: dict[str, Any]) -> bool:
    """Whether an answer says what the draft says, word for word, in whatever order it answers the asks."""
    before, points = draft.as_answers(), sorted(value["asks"], key=lambda item: int(item["ask"]))
    return all(before[name] == (points if name == "asks" else value.get(name, "")) for name in before)


def _was_returned(draft: ReplyDraft) -> bool:
    return draft.reviews.filter(decision=DraftReview.Decision.RETURN).exists()


def _who_spoke(act: Act) -> list[str]:
    """The co-handlers' parts in the round; a unit that said nothing in its time has nothing to countersign (会签)."""
    silent = Task.objects.filter(case=act.case, round=act.case.round, status=Task.Status.LAPSED)
    joined = Assignment.objects.filter(case=act.case, round=act.case.round, part=Assignment.Part.CO)
    spoke = joined.exclude(pk__in=silent.exclude(assignment=None).values("assignment_id"))
    return list(spoke.order_by("id").values_list("public_id", flat=True))


def _check_answers(field: Field, value: dict[str, Any], asks: dict[int, Ask]) -> None:
    answered = [item["ask"] for item in value["asks"]]
    if missing := set(asks) - set(answered):
        raise rejected(field, _("诉求 %(numbers)s 还没有答复") % {"numbers": listed(missing)})
    if unknown := set(answered) - set(asks):
        raise rejected(field, _("没有诉求 %(numbers)s，请核对") % {"numbers": listed(unknown)})
    if twice := {number for number in answered if answered.count(number) > 1}:
        raise rejected(field, _("诉求 %(numbers)s 答复了不止一次") % {"numbers": listed(twice)})
    if not asks and not value.get("text"):
        raise rejected(field, _("请填写答复内容"), "text")


def _drafts(act: Act) -> Any:
    """The drafts of the round, newest first."""
    return ReplyDraft.objects.filter(case=act.case, round=act.case.round).order_by("-version")


def _newest(act: Act) -> ReplyDraft:
    found: ReplyDraft | None = _drafts(act).first()
    if found is None:
        raise errors.NoDraft
    return found


def _placed(field: Field, row: ReplyDraft, marks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """
    Marks with the number of the ask in whose answer their passage stands, 0 for the text beside them.

    :raises forms.AnswersRejected: if a passage stands nowhere, or in several and nobody said which
    """
    texts = {0: row.text} | dict(row.answers.values_list("ask__number", "text"))
    found = []
    for n, mark in enumerate(marks, 1):
        wanted = {mark["ask"]} if "ask" in mark else texts.keys()
        places = [ask for ask in wanted if marking.find(texts.get(ask, ""), mark["passage"])]
        if not places:
            sentence = _("批注 %(n)s 的原文在这一稿里找不到，请从同一条答复里照原样选取")
            raise rejected(field, sentence % {"n": n}, f"{n}-passage")
        if len(places) > 1:
            raise rejected(
                field, _("批注 %(n)s 的原文在几条答复里都有，请写明是第几项") % {"n": n}, f"{n}-ask"
            )
        found.append({**mark, "ask": places[0]})
    return found


def _judge(act: Act, field: Field, row: ReplyDraft, value: dict[str, Any]) -> None:
    decision, marks = value["decision"], _placed(field, row, value.get("marks", []))
    DraftReview.objects.create(
        **written(act),
        draft=row,
        step_id=act.task.step_id if act.task else "",
        step_name=act.task.name if act.task else "",
        decision=decision,
        remarks=value.get("remarks", ""),
        marks=marks,
    )
    kind_of_step = act.task.name if act.task else ""
    if decision == "return":
        act.say("draft_returned", version=row.version, step=kind_of_step)
    else:
        act.say("draft_reviewed", version=row.version, step=kind_of_step)
    act.routing["review"] = decision


@recorder("review")
def review(act: Act, field: Field, value: dict[str, Any]) -> None:
    """
    Let the newest draft pass, or return it with remarks or marks.

    :raises NoDraft: if there is none in this round
    :raises OwnDraft: if the person wrote it, and would let it pass
    :raises forms.AnswersRejected: if a marked passage does not stand in this version
    """
    row = _newest(act)
    if value["decision"] == "pass":
        _check_second_pair_of_eyes(act, row)
    _judge(act, field, row, value)


def drafter_who_waits(task: Task) -> int | None:
    """Whose draft is passed at a task, if one is: anyone else to whom the task leads may pass it."""
    if not runtime.document_of(task, task.case.definition_id).kinds & JUDGING:
        return None
    drafts = ReplyDraft.objects.filter(case=task.case, round=task.case.round).order_by("-version")
    return drafts.values_list("by_id", flat=True).first()


def _check_second_pair_of_eyes(act: Act, row: ReplyDraft) -> None:
    """Nobody passes what he wrote himself, in whichever post; to return it is no harm."""
    if row.by_id == act.person.pk:
        raise errors.OwnDraft


@recorder("issuing")
def issue(act: Act, field: Field, value: dict[str, Any]) -> None:
    """
    签发: give the newest draft its number, signer and date, or return it with remarks or marks.

    :raises NoDraft: if there is none in this round
    :raises OwnDraft: if the person wrote it
    :raises forms.AnswersRejected: if it is signed in the future, before it was written, with marks left in it,
        or with the number of another case's letter that it is not said to be joined with
    """
    row = _newest(act)
    if value["decision"] == "return":
        _judge(act, field, row, value)
        return
    if value.get("marks"):
        raise rejected(field, _("稿上还有批注：请选“退回修改”，或者清空批注后签发"))
    _check_second_pair_of_eyes(act, row)
    signed_on = date.fromisoformat(value["signed_on"])
    if signed_on > today(act):
        raise rejected(field, _("签发日期不能晚于今天"), "signed_on")
    if signed_on < time_source.day_of(row.at):
        raise rejected(field, _("签发日期不能早于拟稿日期"), "signed_on")
    if "joint" not in value and (other := _numbered_alike(row, value["document_number"])):
        sentence = _("文号 %(number)s 已经用于%(other)s；确实是同一份答复函的，请勾选“合并答复”后再签发")
        raise rejected(
            field, sentence % {"number": value["document_number"], "other": other}, "document_number"
        )
    row.document_number, row.signed_by, row.signed_on = (
        value["document_number"],
        value["signed_by"],
        signed_on,
    )
    row.save(update_fields=["document_number", "signed_by", "signed_on"])
    act.routing["review"] = "pass"
    act.say("reply_issued", version=row.version, document=row.document_number, on=signed_on)


def _numbered_alike(draft: ReplyDraft, number: str) -> str:
    """The other case whose letter of the unit has this 文号; who signs at the same moment waits here, and then is told."""
    with connection.cursor() as cursor:
        key = f"document_number:{draft.unit_id}:{number}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    signed = ReplyDraft.objects.filter(unit=draft.unit, document_number=number).exclude(case=draft.case_id)
    return signed.order_by("pk").values_list("case__number", flat=True).first() or ""


@recorder("delivery")
def deliver(act: Act, field: Field, value: dict[str, Any]) -> None:
    """
    送达: what the newest draft says becomes the reply of the round, and those who asked are told.

    :raises NoDraft: if there is none in this round
    :raises AnsweredAlready: if the round has its reply
    :raises forms.AnswersRejected: if the day lies in the future, or it was not signed, or not written, yet on that day
    """
    row, on = _newest(act), date.fromisoformat(value["on"])
    if act.case.reply_rows.filter(round=act.case.round).exists():
        raise errors.AnsweredAlready
    if on > today(act):
        raise rejected(field, _("送达日期不能晚于今天"), "on")
    if on < (row.signed_on or time_source.day_of(row.at)):
        raise rejected(field, _("送达日期不能早于签发日期"), "on")
    act.first_day = on
    reply = row.as_reply(**written(act), delivered_on=on, way=value["way"])
    reply.save(force_insert=True)
    _give(act, reply)
