"""
Where Huiyin keeps its things.

An ordinary user's live in the XDG folders. Root's live under /var, because the account that runs PostgreSQL
for root has to reach them and cannot look into /root.
"""

import hashlib
import os
from pathlib import Path

# sun_path holds 108 bytes with its final zero; the file's own name takes these.
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT = 107


def is_root() -> bool:
    return os.geteuid() == 0


def data_dir() -> Path:
    """Return the data directory: HUIYIN_DATA, or the default of this user. It need not exist yet."""
    named = os.environ.get("HUIYIN_DATA")
    if named:
        return Path(named).expanduser().absolute()
    if is_root():
        return Path("/var/lib/huiyin")
    return _xdg("XDG_DATA_HOME", ".local/share") / "huiyin"


def cache_dir() -> Path:
    """Return the folder for what can be made again: HUIYIN_CACHE, or the default of this user."""
    named = os.environ.get("HUIYIN_CACHE")
    if named:
        return Path(named).expanduser().absolute()
    if is_root():
        return Path("/var/cache/huiyin")
    return _xdg("XDG_CACHE_HOME", ".cache") / "huiyin"


def socket_dir(data: Path) -> Path:
    """Return the folder of PostgreSQL's socket: in the data directory, or a short one if that is too long."""
    inside = data / "run"
    if len(os.fsencode(inside / SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
        return inside
    name = hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:16]
    return Path("/tmp") / f"huiyin-{os.geteuid()}-{name}"  # noqa: S108  made 0700, its owner is checked


def make_folder(folder: Path) -> None:
    """Make the folder and what is missing above it, passable for PostgreSQL's account."""
    for one in reversed([folder, *folder.parents]):
        if not one.exists():
            one.mkdir(exist_ok=True)
            let_through(one)


def let_through(folder: Path) -> None:
    """Let PostgreSQL's account pass, whatever root's umask is. What is private inside is 0700 itself."""
    folder.chmod(0o711 if is_root() else 0o700)


def _xdg(variable: str, fallback: str) -> Path:
    named = os.environ.get(variable, "")
    # The XDG specification says that relative paths are to be ignored.
    return Path(named) if named.startswith("/") else Path.home() / fallback
