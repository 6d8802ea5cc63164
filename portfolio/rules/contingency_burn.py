"""R-21: the contingency is used up faster than the work is done."""

from collections.abc import Iterator

from portfolio.analysis.facts import PortfolioFacts
from portfolio.analysis.findings import Evidence, Finding, raised
from portfolio.analysis.registry import Tolerance, rule
from portfolio.analysis.wording import money, percent


@rule(
    id="R-21",
    slug="contingency-burn",
    title="Contingency burns faster than progress",
    group="Cost",
    severity="medium",
    says="The share of the contingency spent is more than {points} percentage points ahead of percent complete.",
    hint="See what it was spent on and what risk is still ahead; ask for more before it is gone.",
    tolerance={"points": "20", "severe_points": "50"},
    tolerance_help={
        "points": "How far the spent share of the contingency may be ahead of percent complete, in percentage points.",
        "severe_points": "Beyond this, or with nothing left before the work is done, it is one step more severe.",
    },
)
def check(facts: PortfolioFacts, tolerance: Tolerance) -> Iterator[Finding]:
    """Contingency spent / contingency in the approved budget × 100, less percent complete: fires above `points`.
    Severer above `severe_points`, or where all of it is spent.
    """
    for project in facts.live_in_scope():
        if not project.contingency or project.contingency <= 0 or project.percent_complete is None:
            continue
        share = project.contingency_spent / project.contingency * 100
        ahead = share - project.percent_complete
        if ahead <= tolerance["points"]:
            continue
        gone = share >= 100 or ahead > tolerance["severe_points"]
        spent, held = (money(each, project.currency) for each in (project.contingency_spent, project.contingency))
        yield Finding(
            rule="contingency-burn",
            severity=raised("medium", 1 if gone else 0),
            title=f"{percent(share, 0)} of the contingency spent at {percent(project.percent_complete, 0)} complete",
            detail=f"{spent} of {held} is spent.",
            subject=project.subject,
            project_ids=(project.id,),
            evidence=(
                Evidence("Contingency spent", project.contingency_spent, project.currency, project.id, "ac"),
                Evidence("Contingency in the budget", project.contingency, project.currency, project.id, "bac"),
                Evidence("Share spent", share, "%", project.id),
                Evidence("Percent complete", project.percent_complete, "%", project.id, "percent_complete"),
                Evidence("Tolerance, percentage points", tolerance["points"], "%"),
            ),
        )
