"""The policies of the demo: prose of a small council's office."""

from __future__ import annotations

from typing import Final, NamedTuple


class DemoPolicy(NamedTuple):
    """`days`: how long before today it began to bind. `read`: roles whose people have acknowledged it."""

    slug: str
    name: str
    kind: str
    text: str
    summary: str
    binds: tuple[str, ...]
    days: int
    read: tuple[str, ...]
    within: int = 14


POLICIES: Final = (
    DemoPolicy(
        "gifts",
        "Gifts and hospitality",
        "policy",
        "# What this is about\n\nPeople who decide on suppliers do not take anything from them. Not because anybody is "
        "suspected: because nobody should have to be.\n\n# The rule\n\n- No gifts above **25 pounds** from anybody who "
        "sells to us or wants to.\n- Meals only where the work is done at the table.\n- Nothing at all while a tender "
        "is open.\n\n# When in doubt\n\nAsk before, not after. What was turned down is written down, too.\n",
        "First version.",
        ("pmo_director", "portfolio_manager", "project_manager", "budget_owner"),
        120,
        ("pmo_director", "portfolio_manager", "budget_owner"),
    ),
    DemoPolicy(
        "spending",
        "Who may commit money",
        "policy",
        "# The rule\n\nNobody commits money that is not in an approved budget. An order counts as spent on the day it "
        "is signed, not on the day the invoice comes.\n\n1. Up to the limit of the budget owner: the budget owner.\n"
        "2. Above it: the director of the office.\n3. Outside the baseline: only by an approved change request.\n\n"
        "> Splitting an order to stay below a limit is the same as going above it.\n",
        "Orders count on the day they are signed.",
        ("project_manager", "budget_owner", "pmo_analyst"),
        40,
        ("budget_owner",),
    ),
    DemoPolicy(
        "monthly-report",
        "How the month is closed",
        "procedure",
        "# In the last week of the month\n\n- Project managers state progress and forecast.\n- Budget owners post "
        "what came in and accrue what is missing.\n\n# On the third working day\n\nThe office closes the month. "
        "Late entries go into the next one.\n\n# What is looked at\n\nFindings above *medium*, forecasts that moved by "
        "more than five per cent, and every project without a figure.\n",
        "The third working day instead of the fifth.",
        ("pmo_analyst", "project_manager"),
        6,
        (),
        21,
    ),
)
# A policy that is still being written.
DRAFT: Final = DemoPolicy(
    "working-with-suppliers",
    "Working with suppliers on site",
    "policy",
    "# Draft\n\nWho works on our sites follows our rules of safety, whoever pays them.\n",
    "",
    ("project_manager",),
    0,
    (),
)
