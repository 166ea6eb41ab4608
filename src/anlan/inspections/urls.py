from django.urls import path

from anlan.inspections.pages import calendar, closing, documents, draws, planning, record, steps, visits

app_name = "inspections"
urlpatterns = [
    path("draws/", draws.listing, name="draws"),
    path("draws/export/", draws.listing, name="draws-export"),
    path("draws/new/", draws.hold, name="hold-draw"),
    path("draws/<uuid:draw_id>/", draws.draw, name="draw"),
    path("draws/<uuid:draw_id>/visits/", draws.plan, name="plan-draw"),
    path("draws/<uuid:draw_id>/record/", draws.record, name="draw-record"),
    path("visits/", visits.listing, name="visits"),
    path("visits/calendar/", calendar.calendar, name="calendar"),
    path("visits/board/", calendar.board, name="board"),
    path("visits/export/", visits.export, name="export"),
    path("visits/plan/", planning.plan, name="plan"),
    path("visits/plan-many/", planning.plan_many, name="plan-many"),
    path("visits/pick/<slug:kind>/", visits.pick, name="pick"),
    path("visits/<uuid:visit_id>/", record.record, name="visit"),
    path("visits/<uuid:visit_id>/answer/", record.answer, name="answer"),
    path("visits/<uuid:visit_id>/record/", closing.close, name="close"),
    path("visits/<uuid:visit_id>/sign/", closing.sign, name="sign"),
    path("visits/<uuid:visit_id>/steps/<slug:name>/", steps.step, name="step"),
    path("visits/<uuid:visit_id>/record.<slug:form>", documents.document, name="document"),
]
