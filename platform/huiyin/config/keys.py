"""The secrets of an installation: made once with its data directory, kept in `keys/`, outside backups."""

import base64
import os
import secrets
from pathlib import Path

from huiyin.config import paths
from huiyin.config.refusal import CannotStart


def secret_key() -> str:
    """
    Return Django's SECRET_KEY: HUIYIN_SECRET_KEY or the data directory's.

    :raises CannotStart: if there is neither
    """
    return os.environ.get("HUIYIN_SECRET_KEY") or _read("secret_key", "HUIYIN_SECRET_KEY")


def field_keys() -> list[str]:
    """
    Return the Fernet keys of encrypted columns, the one that encrypts first.

    They are HUIYIN_FIELD_KEYS (separated by commas or spaces) or the data directory's (one a line).

    :raises CannotStart: if there is neither
    """
    text = os.environ.get("HUIYIN_FIELD_KEYS") or _read("field_keys", "HUIYIN_FIELD_KEYS")
    return text.replace(",", " ").split()


def make_keys(data: Path) -> None:
    """Make the keys that do not exist yet; safe to run again after an interruption."""
    folder = data / "keys"
    folder.mkdir(mode=0o700, exist_ok=True)
    _make(folder / "secret_key", secrets.token_urlsafe(50))
    _make(folder / "field_keys", base64.urlsafe_b64encode(os.urandom(32)).decode())


def demand_keys(data: Path) -> None:
    """
    Refuse to go on without the keys; new ones could never read what the lost ones encrypted.

    :raises CannotStart: if a key file is gone and the environment has no key instead
    """
    for name, variable in (("secret_key", "HUIYIN_SECRET_KEY"), ("field_keys", "HUIYIN_FIELD_KEYS")):
        if not os.environ.get(variable) and not (data / "keys" / name).exists():
            raise _missing(data / "keys" / name, variable)


def _read(name: str, variable: str) -> str:
    path = paths.data_dir() / "keys" / name
    try:
        return path.read_text().strip()
    except OSError as error:
        raise _missing(path, variable) from error


def _missing(path: Path, variable: str) -> CannotStart:
    return CannotStart(
        f"读不到密钥 {path}：请从备份恢复它，或设置 {variable}；新的数据目录请先运行 python3 run.py。",
        f"Cannot read the key {path}: restore it or set {variable}; run.py makes those of a new directory.",
    )


def _make(path: Path, value: str) -> None:
    if path.exists():
        return
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(value + "\n")
        file.flush()
        # A key that a power cut takes away takes everything it encrypted with it.
        os.fsync(file.fileno())
    fresh.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
