"""The only code that reads rewards for others."""

from anlan.rewards.queries.detail import Story, bills_of, of_claim, of_reporter, reward, story_of
from anlan.rewards.queries.figures import BudgetView, alarms, budgets, figures, paid_by_day, sums
from anlan.rewards.queries.list import Filters, Page, count_rewards, read_filters, rewards
from anlan.rewards.queries.waiting import waiting_for

__all__ = [
    "BudgetView", "Filters", "Page", "Story", "alarms", "bills_of", "budgets", "count_rewards", "figures", "of_claim",
    "of_reporter", "paid_by_day", "read_filters", "reward", "rewards", "story_of", "sums", "waiting_for",
]  # fmt: skip
