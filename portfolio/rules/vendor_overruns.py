"""R-08: the same vendor is paid in several projects that overrun."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from portfolio.analysis.facts import PortfolioFacts, ProjectFigures, VendorSpend
from portfolio.analysis.findings import Evidence, Finding, raised
from portfolio.analysis.registry import Tolerance, rule
from portfolio.analysis.wording import listed, money, percent

Share = tuple[ProjectFigures, VendorSpend, Decimal]


@rule(
    id="R-08",
    slug="vendor-overruns",
    title="One vendor in several overruns",
    group="Across projects",
    scope="portfolio",
    severity="high",
    says="One vendor, with over {spend_percent} % of the cost, in {min_projects} or more overrunning projects.",
    hint="Talk to the vendor once for all of these projects; look at rates and change orders before the next order.",
    tolerance={"min_projects": "3", "spend_percent": "10", "overrun_percent": "10", "share_percent": "50"},
    tolerance_help={
        "min_projects": "From how many overrunning projects on this is worth a word.",
        "spend_percent": "The vendor counts in a project where it got more than this share of the cost, in percent.",
        "overrun_percent": "A project overruns where its variance in cost, or else in forecast, is worse than this.",
        "share_percent": "It fires where more than this share of the vendor's measured projects overrun, in percent.",
    },
)
def check(facts: PortfolioFacts, tolerance: Tolerance) -> Iterator[Finding]:
    """By vendor and currency, over live projects with a measured variance in which the vendor got more than
    `spend_percent` of AC: fires where at least `min_projects` overrun by more than `overrun_percent` and they are
    more than `share_percent` of those projects. Severer where every one of them overruns. A vendor in many
    projects is thus not blamed for a few.
    """
    projects = {project.id: project for project in facts.live()}
    groups: dict[tuple[int, str], list[Share]] = defaultdict(list)
    for spend in facts.vendor_spend:
        project = projects.get(spend.project_id)
        if project is None or not project.ac or project.ac <= 0 or _variance(project) is None:
            continue
        share = spend.amount / project.ac * 100
        if share > tolerance["spend_percent"]:
            groups[spend.vendor_id, project.currency].append((project, spend, share))
    for (vendor_id, currency), shares in sorted(groups.items()):
        over = [item for item in shares if (_variance(item[0]) or 0) < -tolerance["overrun_percent"]]
        rate = Decimal(len(over)) / len(shares) * 100
        if len(over) < tolerance["min_projects"] or rate <= tolerance["share_percent"]:
            continue
        yield _finding(vendor_id, currency, over, len(shares), rate)


def _variance(project: ProjectFigures) -> Decimal | None:
    return project.vac_percent if project.cv_percent is None else project.cv_percent


def _finding(vendor_id: int, currency: str, over: list[Share], measured: int, rate: Decimal) -> Finding:
    over.sort(key=lambda item: (_variance(item[0]) or Decimal(0), item[0].id))
    vendor = over[0][1].vendor
    paid = sum((spend.amount for _, spend, _ in over), Decimal(0))
    rows = [
        Evidence(f"{project.code}: {vendor} got {percent(share, 0)} of the cost", _variance(project), "%", project.id,
                 "vac_percent" if project.cv_percent is None else "cv_percent")
        for project, _, share in over
    ]  # fmt: skip
    return Finding(
        rule="vendor-overruns",
        severity=raised("high", 1 if len(over) == measured else 0),
        title=f"{vendor} is paid in {len(over)} projects that overrun",
        detail=f"{len(over)} of the {measured} measured projects it works in overrun: "
        f"{listed([project.code for project, _, _ in over])}. It was paid {money(paid, currency)} there.",
        subject=f"vendor:{vendor_id}:{currency}",
        project_ids=tuple(sorted(project.id for project, _, _ in over)),
        evidence=(
            *rows,
            Evidence("Paid in these projects", paid, currency),
            Evidence("Share of its measured projects that overrun", rate, "%"),
        ),
    )
