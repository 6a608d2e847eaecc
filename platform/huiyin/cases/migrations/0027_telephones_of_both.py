"""A matter is found by the telephone of the one it is reported for, as by the reporter's."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

from huiyin.cases.migrations._telephones import digits_of
from huiyin.core import sealing

def find_telephones(apps, schema_editor):
    """Write the codes of the matters received before."""
    texts = apps.get_model("cases", "CaseText")
    for row in texts.objects.filter(sealed__isnull=False).iterator(chunk_size=500):
        given = {digits_of(str(row.sealed.get(name, ""))) for name in ("phone", "other_phone")} - {""}
        codes = sorted(sealing.blind(digits, "phone") for digits in given)
        if codes != row.phone_codes:
            texts.objects.filter(pk=row.pk).update(phone_codes=codes)


class Migration(migrations.Migration):
    dependencies = [("cases", "0026_batches")]

    operations = [
        migrations.AddField(
            model_name="casetext",
            name="phone_codes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=16),
                blank=True,
                default=list,
                help_text="The blind codes of the sealed telephones, for a lost receipt.",
                size=None,
            ),
        ),
        migrations.RunPython(find_telephones, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="casetext",
            index=django.contrib.postgres.indexes.GinIndex(fields=["phone_codes"], name="text_by_phones"),
        ),
        migrations.RemoveIndex(model_name="casetext", name="text_by_phone"),
        migrations.RemoveField(model_name="casetext", name="phone_code"),
    ]
