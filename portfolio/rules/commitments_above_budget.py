"""R-11: more is ordered than the budget has left."""

from collections.abc import Iterator

from portfolio.analysis.facts import PortfolioFacts
from portfolio.analysis.findings import Evidence, Finding, raised
from portfolio.analysis.registry import Tolerance, rule
from portfolio.analysis.wording import money


@rule(
    id="R-11",
    slug="commitments-above-budget",
    title="Commitments above the remaining budget",
    group="Cost",
    severity="high",
    says="Open commitments exceed the remaining budget by more than {percent} % of the budget.",
    hint="Stop ordering; cancel what is not needed, or have a change request raise the budget first.",
    tolerance={"percent": "0", "severe_percent": "10"},
    tolerance_help={
        "percent": "By how much of the budget open commitments may exceed what is left of it, in percent.",
        "severe_percent": "Beyond this, the finding is one step more severe.",
    },
)
def check(facts: PortfolioFacts, tolerance: Tolerance) -> Iterator[Finding]:
    """Open commitments - (BAC - AC), in percent of BAC, > `percent`. Silent where nothing is committed."""
    for project in facts.live_in_scope():
        if project.bac is None or project.bac <= 0 or not project.committed or project.committed <= 0:
            continue
        left = project.bac - (project.ac or 0)
        over = project.committed - left
        share = over / project.bac * 100
        if share <= tolerance["percent"]:
            continue
        yield Finding(
            rule="commitments-above-budget",
            severity=raised("high", 1 if share > tolerance["severe_percent"] else 0),
            title=f"{money(over, project.currency)} more is committed than the budget has left",
            detail=f"{money(project.committed, project.currency)} is ordered and not invoiced; "
            f"{money(left, project.currency)} of the budget is left.",
            subject=project.subject,
            project_ids=(project.id,),
            evidence=(
                Evidence("Open commitments", project.committed, project.currency, project.id, "committed"),
                Evidence("Budget", project.bac, project.currency, project.id, "bac"),
                Evidence("Actual cost", project.ac, project.currency, project.id, "ac"),
                Evidence("Beyond the budget, in percent of it", share, "%", project.id),
                Evidence("Tolerance", tolerance["percent"], "%"),
            ),
        )
