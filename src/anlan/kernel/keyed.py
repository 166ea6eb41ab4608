"""Digests that only this platform can make: to compare or count by what is kept nowhere."""

import hmac
from hashlib import sha256

from django.conf import settings


def keyed(text: bytes) -> str:
    """HMAC-SHA256 under the platform's secret as 64 hex digits. Callers say in `text` what it is for."""
    return hmac.new(settings.SECRET_KEY.encode(), text, sha256).hexdigest()
