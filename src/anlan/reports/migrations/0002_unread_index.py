from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0001_initial"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="report", name="report_plaza"),
        migrations.AlterField(
            model_name="report",
            name="checker_id",
            field=models.UUIDField(help_text="Who looked on the spot, declined or merged it.", null=True),
        ),
    ]
