from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('files', '0002_uploads'),
    ]

    operations = [
        migrations.AddField(
            model_name='file',
            name='undrawn',
            field=models.BooleanField(default=False, help_text='Its pictures are still to be drawn; what it says of itself is not read yet.'),
        ),
        migrations.AddField(
            model_name='file',
            name='flaw',
            field=models.CharField(blank=True, default='', help_text="Why it could not be opened, by the refusal's code.", max_length=24),
        ),
        migrations.AddIndex(
            model_name='file',
            index=models.Index(condition=models.Q(('undrawn', True)), fields=['uploaded_at'], name='file_undrawn'),
        ),
    ]
