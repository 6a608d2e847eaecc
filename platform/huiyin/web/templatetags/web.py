"""Small helpers of the pages' templates."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext as _

from huiyin.cases.models import Task
from huiyin.directory.actors import Actor

register = template.Library()


@register.simple_tag(takes_context=True)
def open_tasks(context: dict[str, Any]) -> int:
    """How many tasks wait for the actor."""
    actor: Actor = context["actor"]
    return Task.objects.waiting_for(actor).filter(after_close=False).count() if actor.person else 0


@register.filter
def may(actor: Actor, act: str) -> bool:
    """Whether the actor's posts allow an act."""
    return actor.may(act)


@register.filter
def post_names(actor: Actor) -> str:
    """The actor's roles in words."""
    own = dict.fromkeys(str(post.role.label) for post in actor.held if post.on_behalf_of is None)
    covered = dict.fromkeys(
        _("代%(name)s") % {"name": post.on_behalf_of.name} for post in actor.held if post.on_behalf_of
    )
    return "、".join([*own, *covered])


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: object) -> str:
    """The address's query with some values changed; None removes one."""
    values = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            values.pop(name, None)
        else:
            values[name] = str(value)
    return values.urlencode()
