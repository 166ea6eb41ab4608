"""Addresses of the room's pages, below /campaigns/."""

from django.urls import path

from anlan.campaigns.pages import (
    behind,
    boards,
    filling,
    leaders,
    listing,
    record,
    review,
    setup,
    setup_templates,
    sheets,
)

app_name = "campaigns"
urlpatterns = [
    path("", setup.listing, name="list"),
    path("new/", setup.new, name="new"),
    path("sheets/", sheets.many, name="sheets"),
    path("returns/<uuid:return_id>/workbook/", sheets.workbook, name="workbook"),
    path("returns/<uuid:return_id>/sheet/", sheets.sheet, name="sheet"),
    path("leaders/", leaders.board, name="leaders"),
    path("leaders/deeds/", leaders.deeds, name="leader-deeds"),
    path("leaders/acts/<uuid:act_id>/", leaders.act, name="leader-act"),
    path("<uuid:campaign_id>/leaders/", leaders.record, name="record-act"),
    path("<uuid:campaign_id>/", setup.campaign, name="campaign"),
    path("<uuid:campaign_id>/enrol/", setup.enrol, name="enrol"),
    path("<uuid:campaign_id>/enrol/many/", setup.enrol_many, name="enrol-many"),
    path("<uuid:campaign_id>/month/", setup.open_month, name="open-month"),
    path("<uuid:campaign_id>/workbooks/<str:month>/", sheets.archive, name="workbooks"),
    path("<uuid:campaign_id>/publish/", setup_templates.publish, name="publish"),
    path("<uuid:campaign_id>/publish/workbook/", setup_templates.start_book, name="start-book"),
    path("<uuid:campaign_id>/templates/<uuid:template_id>/", setup_templates.template, name="template"),
    path("<uuid:campaign_id>/templates/<uuid:template_id>/workbook/", setup_templates.template_book, name="template-book"),
    path("<uuid:campaign_id>/templates/<uuid:template_id>/<slug:part>/", setup_templates.template_text_of, name="template-text"),
    path("returns/", listing.mine, name="mine"),
    path("returns/all/", listing.listing, name="returns"),
    path("returns/board/", boards.board, name="board"),
    path("returns/reconciliation/", boards.reconciliation, name="reconciliation"),
    path("returns/quality/", boards.quality, name="quality"),
    path("returns/<uuid:return_id>/", record.record, name="return"),
    path("returns/<uuid:return_id>/steps/<slug:name>/", record.step, name="step"),
    path("returns/<uuid:return_id>/fill/", filling.fill, name="fill"),
    path("returns/<uuid:return_id>/save/", filling.save, name="save"),
    path("returns/<uuid:return_id>/standing/", filling.standing, name="standing"),
    path("returns/<uuid:return_id>/hand-in/", filling.hand_in, name="hand-in"),
    path("returns/<uuid:return_id>/behind/<slug:name>/", behind.behind, name="behind"),
    path("returns/<uuid:return_id>/review/", review.review, name="review"),
    path("returns/<uuid:return_id>/review/<slug:panel>/", review.confirm, name="confirm"),
]  # fmt: skip
