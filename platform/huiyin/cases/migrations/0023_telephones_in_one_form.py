"""Telephones that were kept with +86 or full-width digits are found like all others."""

import re
import unicodedata

from django.db import migrations

from huiyin.core import sealing

MOBILE = re.compile(r"1[3-9]\d{9}")


def _digits(phone):
    """As they were written on the day of this migration; the services' own way may change after it."""
    written = unicodedata.normalize("NFKC", phone).strip()
    digits = re.sub(r"[^0-9]", "", written)
    if written.startswith("+86") or digits.startswith("0086"):
        digits = digits.removeprefix("00").removeprefix("86")
        return digits if MOBILE.fullmatch(digits) or digits[:1] in ("", "0") else f"0{digits}"
    without = digits.removeprefix("86")
    return without if MOBILE.fullmatch(without) else digits


def find_telephones(apps, schema_editor):
    """Write the codes anew where they differ."""
    texts = apps.get_model("cases", "CaseText")
    for row in texts.objects.filter(sealed__isnull=False).iterator(chunk_size=500):
        digits = _digits(str(row.sealed.get("phone", "")))
        code = sealing.blind(digits, "phone") if digits else ""
        if code != row.phone_code:
            texts.objects.filter(pk=row.pk).update(phone_code=code)


class Migration(migrations.Migration):
    dependencies = [("cases", "0022_routes_wished")]

    operations = [migrations.RunPython(find_telephones, migrations.RunPython.noop)]
