"""R-07: the project runs without an approved budget, so nothing can be measured against it."""

from collections.abc import Iterator

from portfolio.analysis.facts import PortfolioFacts
from portfolio.analysis.findings import Evidence, Finding, raised
from portfolio.analysis.registry import Tolerance, rule
from portfolio.analysis.wording import day, days, money


@rule(
    id="R-07",
    slug="missing-baseline",
    title="No baseline",
    group="Cost",
    severity="medium",
    says="No approved budget after {days} days, or with more than {spend} spent.",
    hint="Have a budget approved; earned value starts with it.",
    tolerance={"days": "14", "spend": "0"},
    tolerance_help={
        "days": "How many days an active project may run without an approved budget, from its start.",
        "spend": "How much it may spend meanwhile, in its own currency; beyond this it is one step more severe.",
    },
)
def check(facts: PortfolioFacts, tolerance: Tolerance) -> Iterator[Finding]:
    """Fires for active projects without an approved budget where cost > `spend`, or where more than `days` passed
    since the start (since the day of entry where no start is known).
    """
    for project in facts.live_in_scope():
        if project.has_baseline or project.status != "active":
            continue
        spent = project.ac or 0
        since = project.start or project.created_on
        age = (facts.status_date - since).days
        overspent = spent > tolerance["spend"]
        if not overspent and age <= tolerance["days"]:
            continue
        title = "No approved budget, so no earned value"
        if overspent:
            title = f"{money(project.ac or tolerance['spend'], project.currency)} spent without an approved budget"
        yield Finding(
            rule="missing-baseline",
            severity=raised("medium", 1 if overspent else 0),
            title=title,
            detail=f"Running since {day(since)}, {days(age)}." if age >= 0 else f"Starts on {day(since)}.",
            subject=project.subject,
            project_ids=(project.id,),
            evidence=(
                Evidence("Approved budget", None, project.currency, project.id, "bac"),
                Evidence("Actual cost", project.ac, project.currency, project.id, "ac"),
                Evidence("Committed", project.committed, project.currency, project.id, "committed"),
                Evidence("Start", project.start or "unknown", "date", project.id),
            ),
        )
