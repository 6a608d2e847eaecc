from django.db import migrations

FORWARD = """
CREATE FUNCTION history_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'history_entrybody' AND TG_OP = 'DELETE' AND current_setting('huiyin.erasing', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'history is append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER entry_is_append_only BEFORE UPDATE OR DELETE ON history_entry FOR EACH ROW EXECUTE FUNCTION history_refuse_change();
CREATE TRIGGER entrybody_is_append_only BEFORE UPDATE OR DELETE ON history_entrybody FOR EACH ROW EXECUTE FUNCTION history_refuse_change();
CREATE TRIGGER anchor_is_append_only BEFORE UPDATE OR DELETE ON history_anchor FOR EACH ROW EXECUTE FUNCTION history_refuse_change();
"""
BACKWARD = """
DROP TRIGGER entry_is_append_only ON history_entry;
DROP TRIGGER entrybody_is_append_only ON history_entrybody;
DROP TRIGGER anchor_is_append_only ON history_anchor;
DROP FUNCTION history_refuse_change();
"""


class Migration(migrations.Migration):
    """The database itself refuses to change the history."""

    dependencies = [("history", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
