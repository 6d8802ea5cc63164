"""R-17: much of a portfolio's money goes to one vendor."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from portfolio.analysis.facts import PortfolioFacts, ProjectFigures
from portfolio.analysis.findings import Evidence, Finding, raised
from portfolio.analysis.registry import Tolerance, rule
from portfolio.analysis.wording import money, percent

SHOWN = 10


@rule(
    id="R-17",
    slug="vendor-concentration",
    title="Spend concentrated with one vendor",
    group="Across projects",
    scope="portfolio",
    severity="medium",
    says="One vendor got more than {share_percent} % of a portfolio's spend, in {min_projects} or more projects.",
    hint="Ask what happens if the vendor fails or raises its prices, and whom else one could buy from.",
    tolerance={"share_percent": "40", "severe_percent": "60", "min_projects": "3"},
    tolerance_help={
        "share_percent": "How much of the actual cost of a portfolio's live projects one vendor may get, in percent.",
        "severe_percent": "Beyond this, the finding is one step more severe.",
        "min_projects": "In how many projects of the portfolio the vendor must be paid.",
    },
)
def check(facts: PortfolioFacts, tolerance: Tolerance) -> Iterator[Finding]:
    """By vendor, portfolio and currency, over live projects: paid to the vendor / AC of the portfolio, in percent,
    > `share_percent`, where it is paid in at least `min_projects`."""
    totals = {(item.portfolio_id, item.currency): item for item in facts.portfolio_spend}
    projects = {project.id: project for project in facts.live()}
    groups: dict[tuple[int, int, str], list[tuple[ProjectFigures, Decimal]]] = defaultdict(list)
    names: dict[int, str] = {}
    for spend in facts.vendor_spend:
        project = projects.get(spend.project_id)
        if project is not None and spend.amount > 0:
            names[spend.vendor_id] = spend.vendor
            groups[spend.vendor_id, project.portfolio_id, project.currency].append((project, spend.amount))
    for (vendor_id, portfolio_id, currency), paid in sorted(groups.items()):
        total = totals.get((portfolio_id, currency))
        if total is None or total.amount <= 0 or len(paid) < tolerance["min_projects"]:
            continue
        amount = sum((each for _project, each in paid), Decimal(0))
        share = amount / total.amount * 100
        if share <= tolerance["share_percent"]:
            continue
        paid.sort(key=lambda item: (-item[1], item[0].id))
        rows = [Evidence(project.code, each, currency, project.id) for project, each in paid[:SHOWN]]
        yield Finding(
            rule="vendor-concentration",
            severity=raised("medium", 1 if share > tolerance["severe_percent"] else 0),
            title=f"{percent(share, 0)} of the spend of {total.portfolio} went to {names[vendor_id]}",
            detail=f"{money(amount, currency)} of {money(total.amount, currency)}, in {len(paid):,} projects.",
            subject=f"vendor:{vendor_id}:{portfolio_id}:{currency}",
            project_ids=tuple(sorted(project.id for project, _ in paid)),
            evidence=(
                *rows,
                Evidence("Paid to the vendor", amount, currency),
                Evidence("Spent in the portfolio", total.amount, currency),
                Evidence("Share", share, "%"),
                Evidence("Tolerance", tolerance["share_percent"], "%"),
            ),
        )
