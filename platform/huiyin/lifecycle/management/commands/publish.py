"""`manage publish PATH [--check]`: publish a process, or only say what stands against it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from huiyin import engine
from huiyin.core import errors, time_source
from huiyin.directory.models import Jurisdiction
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import gate
from huiyin.lifecycle.publish import examine, publish


class Command(BaseCommand):
    """Publish."""

    help = "Publish a process for every jurisdiction; --check only prints the findings."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the process."""
        parser.add_argument("path", help="a shipped process by its name, or a folder …/bpmn/<process>")
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, then publish."""
        now = time_source.now()
        try:
            bundle = bundles.read_path(options["path"])
            for jurisdiction in Jurisdiction.objects.all():
                if options["check"]:
                    self._refuse(examine(bundle=bundle, jurisdiction=jurisdiction, now=now))
                    self.stdout.write(f"{bundle.process}: nothing stands against it in {jurisdiction.name}")
                else:
                    definition = publish(bundle=bundle, jurisdiction=jurisdiction, by=None, now=now)
                    self.stdout.write(f"{definition} {definition.digest[:12]}")
        except gate.GateClosed as closed:
            self._refuse(closed.findings)
        except errors.Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal

    def _refuse(self, findings: list[engine.Finding]) -> None:
        for found in findings:
            self.stdout.write(
                f"{found.element or '-'}  {found.code}\n  {found.zh} {found.remedy_zh}\n  {found.en} {found.remedy_en}"
            )
        if findings:
            raise CommandError(f"{len(findings)} findings; nothing was published")
