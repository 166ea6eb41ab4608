"""Identifiers: UUIDv7, so that keys sort by birth and a phone may make them offline."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    return uuid7()
