"""Laws, regulations and standards that a checklist item or a decision rests on, in our own short paraphrase."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import unscoped


@unscoped("law is public")
class Law(models.Model):
    """One document in one version, with the days it is in force and how far its facts were verified."""

    KINDS = [
        ("law", _("law")),
        ("regulation", _("regulation")),
        ("rule", _("departmental rule")),
        ("local", _("local regulation")),
        ("standard", _("standard")),
        ("document", _("document")),
    ]
    code = models.CharField(primary_key=True, max_length=40)
    kind = models.CharField(max_length=12, choices=KINDS)
    zh = models.CharField(max_length=160)
    en = models.CharField(max_length=200, default="", blank=True)
    number = models.CharField(max_length=120, default="", blank=True)
    issuer = models.CharField(max_length=80, default="", blank=True)
    in_force_from = models.DateField(null=True)
    in_force_to = models.DateField(null=True)
    evidence = models.CharField(max_length=4)
    industries = models.JSONField(default=list)
    source = models.CharField(max_length=300, default="", blank=True)
    data_version = models.SmallIntegerField(default=1)

    def __str__(self) -> str:
        return self.zh


@unscoped("law is public")
class LawClause(models.Model):
    """One article as we paraphrase it. Its words never change; a correction is a row of a later edition."""

    id = models.UUIDField(primary_key=True, default=new_id)
    law = models.ForeignKey("standards.Law", on_delete=models.PROTECT, related_name="clauses")
    article = models.CharField(max_length=20)
    place = models.IntegerField(default=0)
    zh = models.TextField()
    en = models.TextField(default="", blank=True)
    keywords = models.JSONField(default=list)
    evidence = models.CharField(max_length=4)
    edition = models.SmallIntegerField(default=1)
    superseded_in = models.SmallIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["law", "article", "edition"], name="law_clause_once_an_edition")]
        ordering = ["law_id", "place", "id"]
