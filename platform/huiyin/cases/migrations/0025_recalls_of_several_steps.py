"""What can be recalled becomes a list of steps; what waits to be recalled now is a list of one."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from django.db.models.lookups import Exact


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0024_reply_templates"),
        ("directory", "0002_reply_steps"),
    ]

    operations = [
        migrations.RemoveConstraint("casestate", "a_step_is_recalled_whole"),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    """
                    ALTER TABLE cases_casestate
                        ALTER COLUMN before TYPE bytea[]
                            USING CASE WHEN before IS NULL THEN '{}' ELSE ARRAY[before] END,
                        ALTER COLUMN undo TYPE jsonb
                            USING CASE WHEN undo IS NULL THEN '[]' ELSE jsonb_build_array(undo) END,
                        ALTER COLUMN before SET NOT NULL,
                        ALTER COLUMN undo SET NOT NULL
                    """,
                    """
                    ALTER TABLE cases_casestate
                        ALTER COLUMN before DROP NOT NULL,
                        ALTER COLUMN undo DROP NOT NULL,
                        ALTER COLUMN before TYPE bytea USING before[cardinality(before)],
                        ALTER COLUMN undo TYPE jsonb USING undo -> -1
                    """,
                )
            ],
            state_operations=[
                migrations.AlterField(
                    "casestate",
                    "before",
                    django.contrib.postgres.fields.ArrayField(
                        models.BinaryField(),
                        default=list,
                        help_text="Where it stood before each of the last steps that can be recalled, the oldest first.",
                    ),
                ),
                migrations.AlterField(
                    "casestate",
                    "undo",
                    models.JSONField(
                        default=list,
                        help_text="What each of these steps must put back when it is recalled.",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            "casestate",
            models.CheckConstraint(
                condition=Exact(
                    models.Func("before", function="cardinality", output_field=models.IntegerField()),
                    models.Func("undo", function="jsonb_array_length", output_field=models.IntegerField()),
                ),
                name="each_step_is_recalled_whole",
            ),
        ),
        migrations.AddField(
            "recall",
            "step_id",
            models.CharField(
                default="",
                max_length=100,
                help_text="The step whose words these are: the task's own, or one taken back with it.",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "recall",
            "done_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="directory.person",
            ),
        ),
        migrations.RunSQL(
            """
            UPDATE cases_recall SET step_id = task.step_id, done_by_id = cases_recall.by_id
            FROM cases_task task WHERE task.id = cases_recall.task_id;
            SET CONSTRAINTS ALL IMMEDIATE
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            "recall",
            "done_by",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
            ),
        ),
    ]
