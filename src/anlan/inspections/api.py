"""Inspections for programs."""

from ninja import Router

router = Router(tags=["inspections"])
