"""Where everything is found."""

from django.conf import settings
from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

from anlan.site import phone, views
from anlan.site.api import api
from anlan.site.pages import (
    audit,
    board,
    calendar,
    callbacks,
    citysettings,
    metrics,
    outbox,
    plain,
    report_map,
    workbench,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", workbench.workbench, name="workbench"),
    path("board/", board.overdue_board, name="board"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/year/", calendar.new_year, name="calendar-year"),
    path("calendar/day/", calendar.edit_day, name="calendar-day"),
    path("calendar/day/forget/", calendar.forget_day, name="calendar-day-forget"),
    path("calendar/provisional/", calendar.provisional, name="calendar-provisional"),
    path("settings/", citysettings.settings_list, name="settings"),
    path("settings/<str:key>/", citysettings.setting, name="setting"),
    path("settings/<str:key>/put-back/", citysettings.put_back, name="setting-put-back"),
    path("audit/", audit.ledger, name="audit"),
    path("audit/entries/<uuid:entry_id>/", audit.entry, name="audit-entry"),
    path("audit/entries/<uuid:entry_id>/bytes/", audit.entry_bytes, name="audit-bytes"),
    path("audit/heads/", audit.heads_list, name="audit-heads"),
    path("audit/verify/", audit.verify, name="audit-verify"),
    path("audit/evidence/<uuid:record_id>/", audit.evidence, name="audit-evidence"),
    path("search/", plain.search, name="search"),
    path("about/", plain.about, name="about"),
    path("help/", plain.help_page, name="help"),
    path("inbox/", include("anlan.notify.urls")),
    path("outbox/", outbox.outbox, name="outbox"),
    path("callbacks/wechat/", callbacks.wechat, name="wechat-callback"),
    path("healthz", views.healthz),
    path("readyz", views.readyz),
    path("metrics", metrics.metrics),
    path("api/v1/", api.urls),
    *phone.addresses("phone"),
    path("report/map", report_map.facts, name="report-map"),
    path("report/boundaries.json", report_map.shapes, name="report-boundaries"),
    *phone.addresses("report"),
    path("hazards/", include("anlan.hazards.urls")),
    path("files/", include("anlan.files.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("anlan.registry.urls")),
    path("", include("anlan.standards.urls")),
    path("", include("anlan.risks.urls")),
    path("chain/", include("anlan.chain.urls")),
    path("experts/", include("anlan.experts.urls")),
    path("", include("anlan.inspections.urls")),
    path("reports/", include("anlan.reports.urls")),
    path("", include("anlan.reports.public_urls")),
    path("rewards/", include("anlan.rewards.urls")),
    path("instruments/", include("anlan.enforcement.urls")),
    path("notices/", include("anlan.enforcement.public_urls")),
    path("campaigns/", include("anlan.campaigns.urls")),
    path("plans/", include("anlan.plans.urls")),
    path("directives/", include("anlan.directives.urls")),
    path("bulletins/", include("anlan.bulletins.urls")),
    path("assessments/", include("anlan.assessments.urls")),
    path("", include("anlan.identity.urls")),
    path("", include("anlan.identity.account_urls")),
]

if settings.RELAXED:
    from anlan.site import kitchen

    urlpatterns += [
        path("kitchen/", kitchen.kitchen),
        path("kitchen/panel", kitchen.panel),
        path("kitchen/photos", kitchen.photos),
        path("kitchen/job", kitchen.job),
    ]

handler400 = views.bad_request
handler403 = views.refused
handler404 = views.not_found
handler500 = views.broken
