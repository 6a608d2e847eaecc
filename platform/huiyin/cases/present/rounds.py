"""What happened in each round of a case, newest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huiyin.cases import runtime
from huiyin.cases.models import Ask, Assignment, Case, Completion, Consultation, ReplyDraft, Task
from huiyin.cases.present.differences import Piece, difference
from huiyin.cases.present.task import in_words
from huiyin.directory.actors import Actor
from huiyin.directory.models import Person
from huiyin.files.models import Attachment

#: The class of a reply by its result: A 已解决, B 正在解决, C 列入计划, D 留作参考.
CLASSES = {"done": "A", "doing": "B", "planned": "C", "noted": "D"}

Attached = Mapping[str, list[Attachment]]


@dataclass(frozen=True)
class AskView:
    """An ask beside what is answered to it, what was answered in the round before, and whether it is settled."""

    number: int
    text: str
    answer: Any = None
    former: Any = None
    #: (who rated, settled or not)
    settled: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True)
class RoundView:
    """What happened in one round: units, staged notes, contacts, the reply and its ratings."""

    number: int
    assignments: tuple[Any, ...]
    notes: tuple[tuple[Any, tuple[Attachment, ...]], ...]
    contacts: tuple[Any, ...]
    objections: tuple[Any, ...]
    reply: Any
    ratings: tuple[Any, ...]
    #: what offices wrote beside the records: (step, who, when, question, words)
    remarks: tuple[tuple[str, str, datetime, str, str], ...] = ()
    #: the asks, once something is answered to them in this round
    asks: tuple[AskView, ...] = ()
    #: the draft that became the reply of the round before
    former: ReplyDraft | None = None
    #: (draft, its reviews), newest first; empty for the one who asked
    drafts: tuple[tuple[Any, tuple[Any, ...]], ...] = ()
    extensions: tuple[Any, ...] = ()
    #: why something was late, in the words of those who owed it
    delays: tuple[Any, ...] = ()
    visits: tuple[tuple[Any, tuple[Attachment, ...]], ...] = ()
    #: 加签 and 传阅, as far as they were not taken back; empty for the one who asked
    consultations: tuple[Any, ...] = ()
    #: the co-handling units that said nothing in their time
    silent: tuple[str, ...] = ()
    #: 盖章件: the sealed letter, which is the official text
    sealed: Attachment | None = None

    @property
    def signed(self) -> tuple[Any, ...]:
        """加签: what colleagues were asked for, and their opinions."""
        return tuple(found for found in self.consultations if found.kind == Consultation.Kind.SIGN)

    @property
    def read(self) -> tuple[Any, ...]:
        """传阅: to whom it was passed."""
        return tuple(found for found in self.consultations if found.kind == Consultation.Kind.READ)

    @property
    def judged(self) -> tuple[Any, ...]:
        """The reviews of the draft whose answers stand beside the asks; none once the reply is given."""
        return self.drafts[0][1] if self.drafts and self.reply is None else ()

    @property
    def changes(self) -> tuple[tuple[int, tuple[Piece, ...]], ...]:
        """(ask, 0 for the text, what changed) in the newest draft since the one before, else since the last reply."""
        if not self.drafts:
            return ()
        former = self.drafts[1][0] if len(self.drafts) > 1 else self.former
        before = _texts_of(former) if former else {}
        after = _texts_of(self.drafts[0][0])
        changed = sorted(number for number in before if number in after and before[number] != after[number])
        return tuple((number, difference(before[number], after[number])) for number in changed)

    @property
    def opinions(self) -> tuple[tuple[Any, tuple[Attachment, ...]], ...]:
        """What the co-handlers wrote."""
        others = {part.unit_id for part in self.assignments if part.part == "co"}
        return tuple(found for found in self.notes if found[0].unit_id in others)


def _texts_of(draft: ReplyDraft) -> dict[int, str]:
    return {answer.ask.number: answer.text for answer in draft.answers.all()} | {0: draft.text}


def rounds_of(row: Case, actor: Actor, attached: Attached, asks: Iterable[Ask]) -> tuple[RoundView, ...]:
    """The rounds of a case that the caller found through `visible_to(actor)`."""
    lists = _lists(row)
    notes = list(row.progressnote_rows.select_related("unit", "by", "milestone"))
    visits = list(row.visit_rows.select_related("by", "milestone"))
    given = row.reply_rows.select_related("unit", "by", "draft").prefetch_related("draft__answers")
    replies = {reply.round: reply for reply in given}
    drafts, consultations = _drafts(row, actor), _consultations(row, actor)
    lapsed = row.tasks.filter(status=Task.Status.LAPSED, assignment__part=Assignment.Part.CO)
    silent = list(lapsed.select_related("unit").order_by("id"))

    def of(rows: list[Any], number: int) -> tuple[Any, ...]:
        return tuple(found for found in rows if found.round == number)

    return tuple(
        RoundView(
            number=number,
            notes=tuple((note, tuple(attached.get(f"note:{note.pk}", []))) for note in of(notes, number)),
            visits=tuple(
                (found, tuple(attached.get(f"visit:{found.pk}", []))) for found in of(visits, number)
            ),
            reply=replies.get(number),
            former=replies[number - 1].draft if number - 1 in replies else None,
            remarks=tuple(_remarks(row, number)),
            asks=_asks(asks, number, replies, drafts, of(lists["ratings"], number)),
            drafts=tuple((draft, tuple(draft.reviews.all())) for draft in of(drafts, number)),
            sealed=next(reversed(attached.get(f"sealed:{number}", [])), None),
            silent=tuple(task.unit.name for task in of(silent, number) if task.unit),
            consultations=of(consultations, number),
            **{name: of(found, number) for name, found in lists.items()},
        )
        for number in range(row.round, 0, -1)
    )


def _lists(row: Case) -> dict[str, list[Any]]:
    """The records that a round shows as they are, of all rounds."""
    found: dict[str, Iterable[Any]] = {
        "assignments": row.assignments.select_related("unit", "handler").order_by("-part", "id"),
        "contacts": row.contact_rows.select_related("unit", "by"),
        "objections": row.objection_rows.select_related("unit", "by"),
        "ratings": row.rating_rows.prefetch_related("asks__ask"),
        "extensions": row.extension_rows.select_related("unit", "by"),
        "delays": row.delaynote_rows.select_related("unit", "by", "task__case"),
    }
    return {name: list(rows) for name, rows in found.items()}


def _drafts(row: Case, actor: Actor) -> list[ReplyDraft]:
    """The drafts that the actor may read, newest first."""
    seen = ReplyDraft.objects.visible_to(actor).filter(case=row).select_related("unit", "by")
    return list(seen.prefetch_related("answers__ask", "reviews__by").order_by("-round", "-version"))


def _consultations(row: Case, actor: Actor) -> list[Consultation]:
    """What the actor may read of what colleagues asked of each other."""
    seen = Consultation.objects.visible_to(actor).filter(case=row, withdrawn_at=None)
    return list(seen.select_related("task__case", "by", "to"))


def _asks(
    asks: Iterable[Ask],
    number: int,
    replies: Mapping[int, Any],
    drafts: list[ReplyDraft],
    ratings: tuple[Any, ...],
) -> tuple[AskView, ...]:
    """The asks beside the reply's answers, or those of the newest draft while there is no reply."""
    reply, before = replies.get(number), replies.get(number - 1)
    newest = next((draft for draft in drafts if draft.round == number), None)
    answers = _answers(reply.draft if reply is not None else newest)
    if not answers:
        return ()
    former = _answers(before.draft if before is not None else None)
    return tuple(
        AskView(
            number=ask.number,
            text=ask.text,
            answer=answers.get(ask.pk),
            former=former.get(ask.pk),
            settled=tuple(
                (rating.get_rater_display(), judged.settled)
                for rating in ratings
                for judged in rating.asks.all()
                if judged.ask_id == ask.pk
            ),
        )
        for ask in asks
    )


def _answers(draft: ReplyDraft | None) -> dict[int, Any]:
    return {} if draft is None else {answer.ask_id: answer for answer in draft.answers.all()}


def said_by(row: Case, person: Person | None) -> tuple[tuple[str, datetime, str], ...]:
    """(question, when, words): what a person wrote at the steps of a case, the oldest first."""
    done = row.completions.filter(by=person).select_related("task").order_by("at")
    return tuple((label, at, words) for _step, at, label, words in _words_of(row, done))


def _remarks(row: Case, number: int) -> Iterator[tuple[str, str, datetime, str, str]]:
    """The free words of a round's completions: 交办意见, why it was not accepted, what is still not solved."""
    for done in row.completions.filter(task__round=number).select_related("task", "by").order_by("at"):
        for step, at, label, words in _words_of(row, [done]):
            yield step, done.by.name, at, label, words


def _words_of(row: Case, completions: Iterable[Completion]) -> Iterator[tuple[str, datetime, str, str]]:
    for done in completions:
        step = in_words(done.task.name, done.task.done_under_id or row.definition_id, done.task.form)
        for name, field in runtime.document_of(done.task, row.definition_id).fields.items():
            if field.kind.name == "text" and name in done.answers:
                yield step, done.at, field.label, done.answers[name]
