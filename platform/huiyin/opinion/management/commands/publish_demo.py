"""`manage publish_demo`: what the demo county has answered is published, so that its public list is not empty."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from huiyin.cases.models import Case
from huiyin.core import errors, time_source
from huiyin.directory.actors import Actor, actor_of
from huiyin.directory.models import Account
from huiyin.opinion import services
from huiyin.opinion.models import Publication

#: Whose act it is in the demo.
OFFICE = "office"


class Command(BaseCommand):
    """Publish once; a demo whose list has anything on it is left as it is."""

    help = "Publish the answered matters of the demo county."

    def handle(self, *args: Any, **options: Any) -> None:
        """Publish what the demo's congress office may."""
        if not settings.DEMO:
            raise CommandError("This data directory is a real one; the demo's acts stay out of it.")
        account = Account.objects.filter(is_demo=True, username=OFFICE).select_related("person").first()
        if account is None or Publication.objects.exists():
            return
        by = actor_of(account.person, time_source.today())
        published = sum(_publish(case, by) for case in _answered(by))
        self.stdout.write(f"{published} answers published")


def _answered(by: Actor) -> list[Case]:
    seen = Case.objects.visible_to(by).filter(kind="matter", outcome="answered", reply_rows__isnull=False)
    return list(seen.select_related("text").distinct().order_by("id"))


def _publish(case: Case, by: Actor) -> bool:
    reply = case.reply_rows.order_by("-round")[0]
    try:
        services.publish_case(
            case=case,
            title=case.title,
            words=case.text.words,
            answer=reply.text,
            by=by,
            now=time_source.now(),
        )
    except errors.Refusal:
        return False  # it names somebody, or is not for everybody: a person would have to look at it
    return True
