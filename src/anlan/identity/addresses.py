"""Where a request came from. Forwarded headers count only behind a proxy that the operator declared."""

import os
from ipaddress import ip_address

from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str | None:
    """The client's address, or None when it is not an address (unix sockets)."""
    peer = request.META.get("REMOTE_ADDR", "")
    forwarded = request.headers.get("X-Real-IP", "") if os.environ.get("ANLAN_PROXY") == "1" else ""
    for address in (forwarded, peer):
        try:
            return str(ip_address(address))
        except ValueError:
            continue
    return None
