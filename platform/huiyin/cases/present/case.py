"""One case, by right of sight: for those who handle it, and for the one who asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from huiyin.cases import runtime
from huiyin.cases.models import Ask, Case, Delivery, Hearing, Milestone, Supplement, Transcription
from huiyin.cases.present.badges import Badge, status_badge
from huiyin.cases.present.rounds import RoundView, rounds_of
from huiyin.cases.querysets import CLOSED
from huiyin.directory.actors import Actor
from huiyin.directory.roles import UNIT_ROLES, Role
from huiyin.files.models import Attachment
from huiyin.forms.document import in_language

#: Who may read the asker's name and telephone: those who must call back.
CALLS_BACK = (Role.CONGRESS_OFFICE, Role.STATION, Role.HANDLER, Role.UNIT_HEAD)


@dataclass(frozen=True)
class StageView:
    """A mark on the progress bar: done, current or to come."""

    name: str
    state: str


@dataclass(frozen=True)
class LinkView:
    """Another case that the reader may open."""

    id: str
    number: str
    title: str


@dataclass(frozen=True)
class CaseView:
    """A case as a page or the API shows it."""

    id: str
    number: str
    title: str
    words: str
    where: str
    place: str
    kind: str
    category: str
    status: Badge
    stages: tuple[StageView, ...]
    round: int
    outcome: str
    source: str
    received_on: date
    received_at: datetime
    closed_at: datetime | None
    reporter: str
    deputy: str
    contact: Mapping[str, str]
    merged_into: str
    rounds: tuple[RoundView, ...]
    photos: tuple[Attachment, ...]
    voices: tuple[Attachment, ...]
    #: what somebody wrote down who listened to them
    heard: Hearing | None = None
    #: the numbered asks, and the plan of a project
    asks: tuple[Ask, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    #: the matter that this one was made from, and those made from it, as far as the reader sees them
    derived_from: LinkView | None = None
    derived_cases: tuple[LinkView, ...] = ()
    #: whether it was moved by virtue of an office (a deputy's suggestion), and not reported by a citizen
    moved: bool = False
    #: (label, words) of what its forms marked as a fact, in the order of the forms
    facts: tuple[tuple[str, str], ...] = ()
    #: when a moved matter was handed in with its signatures
    submitted_on: date | None = None
    #: 不宜公开
    unpublished: bool = False
    #: (what an office entered for somebody, its scans)
    transcriptions: tuple[tuple[Transcription, tuple[Attachment, ...]], ...] = ()
    #: (what the one who asked added later, its photos)
    supplements: tuple[tuple[Supplement, tuple[Attachment, ...]], ...] = ()
    #: 送达 of its answers; to whom, for those who may read the asker's name
    deliveries: tuple[tuple[Delivery, str], ...] = ()
    #: whether the reader says if a unit's contact took place
    confirms_contacts: bool = False


def case(row: Case, actor: Actor) -> CaseView:
    """Present a case that the caller found through `visible_to(actor)`."""
    run = runtime.of(row.definition_id)
    attached = _attached(row)
    asks = tuple(row.asks.all())
    facts = {fact.name: fact for fact in row.facts.all()}
    return CaseView(
        id=row.public_id,
        number=row.number,
        title=row.title,
        words=row.text.words,
        where=row.text.where,
        place=row.place.full_name,
        kind=row.definition.local_name,
        category=_category(run, facts["category"].text if "category" in facts else ""),
        status=status_badge(row),
        stages=_stages(row, run),
        round=row.round,
        outcome=row.outcome,
        source=row.get_source_display(),
        received_on=row.received_on,
        received_at=row.received_at,
        closed_at=row.closed_at,
        reporter=row.reporter.name,
        deputy=row.deputy.name if row.deputy else "",
        contact=row.text.sealed if _may_call_back(row, actor) else {},
        merged_into=row.merged_into.number if row.merged_into else "",
        rounds=rounds_of(row, actor, attached, asks),
        **_heard_and_seen(row, attached.get("report", [])),
        asks=asks,
        milestones=tuple(row.milestones.all()),
        derived_from=next(iter(_links(actor, pk=row.derived_from_id)), None) if row.derived_from_id else None,
        derived_cases=_links(actor, derived_from=row),
        moved=bool(row.definition.starters),
        facts=tuple(_facts(run, {name: fact.text for name, fact in facts.items()})),
        submitted_on=facts["submitted_on"].on if "submitted_on" in facts else None,
        unpublished="publicity" in facts and facts["publicity"].text == CLOSED,
        **_papers(row, actor, attached),
        confirms_contacts=row.confirms_contacts(actor.person),
    )


def _attached(row: Case) -> dict[str, list[Attachment]]:
    """Photos and voices by the part of the case that they belong to."""
    attached: dict[str, list[Attachment]] = {}
    for attachment in Attachment.objects.filter(subject_kind="case", subject_id=row.pk).order_by("id"):
        attached.setdefault(attachment.part, []).append(attachment)
    return attached


def _heard_and_seen(row: Case, reported: list[Attachment]) -> dict[str, Any]:
    photos, voices = (tuple(one for one in reported if one.kind == kind) for kind in ("photo", "voice"))
    heard = row.hearing_rows.select_related("by").last() if voices else None
    return {"photos": photos, "voices": voices, "heard": heard}


def _papers(row: Case, actor: Actor, attached: Mapping[str, list[Attachment]]) -> dict[str, Any]:
    return {
        "transcriptions": tuple(_transcriptions(row, attached)),
        "supplements": tuple(_supplements(row, attached)),
        "deliveries": tuple(_deliveries(row, actor)),
    }


def _transcriptions(
    row: Case, attached: Mapping[str, list[Attachment]]
) -> Iterator[tuple[Transcription, tuple[Attachment, ...]]]:
    for one in row.transcription_rows.select_related("by", "person", "task__case"):
        yield one, tuple(attached.get(f"transcription:{one.pk}", []))


def _supplements(
    row: Case, attached: Mapping[str, list[Attachment]]
) -> Iterator[tuple[Supplement, tuple[Attachment, ...]]]:
    for one in row.supplement_rows.all():
        yield one, tuple(attached.get(f"supplement:{one.pk}", []))


def _deliveries(row: Case, actor: Actor) -> Iterator[tuple[Delivery, str]]:
    found = list(row.delivery_rows.select_related("by"))
    knows = bool(found) and _may_call_back(row, actor)
    for one in found:
        yield one, one.sealed.get("to", "") if knows else ""


def _links(actor: Actor, **which: object) -> tuple[LinkView, ...]:
    seen = Case.objects.visible_to(actor).filter(**which).order_by("id")
    return tuple(LinkView(one.public_id, one.number, one.title) for one in seen)


#: The outcomes of what went through every stage.
_WHOLE_WAY = frozenset({"answered", "unrated"})
#: Facts with a place of their own on the page.
SHOWN_ELSEWHERE = frozenset({"category", "publicity", "submitted_on"})


def _facts(run: runtime.Runtime, known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    told = set(SHOWN_ELSEWHERE)
    for document in run.documents.values():
        for field in document.fields.values():
            if field.ui.get("fact") and field.name in known and field.name not in told:
                told.add(field.name)
                value = known[field.name]
                yield field.label, in_language(field.ui.get("options", {}).get(value)) or value


def _category(run: runtime.Runtime, value: str) -> str:
    """A category in words: chosen by the one who asked, or by the office that gave the number."""
    for document in run.documents.values():
        for field in document.fields.values():
            offers = field.name == "category" or field.kind.name == "register"
            if offers and (words := in_language(field.ui.get("options", {}).get(value))):
                return words
    return value


def _may_call_back(row: Case, actor: Actor) -> bool:
    units = set(row.assignments.filter(round=row.round).values_list("unit_id", flat=True))
    return any(
        post.unit_ids & units if post.role in UNIT_ROLES else row.place.path.startswith(post.place_path)
        for post in actor.with_role(*CALLS_BACK)
    ) or (actor.person is not None and actor.person.pk == row.reporter_id)


def _stages(row: Case, run: runtime.Runtime) -> tuple[StageView, ...]:
    """The progress bar; what ended otherwise than by an answer stops where it ended."""
    names = [stage["id"] for stage in run.stages]
    is_closed = row.closed_at is not None
    last = names[-1] if is_closed and row.outcome in _WHOLE_WAY else row.stage
    at = names.index(last) if last in names else 0
    states = [
        "done" if n < at or (n == at and is_closed) else "current" if n == at else "todo"
        for n in range(len(names))
    ]
    return tuple(
        StageView(in_language(stage), state) for stage, state in zip(run.stages, states, strict=True)
    )
