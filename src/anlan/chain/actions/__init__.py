from anlan.chain.actions.cards import acknowledge, add_card, change_card, draw_up, end_card, held_card
from anlan.chain.actions.duties import change_duty, end_duty, give_duty, hand_over
from anlan.chain.actions.seeding import seed_duties

__all__ = [
    "acknowledge",
    "add_card",
    "change_card",
    "change_duty",
    "draw_up",
    "end_card",
    "end_duty",
    "give_duty",
    "hand_over",
    "held_card",
    "seed_duties",
]
