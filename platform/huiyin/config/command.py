"""
回音 Huiyin.

  huiyin [--port N] [--data DIR] [--listen ADDR] [--empty]   start the platform
  huiyin [--data DIR] manage COMMAND …                       run a management command
"""

import argparse
import os
import signal
import sys
from collections.abc import Sequence

from huiyin.config import interrupts, paths, refusal
from huiyin.config.datadir import Kind

DEFAULT_PORT = 8000
EXIT_INTERRUPTED = 128 + signal.SIGINT


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the command line says and return the exit status."""
    arguments = _parser().parse_args(argv)
    # What people are told is Chinese; a terminal that cannot show it must not break the program.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    if arguments.data:
        os.environ["HUIYIN_DATA"] = arguments.data
    # Said in full once, so that it stays the same directory wherever we go.
    os.environ["HUIYIN_DATA"] = str(paths.data_dir())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.config.settings")
    work = _manage if arguments.verb == "manage" else _serve
    interrupts.exit_on_kill()
    try:
        return refusal.refusing(lambda: work(arguments))
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


def _serve(arguments: argparse.Namespace) -> int:
    from huiyin.config import serve

    return serve.serve(port=arguments.port, listen=arguments.listen, only=_only(arguments))


def _manage(arguments: argparse.Namespace) -> int:
    from django.core.management import execute_from_command_line

    from huiyin.config import embedded

    embedded.open_data(new_as=_only(arguments), only=_only(arguments))
    with embedded.joined():
        execute_from_command_line(["manage.py", *arguments.rest])
    return 0


def _only(arguments: argparse.Namespace) -> Kind | None:
    return Kind.REAL if arguments.empty else None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="huiyin",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="8000 unless said")
    parser.add_argument("--data", help="the data directory")
    parser.add_argument("--listen", default="127.0.0.1", help="127.0.0.1 unless said")
    parser.add_argument("--empty", action="store_true", help="a real installation: no demo, now or ever")
    parser.add_argument("verb", nargs="?", choices=["serve", "manage"], default="serve")
    parser.add_argument("rest", nargs=argparse.REMAINDER)
    return parser


if __name__ == "__main__":
    sys.exit(main())
