"""The SQL twins of the text functions, and trigrams for similarity."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

from anlan.kernel.text import BIGRAMS_SQL, FOLD_SQL


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [
        TrigramExtension(),
        migrations.RunSQL(FOLD_SQL, migrations.RunSQL.noop),
        migrations.RunSQL(BIGRAMS_SQL, migrations.RunSQL.noop),
    ]
