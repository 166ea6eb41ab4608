"""Addresses of the room's pages, below /directives/."""

from django.urls import path

from anlan.directives.pages import bringing, digests, listing, reading, record, recurring, weekly

app_name = "directives"
urlpatterns = [
    path("", listing.documents, name="documents"),
    path("new/", bringing.new, name="new"),
    path("incoming/<uuid:intake_id>/", bringing.intake, name="intake"),
    path("incoming/<uuid:intake_id>/give-up/", bringing.give_up, name="give-up"),
    path("pick/", reading.pick, name="pick"),
    path("proposals/<uuid:proposal_id>/accept/", reading.accept, name="accept"),
    path("proposals/<uuid:proposal_id>/mend/", reading.mend, name="mend"),
    path("proposals/<uuid:proposal_id>/refuse/", reading.refuse, name="refuse"),
    path("units/", weekly.units, name="units"),
    path("comb/", weekly.comb, name="comb"),
    path("digests/", digests.listing, name="digests"),
    path("digests/drafts/", digests.begin, name="begin-draft"),
    path("digests/drafts/<uuid:digest_draft_id>/", digests.draft, name="draft"),
    path("digests/drafts/<uuid:digest_draft_id>/discard/", digests.discard, name="discard-draft"),
    path("digests/<uuid:digest_id>/", digests.digest, name="digest"),
    path("digests/<uuid:digest_id>/<slug:form>/", digests.file, name="digest-file"),
    path("recurring/", recurring.schedule, name="recurring"),
    path("recurring/<uuid:recurrence_id>/skip/", recurring.skip, name="skip"),
    path("recurring/<uuid:recurrence_id>/end/", recurring.end, name="end"),
    path("tasks/", listing.tasks, name="tasks"),
    path("tasks/<uuid:directive_task_id>/", record.record, name="task"),
    path("tasks/<uuid:directive_task_id>/steps/<slug:name>/", record.step, name="step"),
    path("<uuid:directive_id>/", reading.document, name="document"),
    path("<uuid:directive_id>/add/", reading.add, name="add"),
]
