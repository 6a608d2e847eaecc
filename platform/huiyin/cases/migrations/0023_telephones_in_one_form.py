"""Telephones that were kept with +86 or full-width digits are found like all others."""

from django.db import migrations

from huiyin.cases.migrations._telephones import digits_of
from huiyin.core import sealing

def find_telephones(apps, schema_editor):
    """Write the codes anew where they differ."""
    texts = apps.get_model("cases", "CaseText")
    for row in texts.objects.filter(sealed__isnull=False).iterator(chunk_size=500):
        digits = digits_of(str(row.sealed.get("phone", "")))
        code = sealing.blind(digits, "phone") if digits else ""
        if code != row.phone_code:
            texts.objects.filter(pk=row.pk).update(phone_code=code)


class Migration(migrations.Migration):
    dependencies = [("cases", "0022_routes_wished")]

    operations = [migrations.RunPython(find_telephones, migrations.RunPython.noop)]
