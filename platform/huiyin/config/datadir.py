"""The data directory: made once, marked for ever as a demo or a real one."""

import enum
import errno
import os
from pathlib import Path

from huiyin.config import keys, locks, paths
from huiyin.config.refusal import CannotStart

MARKER = "huiyin-kind"
GATE = ".gate.lock"
GATE_SECONDS = 120.0
# What may lie in a directory without a marker: what we make before it, and what a fresh mount brings along.
MADE_BEFORE_MARKER = {"keys", "media", "lost+found"}


class Kind(enum.StrEnum):
    DEMO = "demo"
    REAL = "real"
    SCRATCH = "scratch"


def open_data_dir(data: Path, *, new_as: Kind, only: Kind | None = None) -> Kind:
    """
    Make the data directory with its keys if there is none, and return its kind.

    :raises CannotStart: if it cannot be written, is not ours, is not of the kind `only`, or has lost its keys
    """
    try:
        paths.make_folder(data)
        if not os.access(data, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        with locks.gate(data / GATE, seconds=GATE_SECONDS):
            kind = read_kind(data) or _furnish(data, new_as)
    except OSError as error:
        raise CannotStart(
            f"数据目录 {data} 不能写入（{error.strerror}），请用 --data 指定另一个目录。",
            f"The data directory cannot be written ({error.strerror}); name another one with --data.",
        ) from error
    if only and kind is not only:
        raise CannotStart(
            f"{data} 是{_NAMES[kind][0]}目录，不能作{_NAMES[only][0]}用，请用 --data 指定另一个目录。",
            f"This is a {_NAMES[kind][1]} directory and can never become a {_NAMES[only][1]} one; "
            "name another one with --data.",
        )
    keys.demand_keys(data)
    return kind


def read_kind(data: Path) -> Kind | None:
    """
    Return what the directory was made as; None if it was not made yet.

    :raises CannotStart: if the marker says something we do not know
    """
    try:
        word = (data / MARKER).read_text().strip()
    except FileNotFoundError:
        return None
    if word not in list(Kind):
        raise CannotStart(
            f"{data / MARKER} 的内容无法识别：{word!r}。", f"This marker says something unknown: {word!r}."
        )
    return Kind(word)


def is_demo() -> bool:
    """
    Tell whether demo accounts may exist here: only in a directory made as a demo, never in one made as real.

    A database named by DATABASE_URL is never a demo, unless HUIYIN_DEMO=1 says so.
    """
    kind = read_kind(paths.data_dir())
    if os.environ.get("DATABASE_URL"):
        return os.environ.get("HUIYIN_DEMO") == "1" and kind is not Kind.REAL
    return kind in (Kind.DEMO, Kind.SCRATCH)


_NAMES = {
    Kind.DEMO: ("演示", "demo"),
    Kind.REAL: ("正式", "real"),
    Kind.SCRATCH: ("测试", "scratch"),
}


def _furnish(data: Path, kind: Kind) -> Kind:
    strange = {entry.name for entry in data.iterdir() if not entry.name.startswith(".")} - MADE_BEFORE_MARKER
    if strange:
        raise CannotStart(
            f"{data} 不是空目录，也不是回音的数据目录（其中有 {min(strange)}），请用 --data 指定另一个目录。",
            "This directory is neither empty nor one of Huiyin's; name another one with --data.",
        )
    paths.let_through(data)
    keys.make_keys(data)
    (data / "media").mkdir(mode=0o700, exist_ok=True)
    # The marker comes last: a directory that has one has everything.
    fresh = data / f".{MARKER}.{os.getpid()}"
    fresh.write_text(f"{kind.value}\n")
    fresh.rename(data / MARKER)
    return kind
