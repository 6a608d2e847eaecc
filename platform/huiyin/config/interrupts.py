"""What Ctrl-C, `kill` and a closed terminal do."""

import signal
import sys
import threading


def exit_on_kill() -> None:
    """Let SIGTERM and SIGHUP unwind the program as Ctrl-C does, so that everything stops on the way out."""
    # A shell starts background jobs with SIGINT ignored; whoever sends it to us means it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _leave)
    # Under nohup a closed terminal is to change nothing.
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _leave)


def ignore() -> None:
    """From here on nothing interrupts: a second Ctrl-C while stopping would leave a server behind."""
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)


def _leave(number: int, _frame: object) -> None:
    sys.exit(128 + number)
