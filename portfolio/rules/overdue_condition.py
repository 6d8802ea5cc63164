"""R-35: a gate was passed on a condition, and its day has gone by."""

from collections.abc import Iterator

from portfolio.analysis.facts import PortfolioFacts
from portfolio.analysis.findings import Evidence, Finding, raised
from portfolio.analysis.registry import Tolerance, rule
from portfolio.analysis.wording import day, days


@rule(
    id="R-35",
    slug="overdue-condition",
    title="Gate condition overdue",
    group="Running projects",
    severity="medium",
    says="A condition on which a gate was passed is more than {days} days overdue.",
    hint="Meet the condition and record it, or put the gate before its approvers again.",
    tolerance={"days": "0", "severe_days": "14"},
    tolerance_help={
        "days": "How many days after its day a condition of a gate may be unmet.",
        "severe_days": "Beyond this, the finding is one step more severe.",
    },
)
def check(facts: PortfolioFacts, tolerance: Tolerance) -> Iterator[Finding]:
    """Fires where the oldest unmet condition is due by more than `days`; severer beyond `severe_days`."""
    for project in facts.live_in_scope():
        ages = [(item, (facts.status_date - item.due).days) for item in facts.lifecycle_of(project).conditions]
        late = sorted((x for x in ages if x[1] > tolerance["days"]), key=lambda x: (-x[1], x[0].name))
        if not late:
            continue
        oldest, age = late[0]
        count = f"{len(late)} conditions" if len(late) > 1 else "A condition"
        yield Finding(
            rule="overdue-condition",
            severity=raised("medium", 1 if age > tolerance["severe_days"] else 0),
            title=f"{count} of {oldest.note} overdue, by {days(age)}",
            detail=f"“{oldest.name}” was due on {day(oldest.due)}.",
            subject=project.subject,
            project_ids=(project.id,),
            evidence=(
                *(Evidence(item.name, item.due, "date", project.id) for item, _age in late[:10]),
                Evidence("Tolerance", f"{tolerance['days']:f}", "days"),
            ),
        )
