"""Identity's pages."""

from django.urls import path

from anlan.identity.pages import account, audit, organisations, people, sign_in

app_name = "identity"
urlpatterns = [
    path("sign-in/", sign_in.SignInView.as_view(), name="sign-in"),
    path("act-as/", sign_in.act_as, name="act-as"),
    path("account/", account.account, name="me"),
    path("account/sessions/", account.sessions, name="own-sessions"),
    path("account/sessions/end/", account.end_session, name="own-end-session"),
    path("account/tokens/", account.tokens, name="own-tokens"),
    path("account/tokens/new/", account.new_token, name="new-token"),
    path("account/tokens/<uuid:token>/revoke/", account.revoke_token, name="revoke-token"),
    path("people/", people.people, name="people"),
    path("people/export/", people.people, name="export-people"),
    path("people/new/", people.new_person, name="new-person"),
    path("people/<uuid:person_id>/", people.person, name="person"),
    path("people/<uuid:person_id>/give-post/", people.give_post, name="give-post"),
    *(
        path(
            f"people/<uuid:person_id>/{verb.replace('_', '-')}/",
            people.person_act,
            {"verb": verb},
            name=f"person-{verb}",
        )
        for verb in people.ACTS
    ),
    path("posts/<uuid:post_id>/end/", people.end_post, name="end-post"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/export/", organisations.organisations, name="export-organisations"),
    path("organisations/find/", organisations.find, name="find-organisation"),
    path("organisations/new/", organisations.new_organisation, name="new-organisation"),
    path("organisations/<uuid:organisation_id>/", organisations.organisation, name="organisation"),
    path("regions/", organisations.regions, name="regions"),
    path("regions/load/", organisations.regions_load, name="load-regions"),
    path("audit/sign-ins/", audit.sign_ins, name="sign-ins"),
    path("audit/sign-ins/export/", audit.sign_ins, name="export-sign-ins"),
    path("audit/refusals/", audit.refusals, name="refusals"),
    path("audit/refusals/export/", audit.refusals, name="export-refusals"),
    path("audit/rights/", audit.rights, name="rights"),
    path("audit/rights/export/", audit.rights, name="export-rights"),
]
