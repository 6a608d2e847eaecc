"""`manage publish matter [--check]`: publish a process of the repository, or only say what stands against it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from huiyin.core import errors, time_source
from huiyin.directory.models import Jurisdiction
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import gate
from huiyin.lifecycle.publish import publish
from huiyin.rules import selectors as rules


class Command(BaseCommand):
    """Publish."""

    help = "Publish a process from bpmn/ and forms/ for every jurisdiction; --check only prints the findings."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the process."""
        parser.add_argument("process")
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, then publish."""
        try:
            bundle = bundles.read(options["process"])
        except errors.Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        for jurisdiction in Jurisdiction.objects.all():
            profile = rules.profile_in_force(jurisdiction, time_source.today())
            findings = gate.check(bundle, profile)
            for found in findings:
                self.stdout.write(
                    f"{found.element or '-'}  {found.code}\n  {found.zh} {found.remedy_zh}\n  {found.en} {found.remedy_en}"
                )
            if findings:
                raise CommandError(f"{len(findings)} findings; nothing was published")
            if options["check"]:
                self.stdout.write(f"{bundle.process}: nothing stands against it in {jurisdiction.name}")
                continue
            try:
                definition = publish(bundle=bundle, jurisdiction=jurisdiction, by=None, now=time_source.now())
            except errors.Refusal as refusal:
                raise CommandError(refusal.sentence) from refusal
            self.stdout.write(f"{definition} {definition.digest[:12]}")
