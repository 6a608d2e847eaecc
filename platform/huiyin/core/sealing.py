"""Encryption of personal data at rest: Fernet, keys outside the database and outside its backups."""

import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

from huiyin.core import ids


class Unreadable(Exception):
    """No key at hand opens this value: the keys of another installation, or a damaged row."""


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def seal(value: Any) -> bytes:
    """Encrypt a JSON value under the first field key."""
    return _box(tuple(settings.FIELD_KEYS)).encrypt(json.dumps(value, ensure_ascii=False).encode())


def unseal(token: bytes) -> Any:
    """
    Decrypt what :func:`seal` wrote; any of the field keys may open it, so keys can be rotated.

    :raises Unreadable: if no key fits
    """
    try:
        return json.loads(_box(tuple(settings.FIELD_KEYS)).decrypt(bytes(token)))
    except InvalidToken as error:
        raise Unreadable from error


def blind(value: str, purpose: str) -> str:
    """
    A code by which a sealed value can be found again by whoever knows it: 16 characters, computed with the oldest key.

    Equal values have equal codes, so it is kept only for values that are looked up (a telephone), per purpose.
    """
    key = settings.FIELD_KEYS[-1].encode()
    return ids.keyed_code(key=key, purpose=f"blind:{purpose}", text=value, length=16)


class SealedField(models.BinaryField):  # type: ignore[type-arg]
    """A JSON value stored encrypted; empty mappings are stored as NULL so that nothing costs nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("null", True)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: bytes | None, *_: object) -> Any:
        """Decrypt on the way out."""
        return {} if value is None else unseal(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Encrypt on the way in."""
        return super().get_db_prep_value(seal(value) if value else None, connection, prepared)

    def value_to_string(self, obj: models.Model) -> str:
        """Refuse to write personal data into a fixture."""
        raise TypeError(f"{self.name} is sealed and does not leave the database as text")
