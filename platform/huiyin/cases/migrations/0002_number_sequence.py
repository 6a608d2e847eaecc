from django.db import migrations


class Migration(migrations.Migration):
    """Numbers of cases come from a sequence, so that receiving never waits for a lock."""

    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunSQL("CREATE SEQUENCE cases_number_seq", "DROP SEQUENCE cases_number_seq")]
