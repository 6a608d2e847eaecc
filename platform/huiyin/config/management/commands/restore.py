"""`manage restore DIR [--check]`: bring a backup back into an empty installation, or only see whether it is good."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from huiyin.config import paths, restoring
from huiyin.core import errors


class Command(BaseCommand):
    """Restore or check."""

    help = "Bring a backup back into an empty installation; --check restores it into a scratch database and looks at it."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder."""
        parser.add_argument("dir", type=Path)
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say what was found."""
        try:
            if options["check"]:
                self._check(options["dir"])
            else:
                self._restore(options["dir"])
        except errors.Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal

    def _check(self, path: Path) -> None:
        found = restoring.check(path)
        self.stdout.write(
            f"{found.made_at}: {found.cases} cases, {found.entries} entries of history, {found.attachments} attachments"
        )
        for fault in found.faults:
            self.stdout.write(fault)
        if not found.opened:
            self.stdout.write("本机的密钥打不开其中的密文 / The keys here do not open its sealed columns")
        if found.faults:
            raise CommandError(f"{len(found.faults)} faults in the backup")
        self.stdout.write("好 / good")

    def _restore(self, path: Path) -> None:
        opened = restoring.restore(path)
        self.stdout.write(
            "已恢复；请启动回音，它会完成升级 / Restored; start Huiyin, which migrates what is older"
        )
        if not opened:
            self.stdout.write(
                f"请先把备份时的密钥放到 {paths.data_dir() / 'keys'}，否则密文打不开 / "
                "First put the keys of that installation there: its sealed columns need them"
            )
