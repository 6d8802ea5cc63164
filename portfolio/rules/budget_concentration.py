"""R-10: too much of a portfolio's money sits in projects that are in trouble."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from portfolio.analysis.facts import PortfolioFacts, ProjectFigures
from portfolio.analysis.findings import Evidence, Finding, raised
from portfolio.analysis.health import is_red
from portfolio.analysis.registry import Tolerance, rule
from portfolio.analysis.wording import listed, money, percent

SHOWN = 10


@rule(
    id="R-10",
    slug="budget-concentration",
    title="Budget concentrated in trouble",
    group="Across projects",
    scope="portfolio",
    severity="high",
    says="More than {share_percent} % of a portfolio's budget is in projects with a computed red.",
    hint="Decide which of these to rescue, to shrink or to stop; the rest of the portfolio cannot make up for them.",
    tolerance={"share_percent": "25", "severe_percent": "50", "min_projects": "4"},
    tolerance_help={
        "share_percent": "How much of a portfolio's budget may sit in projects with a computed red, in percent.",
        "severe_percent": "Beyond this, the finding is one step more severe.",
        "min_projects": "From how many live projects with a budget on a portfolio is judged.",
    },
)
def check(facts: PortfolioFacts, tolerance: Tolerance) -> Iterator[Finding]:
    """By portfolio and currency, over live projects with a budget: fires where ΣBAC of red ones / ΣBAC of all, in
    percent, > `share_percent`; severer beyond `severe_percent`. Red is the computed health, never the declared
    one.
    """
    groups: dict[tuple[int, str], list[tuple[ProjectFigures, Decimal]]] = defaultdict(list)
    for project in facts.live():
        if project.bac is not None and project.bac > 0:
            groups[project.portfolio_id, project.currency].append((project, project.bac))
    for (portfolio_id, currency), funded in sorted(groups.items()):
        if len(funded) < tolerance["min_projects"]:
            continue
        red = [(project, bac) for project, bac in funded if _is_red(project)]
        total, troubled = (sum((bac for _, bac in rows), Decimal(0)) for rows in (funded, red))
        share = troubled / total * 100
        if share <= tolerance["share_percent"]:
            continue
        red.sort(key=lambda item: (-item[1], item[0].id))
        rest = red[SHOWN:]
        rows = [Evidence(f"{project.code}, budget", bac, currency, project.id, "bac") for project, bac in red[:SHOWN]]
        if rest:
            rows.append(Evidence(f"{len(rest):,} others", sum((bac for _, bac in rest), Decimal(0)), currency))
        yield Finding(
            rule="budget-concentration",
            severity=raised("high", 1 if share > tolerance["severe_percent"] else 0),
            title=f"{red[0][0].portfolio_name}: {percent(share, 0)} of the budget is in red projects",
            detail=f"{money(troubled, currency)} of {money(total, currency)} is in {len(red):,} of {len(funded):,} "
            f"projects: {listed([project.code for project, _ in red])}.",
            subject=f"portfolio:{portfolio_id}:{currency}",
            project_ids=tuple(sorted(project.id for project, _ in red)),
            evidence=(
                *rows,
                Evidence("Budget in red projects", troubled, currency),
                Evidence("Budget of the portfolio", total, currency),
                Evidence("Share", share, "%"),
                Evidence("Tolerance", tolerance["share_percent"], "%"),
            ),
        )


def _is_red(project: ProjectFigures) -> bool:
    return is_red(cpi=project.cpi, spi=project.spi, vac_percent=project.vac_percent)
