from django.urls import path

from anlan.registry.pages import enterprises, exports, imports, sites

app_name = "registry"
urlpatterns = [
    path("enterprises/", enterprises.listing, name="enterprises"),
    path("enterprises/new/", enterprises.register, name="register"),
    path("enterprises/export/", exports.export, name="export"),
    path("enterprises/exports/<uuid:export_id>/", exports.progress, name="export-progress"),
    path("enterprises/exports/<uuid:export_id>/file/", exports.file, name="export-file"),
    path("enterprises/<uuid:enterprise_id>/", enterprises.enterprise, name="enterprise"),
    path("enterprises/<uuid:enterprise_id>/edit/", enterprises.edit, name="edit"),
    path("enterprises/<uuid:enterprise_id>/close/", enterprises.close, name="close"),
    path("enterprises/<uuid:enterprise_id>/sites/new/", sites.add, name="add-site"),
    path("sites/<uuid:site_id>/edit/", sites.edit, name="edit-site"),
    path("imports/", imports.listing, name="imports"),
    path("imports/new/<slug:kind>/", imports.upload, name="upload"),
    path("imports/template/<slug:kind>/", imports.blank, name="template"),
    path("imports/<uuid:import_id>/", imports.one, name="import"),
    path("imports/<uuid:import_id>/load/", imports.load, name="load-import"),
    path("imports/<uuid:import_id>/discard/", imports.discard, name="discard-import"),
    path("imports/<uuid:import_id>/faults/", imports.marked, name="import-faults"),
]
