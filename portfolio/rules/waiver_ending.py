"""R-33: a waiver has run out, or is about to, and what it waives is still not done."""

from collections.abc import Iterator

from portfolio.analysis.facts import PortfolioFacts
from portfolio.analysis.findings import Evidence, Finding, raised
from portfolio.analysis.registry import Tolerance, rule
from portfolio.analysis.wording import day, days, listed


@rule(
    id="R-33",
    slug="waiver-ending",
    title="Waiver expired or expiring",
    group="Running projects",
    severity="low",
    says="A waiver has expired, or does in fewer than {days} days, and what it waives is still not done.",
    hint="Do what was waived, or ask for another waiver before this one ends.",
    tolerance={"days": "14"},
    tolerance_help={"days": "From how many days before its expiry on a waiver is looked at (90 at most)."},
)
def check(facts: PortfolioFacts, tolerance: Tolerance) -> Iterator[Finding]:
    """Fires where a waiver of something undone has fewer than `days` days left; high once one has expired."""
    for project in facts.live_in_scope():
        left = [(item, (item.expires_on - facts.status_date).days) for item in facts.lifecycle_of(project).waivers]
        ending = sorted((x for x in left if x[1] < tolerance["days"]), key=lambda x: (x[1], x[0].name))
        if not ending:
            continue
        expired = [item.name for item, rest in ending if rest < 0]
        first, rest = ending[0]
        if expired:
            title = f"Waiver of {listed(expired)} expired"
        else:
            title = f"Waiver of {first.name} ends {'today' if rest == 0 else f'in {days(rest)}'}"
        yield Finding(
            rule="waiver-ending",
            severity=raised("low", 2 if expired else 0),
            title=title,
            detail=f"{first.name}: waived until {day(first.expires_on)}, and still not done.",
            subject=project.subject,
            project_ids=(project.id,),
            evidence=(
                *(Evidence(item.name, item.expires_on, "date", project.id) for item, _rest in ending[:10]),
                Evidence("Tolerance", f"{tolerance['days']:f}", "days"),
            ),
        )
