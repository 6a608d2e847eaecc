"""`manage backup [DIR] [--keys DIR]`: database and attachments as of one moment, while everything runs; keys apart."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from huiyin.config import backups, paths
from huiyin.core import errors, time_source


class Command(BaseCommand):
    """Make a backup."""

    help = "Back up database and attachments into a new folder below DIR. Keys are not in it: --keys copies them elsewhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folders."""
        parser.add_argument("dir", nargs="?", type=Path, help="where the daily backups go, unless said")
        parser.add_argument("--keys", type=Path, help="copy the keys here, apart from the backup")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it and say where it is and which keys it needs."""
        folder = options["dir"] or settings.BACKUP_DIR or paths.data_dir() / "backups"
        try:
            if options["keys"]:
                backups.copy_keys(options["keys"], folder)
            made = backups.make(Path(folder).absolute(), time_source.now())
        except (errors.Refusal, OSError) as error:
            raise CommandError(getattr(error, "sentence", None) or str(error)) from error
        self.stdout.write(str(made))
        if not options["keys"]:
            keys = paths.data_dir() / "keys"
            self.stdout.write(
                f"密钥不在备份里，请另行保管 / The keys are not in it, keep them elsewhere: {keys}"
            )
