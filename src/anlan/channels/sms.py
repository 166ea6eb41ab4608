"""
Text messages through a gateway: one POST of JSON, signed with a shared secret.

Providers differ in their signatures; the platform speaks one plain form, and a few lines in front of a provider's interface
translate it (docs/how-to/wechat.md). The message's id makes a second try of the same message one message.
"""

import hmac
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anlan.channels import setup
from anlan.channels.http import Outside, ask, read_json
from anlan.channels.templates import said
from anlan.kernel import clock


class Refused(Outside):
    """The gateway will not send this: the number, the words or our account."""

    code = "sms.refused"
    again = False
    default_message = _("The text message could not be sent to this number.")


def send(*, id: UUID, to: str, template: str, facts: Mapping[str, Any]) -> str:  # noqa: A002 -- what it is
    """Hand one message over; the gateway's receipt."""
    at = setup.sms()
    body = json.dumps(
        {
            "id": str(id),
            "to": to,
            "sign": at.sign,
            "template": template,
            "text": said(template, facts),
            "facts": {key: str(value) for key, value in facts.items()},
        },
        ensure_ascii=False,
    ).encode()
    headers = {"Content-Type": "application/json", **signed(at.key, at.secret, body)}
    answer = ask("POST", f"{at.url}/sms/send", content=body, headers=headers)
    if answer.status_code == 429:
        raise Outside(errcode="rate")
    found = read_json(answer)
    if answer.status_code != 200:
        raise Refused(errcode=str(found.get("code", answer.status_code))[:40])
    return str(found.get("receipt", ""))


def signed(key: str, secret: str, body: bytes) -> dict[str, str]:
    """The headers that prove who sends: the time and a keyed digest over time and body."""
    moment = str(int(clock.now().timestamp()))
    digest = hmac.new(secret.encode(), f"{moment}\n".encode() + body, sha256).hexdigest()
    return {"X-Sms-Key": key, "X-Sms-Timestamp": moment, "X-Sms-Signature": digest}
