"""R-16: an accrual stands in the books and nothing reverses it."""

from collections.abc import Iterator

from portfolio.analysis.facts import PortfolioFacts
from portfolio.analysis.findings import Evidence, Finding, raised
from portfolio.analysis.registry import Tolerance, rule
from portfolio.analysis.wording import day, days, money


@rule(
    id="R-16",
    slug="unreleased-accruals",
    title="Unreleased accruals",
    group="Cost",
    severity="low",
    says="An accrual is older than {days} days, not reversed, and no day is set on which it will be.",
    hint="See whether the invoice came: then reverse the accrual, or the cost is counted twice.",
    tolerance={"days": "60", "severe_days": "180"},
    tolerance_help={
        "days": "How old an accrual may grow without its reversal, in days.",
        "severe_days": "Beyond this, the finding is one step more severe.",
    },
)
def check(facts: PortfolioFacts, tolerance: Tolerance) -> Iterator[Finding]:
    """Age of the oldest accrual without a reversal (and without a day set for it) > `days`."""
    for project in facts.live_in_scope():
        if project.oldest_accrual_on is None:
            continue
        age = (facts.status_date - project.oldest_accrual_on).days
        if age <= tolerance["days"]:
            continue
        yield Finding(
            rule="unreleased-accruals",
            severity=raised("low", 1 if age > tolerance["severe_days"] else 0),
            title=f"{money(project.accruals_open, project.currency)} of accruals is not released",
            detail=f"The oldest is of {day(project.oldest_accrual_on)}, {days(age)} ago.",
            subject=project.subject,
            project_ids=(project.id,),
            evidence=(
                Evidence("Accruals not reversed", project.accruals_open, project.currency, project.id, "ac"),
                Evidence("The oldest", project.oldest_accrual_on, "date", project.id),
                Evidence("Tolerance, days", tolerance["days"], ""),
            ),
        )
