"""Random draws: one that was held and whose visits are planned, and one that waits to be held."""

from datetime import date, timedelta
from typing import Any

from anlan.demo.city.enterprises import Firm
from anlan.demo.city.people import Staff
from anlan.inspections.actions.draws import announce_draw, hold_draw, plan_drawn
from anlan.kernel import scope
from anlan.kernel.errors import Invalid
from anlan.kernel.ledger.evidence import seal_all

HELD = ("四季度粉尘涉爆双随机", "年度双随机抽查计划", 3)
WAITING = ("高温熔融金属专项双随机", "专项整治回头看", 2)


def draw_lots(staff: Staff, firm: Firm, *, today: date) -> int:
    """By the department that visitors may act for; its seed needs a signed head. Returns how many visits were planned."""
    actor = staff.regulators[firm.county, firm.bit]
    seal_all()

    def asked(title: str, purpose: str, enterprises: int, *, days: int) -> dict[str, Any]:
        return {
            "title": title, "purpose": purpose, "region": f"{firm.county:012d}", "industry": firm.industry,
            "enterprises": enterprises, "not_visited_days": 30, "planned_on": today + timedelta(days=days),
        }  # fmt: skip

    with scope.acting(actor):
        try:
            notice = announce_draw(actor=actor, data=asked(*HELD, days=7))
            announce_draw(actor=actor, data=asked(*WAITING, days=14))
        except Invalid:
            return 0  # a small city has too few to draw from
    seal_all()
    with scope.acting(actor):
        draw = hold_draw(actor=actor, notice=notice.pk)
        plan = {"check": "county", "style": "unannounced", "planned_on": today + timedelta(days=7), "leave_out": True}
        visits = plan_drawn(actor=actor, draw=draw.pk, data=plan)
    return len(visits)
