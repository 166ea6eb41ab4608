"""Responsibility chain for programs."""

from ninja import Router

router = Router(tags=["chain"])
