"""Telling citizens outside the platform: by WeChat when they accepted such a message, by text message otherwise."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from anlan.channels import outgoing, setup
from anlan.channels.events import NotTaken
from anlan.channels.models import Outgoing
from anlan.identity.citizens.accounts import known
from anlan.identity.models import WechatAccount
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.events import hears


def subscribed_openid(person: UUID, template: str) -> str:
    """The WeChat account to which a message of this kind would go now; empty when none would."""
    whom = known(person)
    if whom is None or not whom.openid or not setup.has_wechat():
        return ""
    with scope.acting(SYSTEM):
        return whom.openid if outgoing.accepts(openid=whom.openid, template=template) else ""


def tell(*, person: UUID, template: str, facts: Mapping[str, Any]) -> Outgoing | None:
    """
    Have a citizen told when the present transaction commits. None when nothing is known by which to reach them.

    The caller names a person and learns nothing of them.
    """
    whom = known(person)
    if whom is None:
        return None
    facts = {"language": whom.language, **facts}
    with scope.acting(SYSTEM):
        if whom.openid and setup.has_wechat() and outgoing.accepts(openid=whom.openid, template=template):
            return outgoing.send(channel="wechat", template=template, to=whom.openid, facts=facts)
        if whom.phone and setup.has_sms():
            return outgoing.send(channel="sms", template=template, to=whom.phone, facts=facts)
    return None


@hears(NotTaken)
def tell_by_text_message(event: NotTaken) -> None:
    """They took the acceptance back in WeChat, where nobody told us: the message goes to their phone instead."""
    account = WechatAccount.objects.filter(openid=event.openid).first()
    whom = known(account.person_id) if account else None
    if whom is not None and whom.phone and setup.has_sms():
        outgoing.send(channel="sms", template=event.template, to=whom.phone, facts=event.facts)
