"""R-09: the projects of a programme drift together, so the cause is probably not in any one of them."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from statistics import median

from portfolio.analysis.facts import PortfolioFacts, ProjectFigures
from portfolio.analysis.findings import Evidence, Finding, raised
from portfolio.analysis.registry import Tolerance, rule
from portfolio.analysis.wording import index, listed, percent

Measured = list[tuple[ProjectFigures, Decimal]]


@rule(
    id="R-09",
    slug="programme-drift",
    title="Programme drifts together",
    group="Across projects",
    scope="portfolio",
    severity="high",
    says="Most projects of a programme, and the median, more than {vac_percent} % over budget or below SPI {spi}.",
    hint="Look for a cause they share: a supplier, a decision, a price, a dependency. Treat it once, in the programme.",
    tolerance={"min_projects": "3", "share_percent": "50", "vac_percent": "5", "spi": "0.95"},
    tolerance_help={
        "min_projects": "From how many measured projects on a programme is judged.",
        "share_percent": "It fires where more than this share of the measured projects drift, in percent.",
        "vac_percent": "A project drifts in cost where its forecast is over budget by more than this, in percent.",
        "spi": "A project drifts in schedule where its SPI is below this.",
    },
)
def check(facts: PortfolioFacts, tolerance: Tolerance) -> Iterator[Finding]:
    """By programme and currency, over live projects with the figure: fires where at least `min_projects` are
    measured, more than `share_percent` of them drift and the median is beyond the tolerance too, in cost (VAC%) or
    schedule (SPI). Severer where both drift. One finding a programme and currency.
    """
    groups: dict[tuple[int, str], list[ProjectFigures]] = defaultdict(list)
    for project in facts.live():
        if project.programme_id is not None:
            groups[project.programme_id, project.currency].append(project)
    for (programme_id, currency), projects in sorted(groups.items()):
        projects.sort(key=lambda project: project.id)
        cost = [(project, -project.vac_percent) for project in projects if project.vac_percent is not None]
        late = [(project, -project.spi) for project in projects if project.spi is not None]
        in_cost = _drifting(cost, tolerance["vac_percent"], tolerance)
        in_time = _drifting(late, -tolerance["spi"], tolerance)
        if in_cost or in_time:
            yield _finding(programme_id, currency, (cost, in_cost), (late, in_time))


def _drifting(measured: Measured, limit: Decimal, tolerance: Tolerance) -> Measured:
    """Those beyond `limit` (bigger is worse), empty unless the programme as a whole is beyond it."""
    beyond = [(project, badness) for project, badness in measured if badness > limit]
    if not beyond or len(measured) < tolerance["min_projects"]:
        return []
    share = Decimal(len(beyond)) / len(measured) * 100
    typical = median(badness for _, badness in measured)
    return beyond if share > tolerance["share_percent"] and typical > limit else []


def _finding(
    programme_id: int, currency: str, cost: tuple[Measured, Measured], late: tuple[Measured, Measured]
) -> Finding:
    (cost_all, in_cost), (late_all, in_time) = cost, late
    drifting = {project.id: project for project, _ in (*in_cost, *in_time)}
    sentences: list[str] = []
    evidence: list[Evidence] = []
    for project, badness in in_cost:
        evidence.append(Evidence(f"{project.code}, variance at completion", -badness, "%", project.id, "vac_percent"))
    for project, badness in in_time:
        evidence.append(Evidence(f"{project.code}, SPI", -badness, "index", project.id, "spi"))
    if in_cost:
        typical = median(badness for _, badness in cost_all)
        sentences.append(f"{len(in_cost)} of {len(cost_all)} forecast over budget, median {percent(typical)} over")
        evidence.append(Evidence("Median variance at completion", -typical, "%"))
    if in_time:
        typical = -median(badness for _, badness in late_all)
        sentences.append(f"{len(in_time)} of {len(late_all)} behind schedule, median SPI {index(typical)}")
        evidence.append(Evidence("Median SPI", typical, "index"))
    kinds = listed(["cost"] * bool(in_cost) + ["schedule"] * bool(in_time))
    name = next(iter(drifting.values())).programme_name
    codes = listed([drifting[key].code for key in sorted(drifting)])
    return Finding(
        rule="programme-drift",
        severity=raised("high", 1 if in_cost and in_time else 0),
        title=f"{name}: projects drift together in {kinds}",
        detail=f"{'; '.join(sentences)}: {codes}.",
        subject=f"programme:{programme_id}:{currency}",
        project_ids=tuple(sorted(drifting)),
        evidence=tuple(evidence),
    )
