from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("enforcement", "0003_public_words")]

    operations = [
        migrations.AddField(
            model_name="instrument",
            name="desks",
            field=models.JSONField(
                default=list,
                help_text="Ids of the departments that read it before it is served; none: the whole territory.",
            ),
        ),
    ]
