"""What citizens report, what becomes of it, and, sealed apart from it, who they are."""

from anlan.identity.models import Try
from anlan.reports.models.catalogue import Category, Rule
from anlan.reports.models.handling import Check, Hold, Opinion, Sending
from anlan.reports.models.learning import Learnt
from anlan.reports.models.partners import Partner, PartnerReport
from anlan.reports.models.public import DayFigure, PlazaChange, PlazaVersion, PublicPhoto, PublicReport
from anlan.reports.models.report import Report, ReportPhoto
from anlan.reports.models.sealed import Seal, SealOpening

__all__ = [
    "Category", "Check", "DayFigure", "Hold", "Learnt", "Opinion", "Partner", "PartnerReport", "PlazaChange", "PlazaVersion",
    "PublicPhoto", "PublicReport", "Report", "ReportPhoto", "Rule", "Seal", "SealOpening", "Sending", "Try",
]  # fmt: skip
