"""R-31: a gate should have been decided by now, and nobody has."""

from collections.abc import Iterator

from portfolio.analysis.facts import PortfolioFacts
from portfolio.analysis.findings import Evidence, Finding, raised
from portfolio.analysis.registry import Tolerance, rule
from portfolio.analysis.wording import day, days, listed


@rule(
    id="R-31",
    slug="overdue-gate",
    title="Overdue gate",
    group="Running projects",
    severity="medium",
    says="A mandatory gate was due more than {days} days ago and is neither passed nor waived.",
    hint="Prepare the gate review and put it before its approvers, or ask for a waiver with a day.",
    tolerance={"days": "0", "severe_days": "30"},
    tolerance_help={
        "days": "How many days after its due day a mandatory gate may be undecided.",
        "severe_days": "Beyond this, the finding is one step more severe.",
    },
)
def check(facts: PortfolioFacts, tolerance: Tolerance) -> Iterator[Finding]:
    """Fires where the oldest undecided mandatory gate is due by more than `days`; severer beyond `severe_days`."""
    for project in facts.live_in_scope():
        ages = [(gate, (facts.status_date - gate.due).days) for gate in facts.lifecycle_of(project).gates]
        late = sorted((item for item in ages if item[1] > tolerance["days"]), key=lambda item: (-item[1], item[0].name))
        if not late:
            continue
        oldest, age = late[0]
        names = [gate.name for gate, _age in late]
        yield Finding(
            rule="overdue-gate",
            severity=raised("medium", 1 if age > tolerance["severe_days"] else 0),
            title=f"{listed(names)} overdue, by {days(age)}" if len(late) == 1 else f"{len(late)} gates overdue",
            detail=f"{oldest.name} was due on {day(oldest.due)}."
            if len(late) == 1
            else f"{listed(names)}; the oldest was due on {day(oldest.due)}.",
            subject=project.subject,
            project_ids=(project.id,),
            evidence=(
                *(Evidence(gate.name, gate.due, "date", project.id) for gate, _age in late[:10]),
                Evidence("Tolerance", f"{tolerance['days']:f}", "days"),
            ),
        )
