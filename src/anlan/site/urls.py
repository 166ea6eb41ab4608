"""Where everything is found."""

from django.conf import settings
from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

from anlan.site import views
from anlan.site.api import api
from anlan.site.pages import audit, board, calendar, citysettings, metrics, plain, workbench

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
    path("healthz", views.healthz),
    path("readyz", views.readyz),
    path("metrics", metrics.metrics),
    path("api/v1/", api.urls),
    path("hazards/", include("anlan.hazards.urls")),
    path("files/", include("anlan.files.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("anlan.registry.urls")),
    path("", include("anlan.standards.urls")),
    path("", include("anlan.risks.urls")),
    path("chain/", include("anlan.chain.urls")),
    path("experts/", include("anlan.experts.urls")),
    path("", include("anlan.inspections.urls")),
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
