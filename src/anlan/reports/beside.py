"""What downstream rooms tell a report: they register here, nothing is imported back."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.safestring import SafeString

from anlan.reports.models import Report

Progress = Callable[[Report], list[dict[str, Any]]]
Rewards = Callable[[Iterable[UUID]], dict[UUID, dict[str, Any]]]
Panel = Callable[[HttpRequest, Report], SafeString | None]
Owes = Callable[[Iterable[UUID]], Iterable[UUID]]
_owes: list[Owes] = []
_progress: list[Progress] = []
_rewards: list[Rewards] = []
_panels: list[Panel] = []


def progress_by(function: Progress) -> Progress:
    """
    Register who knows how a verified report goes on: lines {at, label, words, tone} without names, oldest first.

    Asked elevated, for people who see nothing of the hazard itself.
    """
    _progress.append(function)
    return function


def progress(report: Report) -> list[dict[str, Any]]:
    """The public progress of what was made of a report."""
    if report.hazard_id is None:
        return []
    return sorted((line for function in _progress for line in function(report)), key=lambda line: line["at"])


def owes_by(function: Owes) -> Owes:
    """Register who knows to which seals something is still owed. Asked elevated."""
    _owes.append(function)
    return function


def owed(seals: Iterable[UUID]) -> set[UUID]:
    wanted = list(seals)
    return {key for function in _owes for key in function(wanted)}


def rewards_by(function: Rewards) -> Rewards:
    """Register who knows the rewards of reporters: seal id → {amount_fen, state, state_label}. Asked elevated."""
    _rewards.append(function)
    return function


def rewards(seals: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    wanted = list(seals)
    return {key: facts for function in _rewards for key, facts in function(wanted).items()}


def panel_by(function: Panel) -> Panel:
    """Register a card on the officials' page of a report: HTML, or None for nothing. Asked in the reader's own scope."""
    _panels.append(function)
    return function


def panels(request: HttpRequest, report: Report) -> list[SafeString]:
    return [html for function in _panels if (html := function(request, report))]
