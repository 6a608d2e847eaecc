"""`manage history verify`: check that nothing in the history was changed, removed or reordered."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from huiyin.core import time_source
from huiyin.history import selectors, services
from huiyin.history.models import Anchor, Entry


class Command(BaseCommand):
    """Verify or seal the history."""

    help = "verify: check every chain and seal. seal: bind new entries now. anchor: print the newest seal, to keep elsewhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the verb."""
        parser.add_argument("verb", choices=["verify", "seal", "anchor"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say what was found."""
        getattr(self, options["verb"])()

    def seal(self) -> None:
        """Seal until nothing is new."""
        while services.seal(at=time_source.now()):
            pass
        self.anchor()

    def anchor(self) -> None:
        """Print the newest anchor."""
        newest = Anchor.objects.order_by("-seq").first()
        self.stdout.write(
            f"anchor {newest.seq} {newest.at.isoformat()} {bytes(newest.hash).hex()}"
            if newest
            else "no anchor yet"
        )

    def verify(self) -> None:
        """List every fault, or say what is proven and what is not."""
        found = selectors.faults()
        for fault in found:
            self.stdout.write(f"{fault.subject} entry {fault.seq}: {fault.what}")
        if found:
            raise CommandError(f"{len(found)} faults in the history")
        self.stdout.write(f"clean: {Entry.objects.count()} entries, {Anchor.objects.count()} anchors")
        self.anchor()
        self.stdout.write(
            "Proven: the entries agree with each other and with the anchors in this database. Whether someone rewrote all of "
            "them together is shown only by an anchor kept elsewhere: compare the line above with one printed earlier."
        )
