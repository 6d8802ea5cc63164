"""R-02: the project is expected to cost more than its budget."""

from collections.abc import Iterator

from portfolio.analysis.facts import PortfolioFacts
from portfolio.analysis.findings import Evidence, Finding, raised
from portfolio.analysis.registry import Tolerance, rule
from portfolio.analysis.wording import money, percent

METHODS = {
    "budget_rate": "the rest done as budgeted",
    "cpi": "the rest done at the cost efficiency so far",
    "cpi_spi": "the rest done at the cost and schedule efficiency so far",
    "bottom_up": "the rest estimated anew",
    "reported": "as reported by the project",
}


@rule(
    id="R-02",
    slug="forecast-overrun",
    title="Forecast over budget",
    group="Cost",
    severity="high",
    says="The estimate at completion is more than {percent} % over the budget.",
    hint="Agree what to cut, find the money, or raise a change of the baseline before it is spent.",
    tolerance={"percent": "10", "severe_percent": "25"},
    tolerance_help={
        "percent": "How far the estimate at completion may exceed the budget, in percent of the budget.",
        "severe_percent": "Beyond this, the finding is one step more severe.",
    },
)
def check(facts: PortfolioFacts, tolerance: Tolerance) -> Iterator[Finding]:
    """VAC% = (BAC − EAC) / BAC. Fires where −VAC% > `percent`; severer where −VAC% > `severe_percent`."""
    for project in facts.live_in_scope():
        if project.vac_percent is None or project.eac is None or project.bac is None:
            continue
        over = -project.vac_percent
        if over <= tolerance["percent"]:
            continue
        method = METHODS.get(project.eac_method, "")
        forecast, budget = money(project.eac, project.currency), money(project.bac, project.currency)
        yield Finding(
            rule="forecast-overrun",
            severity=raised("high", 1 if over > tolerance["severe_percent"] else 0),
            title=f"Forecast is {percent(over)} over budget",
            detail=f"{forecast} expected at completion, budget {budget}.",
            subject=project.subject,
            project_ids=(project.id,),
            evidence=(
                Evidence("Estimate at completion", project.eac, project.currency, project.id, "eac"),
                Evidence("Budget at completion", project.bac, project.currency, project.id, "bac"),
                Evidence("Variance at completion", project.vac, project.currency, project.id, "vac"),
                Evidence("Variance at completion %", project.vac_percent, "%", project.id, "vac_percent"),
                Evidence("Tolerance", -tolerance["percent"], "%"),
                Evidence("How the estimate is made", method or "unknown", "text", project.id),
            ),
        )
