"""R-23: what the project manager forecasts and what the cost efficiency so far leads to contradict each other."""

from collections.abc import Iterator

from portfolio.analysis.facts import PortfolioFacts
from portfolio.analysis.findings import Evidence, Finding, raised
from portfolio.analysis.registry import Tolerance, rule
from portfolio.analysis.wording import index, money, percent


@rule(
    id="R-23",
    slug="forecast-contradiction",
    title="Forecast and CPI contradict",
    group="Cost",
    severity="medium",
    says="The reported cost at completion is more than {percent} % away from BAC / CPI.",
    hint="Ask what will change so that the rest costs other than the work so far, or have the forecast corrected.",
    tolerance={"percent": "10", "severe_percent": "25", "from_complete": "15"},
    tolerance_help={
        "percent": "How far the reported cost at completion may be from BAC / CPI, in percent of BAC / CPI.",
        "severe_percent": "Reported lower than BAC / CPI by more than this, it is one step more severe.",
        "from_complete": "From what percent complete on CPI tells enough to compare.",
    },
)
def check(facts: PortfolioFacts, tolerance: Tolerance) -> Iterator[Finding]:
    """|reported EAC − BAC × AC / EV| in percent of BAC × AC / EV: fires above `percent`, from `from_complete` percent
    complete on. Severer where the report is the lower one by more than `severe_percent`.
    """
    for project in facts.live_in_scope():
        reported, bac, ev, ac = project.reported_eac, project.bac, project.ev, project.ac
        if reported is None or not bac or not ev or not ac or project.cpi is None or min(bac, ev, ac) <= 0:
            continue
        if (project.percent_complete or 0) < tolerance["from_complete"]:
            continue
        by_cpi = bac * ac / ev
        gap = (reported - by_cpi) / by_cpi * 100
        if abs(gap) <= tolerance["percent"]:
            continue
        yield Finding(
            rule="forecast-contradiction",
            severity=raised("medium", 1 if gap < -tolerance["severe_percent"] else 0),
            title=f"Reported forecast is {percent(abs(gap))} {'below' if gap < 0 else 'above'} what CPI leads to",
            detail=f"{money(reported, project.currency)} reported; at the CPI of {index(project.cpi)} it is "
            f"{money(by_cpi, project.currency)}.",
            subject=project.subject,
            project_ids=(project.id,),
            evidence=(
                Evidence("Reported cost at completion", reported, project.currency, project.id, "eac"),
                Evidence("BAC / CPI", by_cpi, project.currency, project.id, "eac"),
                Evidence("CPI", project.cpi, "index", project.id, "cpi"),
                Evidence("Difference", gap, "%", project.id),
                Evidence("Tolerance", tolerance["percent"], "%"),
            ),
        )
