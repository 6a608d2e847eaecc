"""回执: find a citizen's matter by telephone, and print its slip anew; every slip is written into the matter's record."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from django.db import transaction

from huiyin.cases import errors
from huiyin.cases.models import Case
from huiyin.cases.querysets import CaseQuerySet
from huiyin.cases.recording import Act
from huiyin.cases.services import locking
from huiyin.core import sealing
from huiyin.directory.actors import Actor
from huiyin.forms import answers as forms

ACT = "case.transcribe"
_MOBILE = re.compile(r"1[3-9]\d{9}")


def phone_code(phone: str) -> str:
    """
    The code under which a telephone number is found, however it is written; no digits give none.

    Full-width digits, signs between them and the country's prefix (+86, 0086, or 86 before a mobile number) don't matter.
    """
    written = unicodedata.normalize("NFKC", phone).strip()
    digits = re.sub(r"[^0-9]", "", written)
    if written.startswith("+86") or digits.startswith("0086"):
        digits = digits.removeprefix("00").removeprefix("86")
        # A landline's area code loses its 0 behind the country's prefix.
        digits = digits if _MOBILE.fullmatch(digits) or digits[:1] in ("", "0") else f"0{digits}"
    elif _MOBILE.fullmatch(digits.removeprefix("86")):
        digits = digits.removeprefix("86")
    return sealing.blind(digits, "phone") if digits else ""


def phone_codes(checked: forms.Checked) -> list[str]:
    """The codes of every telephone that a report gives: the reporter's, and that of the one reported for."""
    given = [str(value) for field, value in checked.records if field.ui.get("input") == "tel"]
    return sorted({code for phone in given if (code := phone_code(phone))})


def by_phone(phone: str, seen: CaseQuerySet) -> CaseQuerySet:
    """The matters that give a caller's telephone, newest first, among those that an office sees."""
    code = phone_code(phone)
    found = seen.filter(text__phone_codes__contains=[code]) if code else seen.none()
    return found.order_by("-received_at", "-id")


@transaction.atomic
def issue_slip(*, case: Case, by: Actor, now: datetime) -> Case:
    """
    Print the slip of a citizen's matter: who holds it can follow and rate, so the record says who printed it.

    :raises NotYourAct: without the right at the matter's place
    :raises NoSlip: for a matter that no citizen asked
    """
    locked = locking.lock(case.pk)
    by.require(ACT, locked.place)
    if locked.definition.starters:
        raise errors.NoSlip
    act = Act(locked, by, now)
    act.say("slip_issued", number=locked.number)
    locking.finish(act)
    return locked
