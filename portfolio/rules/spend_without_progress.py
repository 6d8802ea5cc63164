"""R-04: money goes out while reported progress stands still."""

from collections.abc import Iterator
from datetime import date

from portfolio.analysis.facts import PortfolioFacts, ProjectFigures
from portfolio.analysis.findings import Evidence, Finding, raised
from portfolio.analysis.registry import Tolerance, rule
from portfolio.analysis.wording import day, days, money, percent


@rule(
    id="R-04",
    slug="spend-without-progress",
    title="Spending without progress",
    group="Cost",
    severity="medium",
    says="More than {percent} % of the budget spent since progress changed, more than {days} days ago.",
    hint="Ask for a progress report; if nothing was done, ask what the money bought.",
    tolerance={"percent": "5", "days": "30", "severe_percent": "20"},
    tolerance_help={
        "percent": "What may be spent since progress last changed, in percent of the budget (of cost without one).",
        "days": "How many days progress may stand still before this rule looks.",
        "severe_percent": "Beyond this, the finding is one step more severe.",
    },
)
def check(facts: PortfolioFacts, tolerance: Tolerance) -> Iterator[Finding]:
    """Fires where spend since the last change of progress, in percent of BAC, > `percent` and progress stood still
    for more than `days`. A project that never reported progress stands still from its start, else from the day it
    was entered.
    """
    for project in facts.live_in_scope():
        base = project.bac or project.ac
        if not base or base <= 0 or project.spend_since_progress <= 0:
            continue
        share = project.spend_since_progress / base * 100
        standing = (facts.status_date - _since(project)).days
        if share <= tolerance["percent"] or standing <= tolerance["days"]:
            continue
        yield Finding(
            rule="spend-without-progress",
            severity=raised("medium", 1 if share > tolerance["severe_percent"] else 0),
            title=_title(project),
            detail=_detail(project, standing),
            subject=project.subject,
            project_ids=(project.id,),
            evidence=(
                Evidence(
                    "Spent since progress changed", project.spend_since_progress, project.currency, project.id, "ac"
                ),
                Evidence("In percent of the " + ("budget" if project.bac else "cost so far"), share, "%", project.id),
                Evidence("Tolerance", tolerance["percent"], "%"),
                Evidence("Progress last changed", project.last_progress_on or "never", "date", project.id),
                Evidence("Percent complete", project.percent_complete, "%", project.id, "percent_complete"),
            ),
        )


def _since(project: ProjectFigures) -> date:
    return project.last_progress_on or project.start or project.created_on


def _title(project: ProjectFigures) -> str:
    spent = money(project.spend_since_progress, project.currency)
    if project.last_progress_on is None:
        return f"{spent} spent and no progress ever reported"
    return f"{spent} spent since progress last changed"


def _detail(project: ProjectFigures, standing: int) -> str:
    if project.last_progress_on is None:
        return f"Nothing measured in {days(standing)}."
    done = "" if project.percent_complete is None else f" at {percent(project.percent_complete, 0)}"
    return f"Progress stands{done} since {day(project.last_progress_on)}, {days(standing)}."
