from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("channels", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="outgoing",
            name="whom",
            field=models.CharField(blank=True, default="", help_text="Keyed digest of the number, another one each day, to count by.", max_length=32),
        ),
        migrations.AddIndex(
            model_name="outgoing",
            index=models.Index(condition=models.Q(("whom", ""), _negated=True), fields=["whom"], name="outgoing_whom"),
        ),
    ]
