"""Small helpers of the pages' templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.conf import settings
from django.utils.translation import gettext as _

from huiyin.cases import marking, present, runtime
from huiyin.cases.models import Case, Task
from huiyin.cases.services import transcribing
from huiyin.congress.models import Ballot, Collection
from huiyin.congress.selectors import terms_run_by
from huiyin.core import time_source
from huiyin.core.languages import is_english
from huiyin.definitions.models import Definition
from huiyin.directory import selectors as directory
from huiyin.directory.actors import PUBLIC, Actor
from huiyin.directory.models import Unit
from huiyin.web import menu, tour, waiting

register = template.Library()
register.filter("numbered", marking.numbered)
register.simple_tag(marking.marked, name="marked")

#: how many results the front page lists
COUNTED_BALLOTS = 3


@register.simple_tag(takes_context=True)
def open_tasks(context: dict[str, Any]) -> int:
    """How many tasks wait for the actor, and how much beside them."""
    actor: Actor = context["actor"]
    if not actor.person:
        return 0
    return Task.objects.waiting_for(actor).that_is_work().count() + waiting.count(actor)


@register.simple_tag(takes_context=True)
def navigation(context: dict[str, Any]) -> list[menu.Link | menu.Menu]:
    """Where the actor may go."""
    return menu.of(context["request"], context["actor"])


@register.simple_tag(takes_context=True)
def enterable(context: dict[str, Any]) -> list[tuple[str, str]]:
    """(kind, its name) of what the actor may enter for a deputy who sent it on paper."""
    actor: Actor = context["actor"]
    if actor.person is None or not actor.may("case.transcribe_deputy"):
        return []
    rows = Definition.objects.visible_to(actor).filter(jurisdiction=actor.person.jurisdiction_id)
    newest = rows.exclude(starters=[]).order_by("process", "-version").distinct("process")
    return [
        (row.process, row.local_name)
        for row in sorted(newest.defer("diagram", "forms", "tables", "called"), key=lambda row: -row.pk)
        if transcribing.FORM in runtime.of(row.pk).documents
        and any(
            term.place.level in row.levels
            for term in terms_run_by(actor, "case.transcribe_deputy", time_source.today())
        )
    ]


@register.simple_tag(takes_context=True)
def guide(context: dict[str, Any]) -> tour.Guide | None:
    """The next step of the demo's tour, if one is under way."""
    request = context.get("request")
    return tour.guide_of(request) if request is not None and settings.DEMO else None


@register.simple_tag
def collecting() -> bool:
    """Whether citizens may propose projects now."""
    today = time_source.today()
    known = Collection.objects.visible_to(PUBLIC).filter(kind="livelihood", jurisdiction__is_trial=False)
    return known.filter(opens_on__lte=today, closes_on__gte=today).exists()


@register.simple_tag
def counter() -> Unit | None:
    """Whom to call where a page is about no place: the congress office of the county."""
    return directory.front_office()


@register.simple_tag
def counted_ballots() -> list[Ballot]:
    """The last ballots whose result is public, for the front page."""
    known = Ballot.objects.visible_to(PUBLIC).filter(state=Ballot.State.COUNTED)
    real = known.filter(session__jurisdiction__is_trial=False).select_related("session__place")
    return list(real.order_by("-counted_at")[:COUNTED_BALLOTS])


@register.filter
def at(found: Mapping[str, object], key: str) -> object:
    """What stands under a key; nothing where there is none."""
    return found.get(key, "")


@register.filter
def may(actor: Actor, act: str) -> bool:
    """Whether the actor's posts allow an act."""
    return actor.may(act)


@register.filter
def as_step(name: str, case: Case) -> str:
    """The name of a step of a case, as its diagram writes it, in the reader's language."""
    return present.step_titles(case.definition_id).get(name, name) if is_english() else name


@register.filter
def step_name(task: Task) -> str:
    """The name of a task's step in the reader's language."""
    return present.step_name(task)


@register.filter
def post_names(actor: Actor) -> str:
    """The actor's roles in words."""
    own = dict.fromkeys(str(post.role.label) for post in actor.held if post.on_behalf_of is None)
    covered = dict.fromkeys(
        _("代%(name)s") % {"name": post.on_behalf_of.name} for post in actor.held if post.on_behalf_of
    )
    given = dict.fromkeys(
        _("代%(name)s签发") % {"name": post.on_behalf_of.name} for post in actor.given if post.on_behalf_of
    )
    return _("、").join([*own, *covered, *given])


@register.filter
def letter(result: str) -> str:
    """The class of a reply: A, B, C or D."""
    return present.CLASSES.get(result, "")
