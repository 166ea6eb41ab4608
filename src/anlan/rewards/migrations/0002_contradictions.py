from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("rewards", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="reward",
            name="disputed",
            field=models.BooleanField(default=False, help_text="A payment of it contradicts itself: nothing is paid until that is settled."),
        ),
        migrations.AddIndex(
            model_name="reward",
            index=models.Index(condition=models.Q(("disputed", True)), fields=["-created_at", "-id"], name="reward_disputed"),
        ),
        migrations.AddField(
            model_name="bill",
            name="stopped_at",
            field=models.DateTimeField(help_text="Since when it is not to be sent any more, and to be cancelled where it was.", null=True),
        ),
        migrations.AddField(
            model_name="bill",
            name="excess_fen",
            field=models.BigIntegerField(default=0, help_text="What went out by it beyond what the reward owed, and did not come back; settled by a person."),
        ),
    ]
