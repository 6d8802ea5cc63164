"""R-22: the reported forecast jumps from one statement to the next."""

from collections.abc import Iterator

from portfolio.analysis.facts import PortfolioFacts
from portfolio.analysis.findings import Evidence, Finding, raised
from portfolio.analysis.registry import Tolerance, rule
from portfolio.analysis.wording import day, money, percent


@rule(
    id="R-22",
    slug="forecast-jump",
    title="Forecast jumps",
    group="Cost",
    severity="medium",
    says="The reported cost at completion changed by more than {percent} % from one statement to the next.",
    hint="Ask what became known in between; a forecast that jumps was not looked at in time.",
    tolerance={"percent": "10", "severe_percent": "25"},
    tolerance_help={
        "percent": "How far the reported cost at completion may change from one statement to the next, in percent.",
        "severe_percent": "Beyond this, the finding is one step more severe.",
    },
)
def check(facts: PortfolioFacts, tolerance: Tolerance) -> Iterator[Finding]:
    """|reported EAC − the one of the status date before| in percent of the earlier one: fires above `percent`, up or
    down; severer above `severe_percent`.
    """
    for project in facts.live_in_scope():
        now, before = project.reported_eac, project.reported_before
        if now is None or before is None or before <= 0:
            continue
        if project.reported_eac_on is None or project.reported_before_on is None:
            continue
        change = (now - before) / before * 100
        if abs(change) <= tolerance["percent"]:
            continue
        way = "up" if change > 0 else "down"
        yield Finding(
            rule="forecast-jump",
            severity=raised("medium", 1 if abs(change) > tolerance["severe_percent"] else 0),
            title=f"Reported forecast went {way} by {percent(abs(change))} at once",
            detail=f"{money(before, project.currency)} on {day(project.reported_before_on)}, "
            f"{money(now, project.currency)} on {day(project.reported_eac_on)}.",
            subject=project.subject,
            project_ids=(project.id,),
            evidence=(
                Evidence("Reported before", before, project.currency, project.id, "eac"),
                Evidence("Reported before on", project.reported_before_on, "date", project.id),
                Evidence("Reported now", now, project.currency, project.id, "eac"),
                Evidence("Reported on", project.reported_eac_on, "date", project.id),
                Evidence("Change", change, "%", project.id),
                Evidence("Tolerance", tolerance["percent"], "%"),
            ),
        )
