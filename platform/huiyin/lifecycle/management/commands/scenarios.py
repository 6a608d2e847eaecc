"""`manage scenarios matter`: run a process's scenarios and print how much of the diagram they pass."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from huiyin.core import errors
from huiyin.directory.models import Jurisdiction
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import coverage, gate, scenarios
from huiyin.rules import services as rules


class Command(BaseCommand):
    """Run scenarios and measure their coverage; nothing is kept."""

    help = "Run the scenarios of a process and print the coverage of flows, gateway outcomes and ends."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the process and the profile."""
        parser.add_argument("process", nargs="?", default="matter")
        parser.add_argument("--profile", default="zhejiang-2016")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run and print."""
        try:
            bundle = bundles.read(options["process"])
        except errors.Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        with transaction.atomic():
            rules.seed_calendar()
            jurisdiction = Jurisdiction.objects.create(code="scenarios", name="scenarios")
            profile = rules.load_profile(jurisdiction=jurisdiction, code=options["profile"])
            if findings := gate.check(bundle, profile):
                found = "\n".join(f"{one.element or '-'}: {one.zh} / {one.en}" for one in findings)
                raise CommandError(f"the process cannot run:\n{found}")
            runs = []
            for scenario in bundle.scenarios:
                try:
                    runs.append(scenarios.run(bundle, profile, scenario))
                except errors.Refusal as refusal:
                    self.stdout.write(f"FAIL {scenario['file']:36} {refusal.sentence}")
                    continue
                self.stdout.write(f"ok   {scenario['file']:36} {scenario['name']}")
            process = gate.compiled(bundle, profile)
            transaction.set_rollback(True)
        if len(runs) < len(bundle.scenarios):
            raise CommandError(f"{len(bundle.scenarios) - len(runs)} scenarios do not end as they say")
        shares = coverage.measure(process, runs)
        for share in shares:
            self.stdout.write(
                f"{share.what:18} {share.passed}/{share.total}  {share.percent:.1f} %  {' '.join(share.missing)}"
            )
        if any(share.missing for share in shares):
            raise CommandError("the scenarios do not pass everything; write one for each id above")
