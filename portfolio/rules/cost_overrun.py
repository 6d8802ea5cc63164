"""R-01: the work done cost more than it was budgeted for."""

from collections.abc import Iterator

from portfolio.analysis.facts import PortfolioFacts
from portfolio.analysis.findings import Evidence, Finding, raised
from portfolio.analysis.registry import Tolerance, rule
from portfolio.analysis.wording import money, percent


@rule(
    id="R-01",
    slug="cost-overrun",
    title="Cost overrun",
    group="Cost",
    severity="high",
    says="Cost is more than {percent} % over the value of the work done.",
    hint="Look at the ledger for what was not planned, then re-forecast or ask for a change of the baseline.",
    tolerance={"percent": "10", "severe_percent": "25"},
    tolerance_help={
        "percent": "How far cost may exceed the value of the work done, in percent of that value.",
        "severe_percent": "Beyond this, the finding is one step more severe.",
    },
)
def check(facts: PortfolioFacts, tolerance: Tolerance) -> Iterator[Finding]:
    """CV% = (EV − AC) / EV. Fires where −CV% > `percent`; severer where −CV% > `severe_percent`."""
    for project in facts.live_in_scope():
        if project.cv_percent is None or project.ev is None or project.ac is None:
            continue
        over = -project.cv_percent
        if over <= tolerance["percent"]:
            continue
        spent, earned = money(project.ac, project.currency), money(project.ev, project.currency)
        yield Finding(
            rule="cost-overrun",
            severity=raised("high", 1 if over > tolerance["severe_percent"] else 0),
            title=f"Cost is {percent(over)} over the value of the work done",
            detail=f"{spent} spent, work worth {earned} done.",
            subject=project.subject,
            project_ids=(project.id,),
            evidence=(
                Evidence("Actual cost", project.ac, project.currency, project.id, "ac"),
                Evidence("Earned value", project.ev, project.currency, project.id, "ev"),
                Evidence("Cost variance", project.cv, project.currency, project.id, "cv"),
                Evidence("Cost variance %", project.cv_percent, "%", project.id, "cv_percent"),
                Evidence("Tolerance", -tolerance["percent"], "%"),
            )
            + ((Evidence("CPI", project.cpi, "index", project.id, "cpi"),) if project.cpi else ()),
        )
