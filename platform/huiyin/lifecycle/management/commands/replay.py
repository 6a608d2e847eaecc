"""`manage replay FILE [--limit N] [--json]`: take real messages through `matter` on a virtual clock."""

import json
import os
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from huiyin.core import time_source
from huiyin.history import services as history
from huiyin.lifecycle import measure, messages, replay


class Command(BaseCommand):
    """Replay a file and print what happened."""

    help = "Replay messages with their replies (JSON lines: 留言编号 留言用户 留言主题 留言时间 留言详情 答复意见 答复时间)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--limit", type=int)
        parser.add_argument("--json", action="store_true")
        parser.add_argument(
            "--workers", type=int, default=os.cpu_count() or 1, help="processes that share the lines"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Replay, seal, print."""
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"{path} is not a file")
        total = sum(1 for _ in messages.lines(path, options["limit"]))
        memory, started = measure.Memory(), time.monotonic()

        def progress(count: int) -> None:
            memory.look()
            sys.stderr.write(f"\r{count}/{total} lines, {time.monotonic() - started:.0f} s")
            sys.stderr.flush()

        report = replay.play_file(path, options["limit"], progress, options["workers"])
        sys.stderr.write("\n")
        while history.seal(at=time_source.now()):
            pass
        seconds = time.monotonic() - started
        done = sum(report.completions.values())
        facts = {
            "matters": report.matters,
            "closed": report.closed,
            "completions": dict(sorted(report.completions.items())),
            "rounds": {str(number): count for number, count in sorted(report.rounds.items())},
            "incidents": report.incidents,
            "broken_lines": [{"line": line, "reason": reason} for line, reason in report.broken],
            "seconds": round(seconds, 1),
            "tasks_per_second": round(done / seconds, 1),
            "peak_memory_mb": round(memory.peak),
            "peak_memory_includes_postgresql": memory.with_database,
            "answered_within_working_days_percent": {
                str(days): share for days, share in report.within.items()
            },
            "digest": measure.digest(),
        }
        if options["json"]:
            self.stdout.write(json.dumps(facts, ensure_ascii=False, indent=2))
            return
        for name, value in facts.items():
            self.stdout.write(f"{name:40} {value}")
