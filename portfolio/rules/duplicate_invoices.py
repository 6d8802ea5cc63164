"""R-18: what looks like one invoice is in the books more than once."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from portfolio.analysis.facts import Invoice, PortfolioFacts
from portfolio.analysis.findings import Evidence, Finding, raised
from portfolio.analysis.registry import Tolerance, rule
from portfolio.analysis.wording import day, listed, money


@rule(
    id="R-18",
    slug="duplicate-invoices",
    title="Invoices that look like duplicates",
    group="Across projects",
    scope="portfolio",
    severity="medium",
    says="Costs of one vendor and amount, with the same reference or at most {days} days apart.",
    hint="Compare the documents; if it is one invoice, reverse the entry that is too many.",
    tolerance={"days": "3", "amount": "100"},
    tolerance_help={
        "days": "Within how many days two costs of one vendor and amount count as alike without the same reference.",
        "amount": "Costs up to this amount, in their own currency, are left alone.",
    },
)
def check(facts: PortfolioFacts, tolerance: Tolerance) -> Iterator[Finding]:
    """By vendor, amount (> `amount`) and currency: entries with the same reference, or without two different ones and
    at most `days` apart. Severer where they stand in several projects."""
    codes = {project.id: project.code for project in facts.projects}
    groups: dict[tuple[int, Decimal, str], list[Invoice]] = defaultdict(list)
    for invoice in facts.invoices:
        if invoice.amount > tolerance["amount"] and invoice.project_id in codes:
            groups[invoice.vendor_id, invoice.amount, invoice.currency].append(invoice)
    for _key, invoices in sorted(groups.items()):
        for alike in _alike(sorted(invoices, key=lambda one: (one.incurred_on, one.id)), int(tolerance["days"])):
            yield _finding(alike, codes)


def _alike(invoices: Sequence[Invoice], days: int) -> Iterator[list[Invoice]]:
    """Groups of two or more, in order of their dates."""
    left = list(invoices)
    while left:
        first = left.pop(0)
        group = [first]
        for other in list(left):
            near = (other.incurred_on - group[-1].incurred_on).days <= days
            named = bool(first.reference and other.reference)
            if (first.reference == other.reference) if named else near:
                group.append(other)
                left.remove(other)
        if len(group) > 1:
            yield group


def _finding(alike: list[Invoice], codes: dict[int, str]) -> Finding:
    first = alike[0]
    projects = sorted({one.project_id for one in alike})
    where = listed([codes[project] for project in projects])
    what = f" “{first.reference}”" if first.reference else ""
    return Finding(
        rule="duplicate-invoices",
        severity=raised("medium", 1 if len(projects) > 1 else 0),
        title=f"{len(alike)} costs of {money(first.amount, first.currency)} by {first.vendor} look alike",
        detail=f"Invoice{what} of {day(first.incurred_on)} stands {len(alike)} times in {where}.",
        subject=f"vendor:{first.vendor_id}:entry:{min(one.id for one in alike)}",
        project_ids=tuple(projects),
        evidence=tuple(
            Evidence(
                f"{codes[one.project_id]}, {day(one.incurred_on)}" + (f", {one.reference}" if one.reference else ""),
                one.amount,
                one.currency,
                one.project_id,
                "ac",
            )
            for one in alike
        ),
    )
