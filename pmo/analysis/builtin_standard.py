"""The standard that every organisation starts with: five phases after the common five process groups.

Words are our own. Activities are what hardly any project can do without; tailoring comes on top.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class StandardActivity(NamedTuple):
    key: str
    name: str
    why: str
    how: str
    role: str
    mandatory: bool = True


class StandardPhase(NamedTuple):
    key: str
    name: str
    purpose: str
    gate: str
    criteria: tuple[str, ...]
    activities: tuple[StandardActivity, ...]


SLUG: Final = "five-phases"
NAME: Final = "Five phases"
DESCRIPTION: Final = (
    "Initiation, planning, execution, monitoring and control, closing: each with its activities and a gate."
)

_A = StandardActivity
PHASES: Final[tuple[StandardPhase, ...]] = (
    StandardPhase(
        "initiation",
        "Initiation",
        "Agree why the project exists, what it is to bring and who answers for it.",
        "Gate 1: start",
        ("The business case is worth its money", "Sponsor, budget owner and project manager are named"),
        (
            _A(
                "charter",
                "Write the charter",
                "So that everyone starts from the same aim.",
                "One page: aim, outcomes, limits, people, first budget.",
                "project_manager",
            ),
            _A(
                "business-case",
                "Make the business case",
                "So that money goes where it returns most.",
                "Costs and benefits by year, alternatives, what happens if nothing is done.",
                "sponsor",
            ),
            _A(
                "owners",
                "Name the owners",
                "A project without owners is nobody's.",
                "Project manager, sponsor and budget owner, each by name and in writing.",
                "pmo_director",
            ),
            _A(
                "stakeholders",
                "List the stakeholders",
                "Surprised people stop projects.",
                "Who gains, who loses, who decides; interest and influence of each.",
                "project_manager",
                False,
            ),
        ),
    ),
    StandardPhase(
        "planning",
        "Planning",
        "Decide how it will be done, when, by whom and for how much.",
        "Gate 2: baseline",
        ("Scope, schedule and budget are approved as the baseline", "The main risks have owners and responses"),
        (
            _A(
                "schedule",
                "Plan the schedule",
                "So that slips are seen while they are small.",
                "Work packages, dependencies, milestones; the critical path is known.",
                "project_manager",
            ),
            _A(
                "budget",
                "Have the budget approved",
                "Cost can only be judged against an approved plan.",
                "By month, category, capital and operating; contingency inside, reserve outside.",
                "budget_owner",
            ),
            _A(
                "risks",
                "Assess the risks",
                "The expensive surprises are mostly known to somebody.",
                "Cause, event, effect; probability, impact, response, owner.",
                "project_manager",
            ),
            _A(
                "communication",
                "Plan the communication",
                "So that people hear it from you first.",
                "Who hears what, how often, by whom.",
                "project_manager",
                False,
            ),
        ),
    ),
    StandardPhase(
        "execution",
        "Execution",
        "Do the work and report where it stands.",
        "Gate 3: ready to hand over",
        ("Deliverables are accepted", "Operations are ready to take over"),
        (
            _A(
                "progress",
                "Report progress every month",
                "Figures older than a month steer nothing.",
                "Percent complete per phase or work package, dated.",
                "project_manager",
            ),
            _A(
                "costs",
                "Post every cost",
                "What is not posted cannot be steered.",
                "Actuals, commitments and accruals with document and vendor.",
                "budget_owner",
            ),
            _A(
                "acceptance",
                "Have deliverables accepted",
                "Done is what its receiver says is done.",
                "Each deliverable with its criteria, date and accepting person.",
                "project_manager",
            ),
        ),
    ),
    StandardPhase(
        "monitoring",
        "Monitoring and control",
        "Compare with the plan and act on what differs.",
        "Gate 4: under control",
        ("Forecast cost and finish are inside tolerance, or a change is approved", "Open findings have owners"),
        (
            _A(
                "forecast",
                "Forecast cost and finish",
                "The office pays for the end, not for the middle.",
                "Estimate to complete from the people who do the work, monthly.",
                "project_manager",
            ),
            _A(
                "findings",
                "Act on findings",
                "A flag that nobody lowers is noise.",
                "Acknowledge, assign, treat; resolve the cause.",
                "project_manager",
            ),
            _A(
                "changes",
                "Decide on changes",
                "Unrecorded changes are how budgets vanish.",
                "Effect on scope, time, cost, risk and benefit, then a decision with its reason.",
                "sponsor",
            ),
        ),
    ),
    StandardPhase(
        "closing",
        "Closing",
        "Hand over, settle, and leave what was learned to the next project.",
        "Gate 5: closed",
        ("Nothing is left to be paid", "Every benefit has an owner who stays", "Lessons are written down"),
        (
            _A(
                "handover",
                "Hand over",
                "Value starts when somebody uses it.",
                "To the owner in operations, with documents and open points.",
                "project_manager",
            ),
            _A(
                "settle",
                "Settle the accounts",
                "Late invoices belong to somebody.",
                "Commitments closed, accruals released, final cost stated.",
                "budget_owner",
            ),
            _A(
                "lessons",
                "Write down the lessons",
                "So that the next team need not reinvent them.",
                "What to do again, what not, for whom; tagged so that it is found.",
                "project_manager",
            ),
        ),
    ),
)
