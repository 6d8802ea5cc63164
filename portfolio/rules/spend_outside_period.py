"""R-12: cost is dated outside the time the project is funded for."""

from collections.abc import Iterator

from portfolio.analysis.facts import PortfolioFacts
from portfolio.analysis.findings import Evidence, Finding, raised
from portfolio.analysis.registry import Tolerance, rule
from portfolio.analysis.wording import money, percent


@rule(
    id="R-12",
    slug="spend-outside-period",
    title="Spending outside the funded period",
    group="Cost",
    severity="medium",
    says="More than {percent} % of the cost is dated before the start or after the finish.",
    hint="Correct the dates of the entries or of the project; money after the finish needs a decision.",
    tolerance={"percent": "1", "severe_percent": "10"},
    tolerance_help={
        "percent": "How much of the actual cost may be dated outside start and finish, in percent.",
        "severe_percent": "Beyond this, the finding is one step more severe.",
    },
)
def check(facts: PortfolioFacts, tolerance: Tolerance) -> Iterator[Finding]:
    """Cost dated before the start or after the finish, in percent of AC, > `percent`."""
    for project in facts.live_in_scope():
        if project.spend_outside <= 0 or not project.ac or project.ac <= 0:
            continue
        share = project.spend_outside / project.ac * 100
        if share <= tolerance["percent"]:
            continue
        yield Finding(
            rule="spend-outside-period",
            severity=raised("medium", 1 if share > tolerance["severe_percent"] else 0),
            title=f"{money(project.spend_outside, project.currency)} is dated outside start and finish",
            detail=f"That is {percent(share)} of the cost so far.",
            subject=project.subject,
            project_ids=(project.id,),
            evidence=(
                Evidence("Outside the period", project.spend_outside, project.currency, project.id, "ac"),
                Evidence("Start", project.start or "unknown", "date", project.id),
                Evidence("Finish", project.finish or "unknown", "date", project.id),
                Evidence("Share of the cost", share, "%", project.id),
                Evidence("Tolerance", tolerance["percent"], "%"),
            ),
        )
