from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "anlan.campaigns"
    label = "campaigns"

    def ready(self) -> None:
        from anlan.campaigns import counters, flow  # noqa: F401 -- the table and the counters register themselves
        from anlan.campaigns.actions import open_due_months, watch_leaders
        from anlan.kernel.duties import duty
        from anlan.kernel.ledger.guard import subjects

        subjects["leader_act"] = "campaigns_leaderact"
        subjects["leader_owed"] = "campaigns_leaderowed"
        duty("returns", every=3600)(open_due_months)
        duty("leaders", every=6 * 3600)(watch_leaders)
