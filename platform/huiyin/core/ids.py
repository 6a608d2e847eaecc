"""Opaque public ids and the short codes that people type."""

import hashlib
import hmac
import secrets

#: Without 0/o, 1/l/i and u: what a person reads aloud over the telephone stays what was written.
ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
LENGTH = 16


def new_id() -> str:
    """Return a fresh public id: 16 characters, 78 random bits, nothing to guess and nothing to count."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def keyed_code(*, key: bytes, purpose: str, text: str, length: int = 8) -> str:
    """Return the code that only the holder of `key` can compute for `text`; needs no storage."""
    digest = hmac.new(key, f"{purpose}\n{text}".encode(), hashlib.sha256).digest()
    number = int.from_bytes(digest, "big")
    letters = []
    for _ in range(length):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters)
