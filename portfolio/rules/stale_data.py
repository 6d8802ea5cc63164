"""R-05: nothing was reported for too long, so every figure of the project may be wrong."""

from collections.abc import Iterator

from portfolio.analysis.facts import PortfolioFacts
from portfolio.analysis.findings import Evidence, Finding, raised
from portfolio.analysis.registry import Tolerance, rule
from portfolio.analysis.wording import day, days


@rule(
    id="R-05",
    slug="stale-data",
    title="Stale data",
    group="Data",
    severity="low",
    says="An active project has had neither cost nor progress for more than {days} days.",
    hint="Ask the project manager for progress and the finance office for the ledger.",
    tolerance={"days": "35", "severe_days": "90"},
    tolerance_help={
        "days": "How old the latest cost or progress of an active project may be, in days.",
        "severe_days": "Beyond this, the finding is one step more severe.",
    },
)
def check(facts: PortfolioFacts, tolerance: Tolerance) -> Iterator[Finding]:
    """Fires for active projects where the latest cost or progress (the day of entry where there is none) is older than
    `days`; severer beyond `severe_days`. A project on hold is not expected to report."""
    for project in facts.live_in_scope():
        if project.status != "active":
            continue
        reported = [on for on in (project.last_progress_on, project.last_cost_on) if on is not None]
        latest = max(reported, default=project.created_on)
        age = (facts.status_date - latest).days
        if age <= tolerance["days"]:
            continue
        title = (
            f"No cost or progress for {days(age)}"
            if reported
            else f"Nothing reported since it was entered, {days(age)}"
        )
        yield Finding(
            rule="stale-data",
            severity=raised("low", 1 if age > tolerance["severe_days"] else 0),
            title=title,
            detail=f"The last one is of {day(latest)}." if reported else f"It was entered on {day(latest)}.",
            subject=project.subject,
            project_ids=(project.id,),
            evidence=(
                Evidence("Latest cost", project.last_cost_on or "never", "date", project.id, "ac"),
                Evidence(
                    "Latest progress", project.last_progress_on or "never", "date", project.id, "percent_complete"
                ),
                Evidence("Age", f"{age}", "days", project.id),
                Evidence("Tolerance", f"{tolerance['days']:f}", "days"),
            ),
        )
