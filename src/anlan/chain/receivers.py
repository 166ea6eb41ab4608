"""What is heard from upstream: the cards of an enterprise that moved go along; those set aside stay as they were."""

from anlan.chain.actions.cards import move_card
from anlan.chain.models import DutyCard
from anlan.kernel.events import hears
from anlan.registry.events import EnterpriseMoved, following


@hears(EnterpriseMoved)
def bring_cards(event: EnterpriseMoved) -> None:
    firm = event.enterprise
    with following():
        cards = DutyCard.objects.select_for_update(of=("self",)).filter(enterprise=firm, active=True)
        for card in cards.order_by("id"):
            move_card(actor=event.actor, card=card, firm=firm)
