"""`manage seed_demo`: the invented county with its people, accounts and a few matters on their way."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from huiyin.cases.models import Case
from huiyin.core import errors, time_source
from huiyin.definitions.models import Definition
from huiyin.directory.models import Account
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle.demo import county, matters
from huiyin.lifecycle.publish import publish


class Command(BaseCommand):
    """Seed the demo once, and print its accounts."""

    help = "Seed the demo county; refused in a real installation. A second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed what is missing; print the accounts."""
        if not settings.DEMO:
            raise CommandError(
                "this data directory is a real one; the demo belongs into a directory that run.py made as a demo"
            )
        now = time_source.now()
        jurisdiction = county.build()
        published = {}
        for process in bundles.shipped():
            try:
                published[process] = publish(
                    bundle=bundles.read(process), jurisdiction=jurisdiction, by=None, now=now
                )
            except errors.Refusal as refusal:
                told = f"{process}: {refusal.sentence} `manage publish {process} --check` lists them."
                older = Definition.objects.newest(jurisdiction, process).first()
                if older is None:
                    raise CommandError(told) from refusal
                # A draft that can't be published must not keep the published versions from their work.
                self.stderr.write(told)
                published[process] = older
        if not Case.objects.filter(jurisdiction=jurisdiction, kind="matter").exists():
            with transaction.atomic():  # all or none: a start that was killed plays them anew
                played = matters.play_all(jurisdiction, published["matter"], now)
            matters.settle(now)
            self.stdout.write(f"{played} matters played")
        data = county.read()
        self.stdout.write(
            f"演示账号（密码均为 {data['password']}） / demo accounts, password {data['password']}:"
        )
        for account in (
            Account.objects.filter(is_demo=True, username__in=data["accounts"])
            .select_related("person")
            .order_by("id")
        ):
            self.stdout.write(
                f"  {account.username:11} {account.person.name}  {data['accounts'][account.username][1]}"
            )
