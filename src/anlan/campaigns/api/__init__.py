"""For programs."""

from ninja import Router

from anlan.campaigns.api import leaders, returns, setup

router = Router(tags=["campaigns"])
router.add_router("", setup.router)
router.add_router("", leaders.router)
router.add_router("", returns.router)
