"""Criteria for major hazards as versioned lists of clauses, each with its source and in-force dates."""

from django.db import models

from anlan.kernel.ids import new_id
from anlan.kernel.scope import unscoped


@unscoped("law is public")
class CriteriaList(models.Model):
    """One determination standard in one version. `evidence` says how far the facts were verified."""

    code = models.CharField(primary_key=True, max_length=40)
    zh = models.CharField(max_length=120)
    en = models.CharField(max_length=160, default="")
    number = models.CharField(max_length=120, default="")
    issuer = models.CharField(max_length=80, default="")
    in_force_from = models.DateField(null=True)
    in_force_to = models.DateField(null=True)
    item_count = models.IntegerField(null=True)
    evidence = models.CharField(max_length=4)
    industries = models.JSONField(default=list)
    source = models.CharField(max_length=300, default="")
    clauses_loaded = models.BooleanField(default=False)
    data_version = models.SmallIntegerField(default=1, help_text="Of our paraphrase, not of the law.")
    remarks = models.JSONField(default=dict, help_text="Notes on dates, counts and neighbouring documents.")

    def __str__(self) -> str:
        return self.zh


@unscoped("law is public")
class Clause(models.Model):
    """One item of a list, in our own short paraphrase. Its words never change; a correction is a row of a later edition."""

    id = models.UUIDField(primary_key=True, default=new_id)
    criteria = models.ForeignKey("standards.CriteriaList", on_delete=models.PROTECT, related_name="clauses")
    article = models.CharField(max_length=10)
    item = models.IntegerField(help_text="0: the whole article is one criterion.")
    place = models.IntegerField(default=0, help_text="Order in the document.")
    zh = models.TextField()
    en = models.TextField(default="")
    keywords = models.JSONField(default=list)
    scope = models.JSONField(default=dict)
    evidence = models.CharField(max_length=4)
    edition = models.SmallIntegerField(default=1)
    superseded_in = models.SmallIntegerField(null=True, help_text="The data version whose wording took its place.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["criteria", "article", "item", "edition"], name="clause_once_an_edition")
        ]
        ordering = ["criteria_id", "place", "id"]
