"""Addresses of the desk, the routing table, what was learnt and what was put aside."""

from django.urls import path

from anlan.reports.pages import calls, desk, holds, learnt, routing

sorting_urls = [
    path("desk/", desk.desk, name="desk"),
    path("desk/queue/", desk.queue_part, name="desk-queue"),
    path("desk/send/", desk.send, name="desk-send"),
    path("desk/<uuid:report_id>/", desk.report_part, name="desk-report"),
    path("desk/<uuid:report_id>/take/", desk.take, name="desk-take"),
    path("new/", calls.take_down, name="call"),
    path("rules/", routing.table, name="rules"),
    path("rules/new/", routing.new, name="rule-new"),
    path("rules/try/", routing.try_part, name="rules-try"),
    path("rules/<uuid:rule_id>/", routing.edit, name="rule"),
    path("rules/<uuid:rule_id>/move/", routing.move, name="rule-move"),
    path("rules/<uuid:rule_id>/switch/", routing.switch, name="rule-switch"),
    path("learnt/", learnt.learnt, name="learnt"),
    path("learnt/now/", learnt.now, name="learnt-now"),
    path("learnt/threshold/", learnt.threshold, name="learnt-threshold"),
    path("holds/", holds.holds, name="holds"),
    path("holds/<uuid:report_id>/", holds.settle, name="hold-settle"),
]
