"""The navigation of the office's pages: what one does every day in sight, the rest under 更多."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.cases import runtime
from huiyin.congress import drafting
from huiyin.core import time_source
from huiyin.directory.actors import Actor
from huiyin.directory.roles import OVERSEEING, UNIT_ROLES, Role
from huiyin.forms.document import in_language


@dataclass(frozen=True)
class Link:
    """One page of the navigation; `here` while one is on it or on a page that belongs to it."""

    name: str
    url: str
    here: bool = False
    counts_tasks: bool = False


@dataclass(frozen=True)
class Menu:
    """Links that open under one word."""

    name: str
    links: tuple[Link, ...]

    @property
    def here(self) -> bool:
        """Whether one is on one of its pages."""
        return any(link.here for link in self.links)


def of(request: HttpRequest, actor: Actor) -> list[Link | Menu]:
    """The navigation for an actor; a menu that would hold one link is that link."""
    daily = [
        _link(request, _("我的待办"), "tasks", "task", counts_tasks=True),
        *([_link(request, _("批量办理"), "desk", "grid")] if actor.may("case.reassign") else []),
        _link(request, _("案件"), "cases", "case"),
        *([_link(request, _("登记"), "intake", "lost")] if actor.may("case.transcribe") else []),
        *([_link(request, _("待电话告知"), "to_call")] if _receives(actor) else []),
    ]
    menus = (Menu(_("提出"), _to_start(request, actor)), Menu(_("更多"), _rest(request, actor)))
    return [*daily, *(menu if len(menu.links) > 1 else menu.links[0] for menu in menus if menu.links)]


def _receives(actor: Actor) -> bool:
    """Whether the actor sits at a counter, where calling people is the day's work."""
    return bool(actor.with_role(Role.STATION))


def _rest(request: HttpRequest, actor: Actor) -> tuple[Link, ...]:
    sees_processes = actor.may("congress.session") or actor.may("definition.migrate")
    keeps_commitments = bool(actor.roles & (OVERSEEING | UNIT_ROLES | {Role.DEPUTY}))
    votes = actor.may("ballot.cast") or actor.may("congress.ballot")
    offered = [
        (actor.may("case.deliver") and not _receives(actor), _("待电话告知"), ("to_call",)),
        (actor.may("board.overdue"), _("超期清单"), ("overdue",)),
        (actor.may("board.overdue"), _("重点督办"), ("key_cases",)),
        (keeps_commitments, _("承诺台账"), ("commitments",)),
        (votes, _("票决"), ("ballots", "ballot", "prepare_ballot")),
        (actor.may("congress.session"), _("会议"), ("sessions",)),
        (actor.may("code.print"), _("打印码"), ("door_codes", "door_sheet")),
        (sees_processes, _("流程"), ("definitions", "move_cases", "migration")),
        (actor.may("incident.resolve"), _("运行状况"), ("operation",)),
    ]
    return tuple(_link(request, name, *pages) for is_offered, name, pages in offered if is_offered)


def _link(request: HttpRequest, name: str, page: str, *others: str, counts_tasks: bool = False) -> Link:
    match = request.resolver_match
    return Link(name, reverse(page), match is not None and match.url_name in (page, *others), counts_tasks)


def _to_start(request: HttpRequest, actor: Actor) -> tuple[Link, ...]:
    """The matters that a deputy may move, by the title of their first form."""
    match = request.resolver_match
    return tuple(
        Link(
            in_language(runtime.of(row.pk).first_form.title),
            reverse("start", args=[row.process]),
            match is not None and match.url_name == "start" and match.kwargs["kind"] == row.process,
        )
        for row in drafting.startable(actor, time_source.today())
    )
