"""R-34: the project manager has not acknowledged a policy that binds them."""

from collections.abc import Iterator

from portfolio.analysis.facts import PortfolioFacts
from portfolio.analysis.findings import Evidence, Finding, raised
from portfolio.analysis.registry import Tolerance, rule
from portfolio.analysis.wording import day, days, listed


@rule(
    id="R-34",
    slug="unacknowledged-policies",
    title="Policy not acknowledged",
    group="Running projects",
    severity="low",
    says="The project manager has not acknowledged a policy that binds them, more than {days} days after the last day.",
    hint="Ask the project manager to read and acknowledge it.",
    tolerance={"days": "0", "severe_days": "30"},
    tolerance_help={
        "days": "How many days after the last day a policy may be unacknowledged.",
        "severe_days": "Beyond this, the finding is one step more severe.",
    },
)
def check(facts: PortfolioFacts, tolerance: Tolerance) -> Iterator[Finding]:
    """Fires where the project manager is late with a policy by more than `days`; severer beyond `severe_days`."""
    for project in facts.live_in_scope():
        ages = [(item, (facts.status_date - item.due).days) for item in facts.lifecycle_of(project).policies]
        late = sorted((x for x in ages if x[1] > tolerance["days"]), key=lambda x: (-x[1], x[0].name))
        if not late:
            continue
        oldest, age = late[0]
        names = listed([item.name for item, _age in late])
        yield Finding(
            rule="unacknowledged-policies",
            severity=raised("low", 1 if age > tolerance["severe_days"] else 0),
            title=f"{oldest.note} has not acknowledged {names}",
            detail=f"{oldest.name} was to be acknowledged by {day(oldest.due)}, {days(age)} ago.",
            subject=project.subject,
            project_ids=(project.id,),
            evidence=(
                *(Evidence(item.name, item.due, "date", project.id) for item, _age in late[:10]),
                Evidence("Tolerance", f"{tolerance['days']:f}", "days"),
            ),
        )
