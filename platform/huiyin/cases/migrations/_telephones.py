"""How telephones are written for their blind codes, as on the day of the migrations: the services' own way may change after it."""

import re
import unicodedata

MOBILE = re.compile(r"1[3-9]\d{9}")


def digits_of(phone):
    """Without signs, full-width forms and the country's prefix; a landline gets the 0 of its area code back."""
    written = unicodedata.normalize("NFKC", phone).strip()
    digits = re.sub(r"[^0-9]", "", written)
    if written.startswith("+86") or digits.startswith("0086"):
        digits = digits.removeprefix("00").removeprefix("86")
        return digits if MOBILE.fullmatch(digits) or digits[:1] in ("", "0") else f"0{digits}"
    without = digits.removeprefix("86")
    return without if MOBILE.fullmatch(without) else digits
