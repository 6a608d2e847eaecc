"""`manage move_cases suggestion 1 2 [--map old=new] [--run]`, `move_cases --revert ID`: cases go to another version."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from huiyin.core import errors, time_source
from huiyin.definitions.models import Definition
from huiyin.directory.models import Jurisdiction
from huiyin.lifecycle import migrating, reasons
from huiyin.lifecycle.models import Migration, Move
from huiyin.lifecycle.plan import Plan, plan_migration


class Command(BaseCommand):
    """Preview, move, take back."""

    help = "Preview how the running cases of a version go over to another; --run moves them, --revert takes a batch back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the two versions, the mapping, and what to do."""
        parser.add_argument("process", nargs="?")
        parser.add_argument("source", nargs="?", type=int, help="the version on which the cases run")
        parser.add_argument("target", nargs="?", type=int, help="the version to which they go")
        parser.add_argument("--jurisdiction", help="its code, where there are several")
        parser.add_argument(
            "--map", action="append", default=[], metavar="OLD=NEW", help="a step that was renamed"
        )
        parser.add_argument("--run", action="store_true", help="move the cases, not only look")
        parser.add_argument("--revert", metavar="ID", help="take this batch back")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look, and do it when asked to."""
        try:
            if options["revert"]:
                self._revert(options["revert"])
            else:
                self._move(options)
        except errors.Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal

    def _move(self, options: dict[str, Any]) -> None:
        source, target = (self._version(options, options[name]) for name in ("source", "target"))
        pairs = [pair.partition("=") for pair in options["map"]]
        if not all(equals and old and new for old, equals, new in pairs):
            raise CommandError("--map is written OLD=NEW")
        steps = {old: new for old, _equals, new in pairs}
        self._print(plan_migration(source=source, target=target, by=None, steps=steps))
        if not options["run"]:
            self.stdout.write("Nothing was changed; --run moves them.")
            return
        now = time_source.now()
        batch = migrating.migrate_cases(source=source, target=target, by=None, now=now, steps=steps)
        self._work(batch, Move.Status.WAITING, migrating.move_one)
        self.stdout.write(f"Take it back with: move_cases --revert {batch.public_id}")

    def _revert(self, name: str) -> None:
        batch = Migration.objects.select_related("source", "target").filter(public_id=name).first()
        if batch is None:
            raise CommandError(f"there is no batch {name}")
        migrating.revert_migration(migration=batch, by=None, now=time_source.now())
        self._work(batch, Move.Status.MOVED, migrating.return_one)

    def _version(self, options: dict[str, Any], version: int | None) -> Definition:
        if version is None:
            raise CommandError("name the process and two versions, such as: move_cases suggestion 1 2")
        towns = Jurisdiction.objects.all()
        if options["jurisdiction"]:
            towns = towns.filter(code=options["jurisdiction"])
        found = list(
            Definition.objects.filter(jurisdiction__in=towns, process=options["process"], version=version)
        )
        if len(found) != 1:
            known = ", ".join(towns.values_list("code", flat=True))
            raise CommandError(
                f"{len(found)} definitions are {options['process']} v{version}; --jurisdiction: {known}"
            )
        return found[0]

    def _print(self, plan: Plan) -> None:
        for row in plan.rows:
            counts = ", ".join(f"{verdict} {count}" for verdict, count in row.verdicts.items())
            self.stdout.write(f"{row.step_id:24} {row.name}  {row.count}: {counts}")
            for reason, count in row.reasons:
                self.stdout.write(f"    {count} × {reasons.sentence(plan.source, plan.target, *reason)}")
            for note in row.notes:
                self.stdout.write(f"    {note}")
        counts = ", ".join(f"{verdict} {count}" for verdict, count in plan.verdicts.items())
        self.stdout.write(f"{plan.total} running: {counts or '-'}")

    def _work(self, batch: Migration, status: str, do: Callable[..., Move]) -> None:
        """Do here what the background would do; killed, the background goes on."""
        for move in batch.moves.filter(status=status).order_by("pk").iterator(chunk_size=migrating.CHUNK):
            do(move=move, now=time_source.now())
        for row in batch.moves.filter(status__in=["failed", "stayed"]).select_related("case").order_by("pk"):
            why = " ".join(reasons.sentences(batch.source, batch.target, row.reasons))
            self.stdout.write(f"{row.case.number}: {row.status}: {why}")
        self.stdout.write(", ".join(f"{status} {count}" for status, count in batch.moves.counts().items()))
