from django.db import migrations, models
from django.db.models import deletion


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0002_reply_steps'),
        ('cases', '0019_telephones_are_found'),
    ]

    operations = [
        migrations.AddField(
            model_name='task',
            name='not_person',
            field=models.ForeignKey(blank=True, help_text='Who is left out, where another must do it (另一人办理).', null=True, on_delete=deletion.PROTECT, related_name='+', to='directory.person'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.CheckConstraint(condition=models.Q(('not_person__isnull', True), ('place__isnull', False), _connector='OR'), name='somebody_is_left_out_only_where_others_are'),
        ),
    ]
