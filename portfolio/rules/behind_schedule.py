"""R-03: less work is done than was planned by now."""

from collections.abc import Iterator

from portfolio.analysis.facts import PortfolioFacts
from portfolio.analysis.findings import Evidence, Finding, raised
from portfolio.analysis.registry import Tolerance, rule
from portfolio.analysis.wording import day, index, money


@rule(
    id="R-03",
    slug="behind-schedule",
    title="Behind schedule",
    group="Schedule",
    severity="medium",
    says="The schedule performance index is below {spi}.",
    hint="Ask what holds the work up, then replan the rest or move people to it.",
    tolerance={"spi": "0.90", "severe_spi": "0.75"},
    tolerance_help={
        "spi": "The lowest schedule performance index (work done / work planned by now) that is still acceptable.",
        "severe_spi": "Below this, the finding is one step more severe.",
    },
)
def check(facts: PortfolioFacts, tolerance: Tolerance) -> Iterator[Finding]:
    """SPI = EV / PV. Fires where SPI < `spi`; severer where SPI < `severe_spi`."""
    for project in facts.live_in_scope():
        if project.spi is None or project.ev is None or project.pv is None or project.spi >= tolerance["spi"]:
            continue
        planned, done = money(project.pv, project.currency), money(project.ev, project.currency)
        yield Finding(
            rule="behind-schedule",
            severity=raised("medium", 1 if project.spi < tolerance["severe_spi"] else 0),
            title=f"Behind schedule, SPI {index(project.spi)}",
            detail=f"Work worth {planned} planned by {day(facts.status_date)}, {done} done.",
            subject=project.subject,
            project_ids=(project.id,),
            evidence=(
                Evidence("Planned value", project.pv, project.currency, project.id, "pv"),
                Evidence("Earned value", project.ev, project.currency, project.id, "ev"),
                Evidence("Schedule variance", project.sv, project.currency, project.id, "sv"),
                Evidence("SPI", project.spi, "index", project.id, "spi"),
                Evidence("Lowest acceptable SPI", tolerance["spi"], "index"),
            ),
        )
