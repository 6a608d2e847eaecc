"""The printed code of a place, a door or a deputy: an address that only this installation can have made."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.urls import reverse

#: how long the words on a door plate may be (3号楼2单元)
PLATE = 40


@dataclass(frozen=True)
class Door:
    """What a code says: where it hangs, the words on the plate, and the deputy whose code it is; ids are public ids."""

    place: str
    plate: str = ""
    deputy: str = ""


def _signer() -> signing.Signer:
    # The oldest field key, as for receipts (adr/004): what hangs on a thousand doors outlives a change of keys.
    return signing.Signer(key=settings.FIELD_KEYS[-1], salt="huiyin.door")


def token_of(door: Door) -> str:
    """The signed text of a code; the same door has the same code, however often it is printed."""
    return _signer().sign_object([door.place, door.plate, door.deputy])


def read(token: str) -> Door | None:
    """The door of a code, or None where another installation, or nobody, has signed it."""
    try:
        return Door(*_signer().unsign_object(token))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def link(request: HttpRequest, door: Door) -> str:
    """The address in the QR code."""
    return request.build_absolute_uri(reverse("scan", args=[token_of(door)]))
