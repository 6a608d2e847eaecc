from django.db import migrations

FORWARD = """
CREATE FUNCTION definitions_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published definition is immutable: publish a new version' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER definition_is_immutable BEFORE UPDATE OR DELETE ON definitions_definition
    FOR EACH ROW EXECUTE FUNCTION definitions_refuse_change();
"""
BACKWARD = """
DROP TRIGGER definition_is_immutable ON definitions_definition;
DROP FUNCTION definitions_refuse_change();
"""


class Migration(migrations.Migration):
    """A published version never changes."""

    dependencies = [("definitions", "0002_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
