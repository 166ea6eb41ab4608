"""Addresses of the rewards' pages, below /rewards/."""

from django.urls import path

from anlan.rewards.pages import accounts, listing, record

app_name = "rewards"
urlpatterns = [
    path("", listing.listing, name="list"),
    path("budget/", accounts.budget, name="budget"),
    path("budget/set/", accounts.set_budget, name="set-budget"),
    path("rules/", accounts.rules, name="rules"),
    path("reconciliation/", accounts.reconciliation, name="reconciliation"),
    path("propose/<uuid:report_id>/", record.propose, name="propose"),
    path("<uuid:reward_id>/", record.record, name="record"),
    path("<uuid:reward_id>/steps/<slug:name>/", record.step, name="step"),
]
