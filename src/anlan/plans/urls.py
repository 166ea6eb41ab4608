"""Addresses of the room's pages, below /plans/."""

from django.urls import path

from anlan.plans.pages import boards, bringing, checking, history, listing, record, sub_plans, timetable, trees

app_name = "plans"
urlpatterns = [
    path("", trees.listing, name="list"),
    path("begin/", trees.begin, name="begin"),
    path("pick/unit/", listing.pick_unit, name="pick-unit"),
    path("items/<uuid:plan_item_id>/", record.record, name="item"),
    path("items/<uuid:plan_item_id>/history/", history.history, name="history"),
    path("sub-plans/<uuid:sub_plan_id>/", sub_plans.sub_plan, name="sub-plan"),
    path("items/<uuid:plan_item_id>/steps/<slug:name>/", record.step, name="step"),
    path("<uuid:plan_id>/", trees.show, name="tree"),
    path("<uuid:plan_id>/branch/", trees.branch, name="branch"),
    path("<uuid:plan_id>/units/", boards.units, name="units"),
    path("<uuid:plan_id>/regions/", boards.regions, name="regions"),
    path("<uuid:plan_id>/calendar/", timetable.show, name="calendar"),
    path("<uuid:plan_id>/items/", listing.listing, name="items"),
    path("<uuid:plan_id>/items.xlsx", listing.export, name="export"),
    path("<uuid:plan_id>/checks/", checking.show, name="checks"),
    path("<uuid:plan_id>/publish/", checking.publish, name="publish"),
    path("<uuid:plan_id>/bring/", bringing.bring, name="bring"),
]
