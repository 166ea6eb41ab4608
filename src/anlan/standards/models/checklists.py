"""Checklists (检查清单): what a department asks on a visit, in editions that never change once published."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import unscoped


@unscoped("what may be asked on a visit is public: an unlisted item may not be checked")
class Checklist(models.Model):
    """
    One department's list for one purpose. `region` is the territory it was made for: it holds there and below.

    `common` lists hold for every industry; a campaign's list is used on visits of that campaign alone.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=40, unique=True)
    zh = models.CharField(max_length=120)
    en = models.CharField(max_length=160, default="", blank=True)
    region = models.BigIntegerField()
    organisation_id = models.UUIDField(null=True, help_text=_("The department that keeps it."))
    organisation_name = models.CharField(max_length=120, default="", blank=True)
    industry = models.ForeignKey(
        "registry.Industry", null=True, on_delete=models.PROTECT, related_name="+", help_text=_("None: common to all.")
    )
    kinds = models.JSONField(default=list, help_text=_("Kinds of visit it serves; empty: all, self-checks too."))
    campaign = models.CharField(max_length=60, default="", blank=True)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.zh


@unscoped("what may be asked on a visit is public: an unlisted item may not be checked")
class Edition(models.Model):
    """One version of a checklist and its way from draft to publication (`standards.flow`)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    checklist = models.ForeignKey("standards.Checklist", on_delete=models.PROTECT, related_name="editions")
    number = models.SmallIntegerField()
    state = models.CharField(max_length=12, help_text=_("draft, reviewed, published, replaced or withdrawn"))
    version = models.IntegerField(default=0)
    clock = models.UUIDField(default=new_id)
    state_since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    late = models.BooleanField(default=False)
    level = models.SmallIntegerField(default=0)
    author_id = models.UUIDField(null=True)
    author_name = models.CharField(max_length=60, default="", blank=True)
    editor_ids = models.JSONField(default=list, help_text=_("Persons who changed its items: none of them reviews it."))
    reviewer_id = models.UUIDField(null=True)
    reviewer_name = models.CharField(max_length=60, default="", blank=True)
    in_force_from = models.DateField(null=True)
    in_force_to = models.DateField(null=True)
    note = models.TextField(default="", blank=True, help_text=_("What changed and why."))
    digest = models.CharField(
        max_length=64, default="", blank=True, help_text=_("SHA-256 of its items once published.")
    )

    shipped = models.SmallIntegerField(
        null=True, help_text=_("The version of the data it came with; none: written in the city.")
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["checklist", "number"], name="edition_once_a_checklist"),
            models.UniqueConstraint(
                fields=["checklist"], condition=models.Q(state="published"), name="edition_one_published"
            ),
            models.UniqueConstraint(
                fields=["checklist"], condition=models.Q(state__in=["draft", "reviewed"]), name="edition_one_at_work"
            ),
        ]
        indexes = [models.Index(fields=["state", "checklist"], name="edition_state")]

    def __str__(self) -> str:
        return f"{self.checklist.code}-{self.number}"


@unscoped("what may be asked on a visit is public: an unlisted item may not be checked")
class Item(models.Model):
    """
    One thing to look at. `applies` is a predicate: {"industry": […], "grade": […], "scale": […], "facility": […]}; every key
    given must fit by any of its values, so {} applies to all.
    """

    EVIDENCE = [
        ("none", _("none")),
        ("photo", _("photo")),
        ("document", _("document")),
        ("number", _("measured value")),
        ("interview", _("interview")),
    ]
    id = models.UUIDField(primary_key=True, default=new_id)
    edition = models.ForeignKey("standards.Edition", on_delete=models.PROTECT, related_name="items")
    code = models.CharField(max_length=20, help_text=_("Stays the same over editions."))
    place = models.IntegerField()
    group = models.CharField(max_length=80, default="", blank=True)
    zh = models.CharField(max_length=400)
    en = models.CharField(max_length=500, default="", blank=True)
    method = models.CharField(max_length=300, default="", blank=True)
    evidence_asked = models.CharField(max_length=10, choices=EVIDENCE, default="none")
    law_clause = models.ForeignKey("standards.LawClause", null=True, on_delete=models.PROTECT, related_name="+")
    basis = models.CharField(
        max_length=300, default="", blank=True, help_text=_("Basis in words, when no clause is loaded.")
    )
    applies = models.JSONField(default=dict)
    weight = models.SmallIntegerField(default=1)
    major_clause = models.ForeignKey(
        "standards.Clause",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("A “no” may be major by it."),
    )
    category = models.CharField(max_length=30, default="", blank=True, help_text=_("The category of hazard of a “no”."))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "code"], name="item_once_an_edition")]
        ordering = ["edition_id", "place", "id"]

    def __str__(self) -> str:
        return self.code
