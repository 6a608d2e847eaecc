"""What pages show of the congress: the options that it adds to a case's form, and who signs a matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from huiyin.cases import runtime
from huiyin.cases.models import Case
from huiyin.cases.querysets import by_office
from huiyin.congress import selectors, signing
from huiyin.congress.models import Ballot, CasePair, Signature
from huiyin.directory.actors import Actor
from huiyin.directory.models import Person, Place, Post
from huiyin.directory.roles import Role
from huiyin.forms import rendering
from huiyin.forms.rendering import Choices

Status = Signature.Status
_TONES = {
    Status.INVITED: "quiet",
    Status.SIGNED: "done",
    Status.VOID: "near",
    Status.DECLINED: "quiet",
    Status.WITHDRAWN: "quiet",
}


@dataclass(frozen=True)
class SignatureView:
    """A deputy who was asked to sign, and where the signature stands under the present text."""

    deputy: str
    status: str
    text: str
    tone: str
    agrees_to_withdrawal: bool
    mine: bool
    on_paper: bool


@dataclass(frozen=True)
class SigningView:
    """Who proposes a matter, how many must, and what the reader may do about it."""

    rows: tuple[SignatureView, ...]
    have: int
    need: int
    text_hash: str
    may_sign: bool
    may_decline: bool
    may_take_back: bool
    may_agree: bool


def linked_to(case: Case, actor: Actor) -> list[Case]:
    """The matters that an office linked to a case, for those who read the offices' paper of both, oldest first."""
    paper = by_office(actor, "first__") & by_office(actor, "second__")
    pairs = CasePair.objects.visible_to(actor).filter(paper, verdict=CasePair.Verdict.LINKED)
    found = pairs.filter(Q(first=case) | Q(second=case)).select_related("first", "second")
    return sorted(
        (one.second if one.first_id == case.pk else one.first for one in found), key=lambda one: one.pk
    )


def choices_of(case: Case, today: date) -> Mapping[str, Choices]:
    """What the congress offers on a case's form: the state of the signatures, counted ballots, deputies to invite."""
    place = selectors.congress_of(case, today)
    invited = set(Signature.objects.filter(case=case).values_list("deputy_id", flat=True))
    deputies = selectors.deputies_of_congress(place, today).exclude(pk__in=invited)
    have, need = selectors.proposers(case, today)
    counted = Ballot.objects.filter(state=Ballot.State.COUNTED, session__place=place, candidates__case=case)
    return {
        "signatures": [("", _state(have, need) + _unsigned(case))],
        "ballot": [(ballot.public_id, ballot.title) for ballot in counted.order_by("-counted_at")],
        "invitations": _named(deputies.exclude(pk=case.reporter_id), case.reporter, today),
    }


def choices_at(place: Place, mover: Person, today: date) -> Mapping[str, Choices]:
    """What a form offers before there is a case: the other deputies of the congress."""
    deputies = selectors.deputies_of_congress(place, today)
    return {"invitations": _named(deputies.exclude(pk=mover.pk), mover, today)}


def deputies_at(place: Place, today: date) -> Choices:
    """The deputies of a congress by the place that elected them."""
    return _named(selectors.deputies_of_congress(place, today), None, today)


def may_show_code(case: Case, actor: Actor) -> bool:
    """Whether an actor may let deputies sign on the spot: the mover, while a matter that is signed is open for it."""
    takes = any("signatures" in form.kinds for form in runtime.of(case.definition_id).documents.values())
    is_mover = actor.person is not None and actor.person.pk == case.reporter_id
    return takes and is_mover and signing.is_open(case)


def signing_of(case: Case, actor: Actor, today: date) -> SigningView | None:
    """The signatures of a case that the caller found through `visible_to(actor)`; None if nobody was asked."""
    signed = selectors.signatures_of(case)
    if not signed:
        return None
    have, need = selectors.proposers(case, today)
    own = next((one for one in signed if one.signature.deputy == actor.person), None)
    is_open = signing.is_open(case)
    status = own.status if own else None
    return SigningView(
        rows=tuple(
            SignatureView(
                deputy=one.signature.deputy.name,
                status=one.status.value,
                text=str(one.status.label) if is_open or one.status != Status.INVITED else _("未附议"),
                tone=_TONES[one.status],
                agrees_to_withdrawal=one.signature.agreed_withdrawal_at is not None,
                mine=one is own,
                on_paper=one.signature.transcription_id is not None and one.status != Status.INVITED,
            )
            for one in signed
        ),
        have=have,
        need=need,
        text_hash=signed[0].text_hash,
        may_sign=is_open and status is not None and status != Status.SIGNED,
        may_decline=is_open and status == Status.INVITED,
        may_take_back=case.closed_at is None and status in (Status.SIGNED, Status.VOID),
        may_agree=case.closed_at is None
        and own is not None
        and status == Status.SIGNED
        and own.signature.agreed_withdrawal_at is None,
    )


def _state(have: int, need: int) -> str:
    """“已有 3 名代表附议（另需 2 名）”; the mover needs no signature of his own."""
    signed = have - 1
    if have >= need:
        return _("已有 %(signed)s 名代表附议，人数已够") % {"signed": signed}
    return _("已有 %(signed)s 名代表附议（另需 %(more)s 名）") % {"signed": signed, "more": need - have}


def _unsigned(case: Case) -> str:
    """Whom the mover would leave behind by submitting now."""
    waiting = (Status.INVITED, Status.VOID)
    names = [one.signature.deputy.name for one in selectors.signatures_of(case) if one.status in waiting]
    return _("；尚未签名：%(names)s") % {"names": _("、").join(names)} if names else ""


def _named(people: object, mover: Person | None, today: date) -> list[tuple[str, str]]:
    """Deputies by the place that elected them: the mover's own delegation first, then in the order of the places."""
    held = Post.objects.held_on(today).filter(role=Role.DEPUTY).select_related("person", "place")
    own = set(held.filter(person=mover).values_list("place_id", flat=True))
    posts = held.filter(person__in=people).order_by("place__path", "person__pinyin", "person_id")
    found = {
        post.person.public_id: rendering.InGroup(post.person.name, post.place.name, _found_by(post.person))
        for post in sorted(posts, key=lambda post: post.place_id not in own)
    }
    return list(found.items())


def _found_by(person: Person) -> str:
    """A name's pinyin, written together, and its first letters: “taoqiming tqm”."""
    syllables = person.pinyin.split()
    return f"{''.join(syllables)} {''.join(part[0] for part in syllables)}".strip()
