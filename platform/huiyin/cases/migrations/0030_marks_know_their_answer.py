from django.db import migrations

from huiyin.cases.marking import find


def place(apps, schema_editor) -> None:
    """A mark stands in the first answer that holds its passage, as it was shown."""
    for review in apps.get_model("cases", "DraftReview").objects.exclude(marks=[]).select_related("draft"):
        texts = [*review.draft.answers.order_by("ask__number").values_list("ask__number", "text"), (0, review.draft.text)]
        for mark in review.marks:
            mark["ask"] = next((number for number, text in texts if find(text, mark["passage"])), 0)
        review.save(update_fields=["marks"])


class Migration(migrations.Migration):
    dependencies = [("cases", "0029_hearings")]
    operations = [migrations.RunPython(place, migrations.RunPython.noop)]
