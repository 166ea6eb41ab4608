from django.urls import path

from anlan.standards.pages import checklists, coverage, criteria, editions, laws, picks

app_name = "standards"
urlpatterns = [
    path("criteria/", criteria.criteria, name="criteria"),
    path("criteria/<slug:code>/", criteria.one, name="list"),
    path("laws/", laws.laws, name="laws"),
    path("laws/<slug:code>/", laws.law, name="law"),
    path("checklists/", checklists.listing, name="checklists"),
    path("checklists/new/", checklists.new, name="new-checklist"),
    path("checklists/pick/<slug:kind>/", picks.pick, name="pick"),
    path("checklists/coverage/", coverage.coverage, name="coverage"),
    path("checklists/coverage/enterprises/", coverage.rows, name="coverage-rows"),
    path("checklists/<uuid:checklist_id>/", checklists.checklist, name="checklist"),
    path("checklists/<uuid:checklist_id>/edit/", checklists.edit, name="edit-checklist"),
    path("checklists/<uuid:checklist_id>/draft/", checklists.draft, name="draft"),
    path("checklists/editions/<uuid:edition_id>/", editions.edition, name="edition"),
    path("checklists/editions/<uuid:edition_id>/steps/<slug:name>/", editions.step, name="step"),
    path("checklists/editions/<uuid:edition_id>/items/", editions.add_item, name="add-item"),
    path("checklists/editions/<uuid:edition_id>/export/", editions.export, name="export-edition"),
    path("checklists/editions/<uuid:edition_id>/xlsform/", editions.odk, name="xlsform"),
    path("checklists/items/<uuid:item_id>/", editions.edit_item, name="edit-item"),
    path("checklists/items/<uuid:item_id>/up/", editions.move_item, {"way": "up"}, name="item-up"),
    path("checklists/items/<uuid:item_id>/down/", editions.move_item, {"way": "down"}, name="item-down"),
    path("checklists/items/<uuid:item_id>/remove/", editions.move_item, {"way": "remove"}, name="remove-item"),
]
