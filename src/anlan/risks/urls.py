from django.urls import path

from anlan.risks.pages import exports, listing, notice, points, record, reports, sources
from anlan.risks.pages import map as risk_map

app_name = "risks"
urlpatterns = [
    path("risk-points/", listing.listing, name="points"),
    path("risk-points/new/", points.register, name="register"),
    path("risk-points/pick/<slug:kind>/", listing.pick, name="pick"),
    path("risk-points/export/", exports.export, name="export"),
    path("risk-points/exports/<uuid:export_id>/", exports.progress, name="export-progress"),
    path("risk-points/exports/<uuid:export_id>/file/", exports.file, name="export-file"),
    path("risk-points/<uuid:point_id>/", record.point, name="point"),
    path("risk-points/<uuid:point_id>/edit/", points.edit, name="edit"),
    path("risk-points/<uuid:point_id>/retire/", points.retire, name="retire"),
    path("risk-points/<uuid:point_id>/notice/", notice.sheet, name="notice"),
    path("risk-points/<uuid:point_id>/notice.pdf", notice.pdf, name="notice-pdf"),
    path("risk-points/<uuid:point_id>/sources/new/", sources.add, name="add-source"),
    path("risk-sources/<uuid:source_id>/edit/", sources.edit, name="edit-source"),
    path("risk-sources/<uuid:source_id>/retire/", sources.retire, name="retire-source"),
    path("risk-sources/<uuid:source_id>/assess/", sources.assess, name="assess"),
    path("risk-sources/<uuid:source_id>/assess/preview/", sources.preview, name="assess-preview"),
    path("risk-sources/<uuid:source_id>/controls/new/", sources.add_control, name="add-control"),
    path("risk-controls/<uuid:control_id>/edit/", sources.edit_control, name="edit-control"),
    path("risk-controls/<uuid:control_id>/retire/", sources.retire_control, name="retire-control"),
    path("risk-units/<uuid:unit_id>/rename/", points.rename_unit, name="rename-unit"),
    path("worker-reports/<uuid:report_id>/hazard/", reports.hazard, name="report-hazard"),
    path("worker-reports/<uuid:report_id>/answer/", reports.answer, name="report-answer"),
    path("r/<uuid:point_id>/", notice.scan, name="scan"),
    path("r/<uuid:point_id>/sent/<uuid:report_id>/", notice.sent, name="scan-sent"),
    path("risks/map/", risk_map.page, name="map"),
    path("risks/map/tiles/<int:zoom>/<int:x>/<int:y>.mvt", risk_map.tile, name="tile"),
    path("risks/map/boundaries.json", risk_map.shapes, name="boundaries"),
]
