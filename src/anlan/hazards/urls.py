from django.urls import path

from anlan.hazards.pages import exports, finding, listing, picks, record, signing, steps, suggesting

app_name = "hazards"
urlpatterns = [
    path("", listing.listing, name="list"),
    path("new/", finding.new, name="new"),
    path("new/same/", finding.same, name="same"),
    path("suggest/", suggesting.suggest, name="suggest"),
    path("views/", listing.save_view, name="save-view"),
    path("views/<uuid:view_id>/remove/", listing.delete_view, name="delete-view"),
    path("dispatch/", listing.bulk_dispatch, name="bulk-dispatch"),
    path("export/", exports.export, name="export"),
    path("exports/<uuid:export_id>/", exports.progress, name="export-progress"),
    path("exports/<uuid:export_id>/file/", exports.file, name="export-file"),
    path("pick/<slug:kind>/", picks.pick, name="pick"),
    path("sign/", signing.next_one, name="sign-next"),
    path("<uuid:hazard_id>/", record.record, name="record"),
    path("<uuid:hazard_id>/sign/", signing.sign, name="sign"),
    path("<uuid:hazard_id>/steps/<slug:name>/", steps.step, name="step"),
]
