"""Shared by the room's pages."""

from django.http import HttpRequest

from anlan.experts.rules import READERS
from anlan.identity import asking
from anlan.kernel.actor import Actor


def reader_of(request: HttpRequest) -> Actor:
    return asking.reader_of(request, among=READERS)
