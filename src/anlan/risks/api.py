"""Risk points for programs."""

from ninja import Router

router = Router(tags=["risks"])
