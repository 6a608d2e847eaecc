"""A deadline gets an id of its own for the API; the column has a default, so that older code may go on writing clocks."""

from django.db import migrations, models

import huiyin.core.ids

ANY = "substr(md5(gen_random_uuid()::text), 1, 16)"


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_recalls")]

    operations = [
        migrations.AddField(
            model_name="clock",
            name="public_id",
            field=models.CharField(editable=False, max_length=16, null=True),
        ),
        migrations.RunSQL(f"UPDATE cases_clock SET public_id = {ANY}", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="clock",
            name="public_id",
            field=models.CharField(
                default=huiyin.core.ids.new_id, editable=False, max_length=16, unique=True
            ),
        ),
        migrations.RunSQL(
            f"ALTER TABLE cases_clock ALTER COLUMN public_id SET DEFAULT {ANY}",
            "ALTER TABLE cases_clock ALTER COLUMN public_id DROP DEFAULT",
        ),
    ]
