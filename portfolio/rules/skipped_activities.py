"""R-32: a later phase was entered while mandatory activities of an earlier one are open."""

from collections.abc import Iterator

from portfolio.analysis.facts import PortfolioFacts
from portfolio.analysis.findings import Evidence, Finding, raised
from portfolio.analysis.registry import Tolerance, rule
from portfolio.analysis.wording import listed

SHOWN = 10


@rule(
    id="R-32",
    slug="skipped-activities",
    title="Skipped activities",
    group="Running projects",
    severity="medium",
    says="More than {activities} mandatory activities of phases that the project has left are neither done nor waived.",
    hint="Do them now, or ask for a waiver that says what is done instead.",
    tolerance={"activities": "0", "severe_activities": "4"},
    tolerance_help={
        "activities": "How many mandatory activities of earlier phases may be open.",
        "severe_activities": "Beyond this, the finding is one step more severe.",
    },
)
def check(facts: PortfolioFacts, tolerance: Tolerance) -> Iterator[Finding]:
    """Fires where more than `activities` are skipped; severer where more than `severe_activities` are."""
    for project in facts.live_in_scope():
        skipped = facts.lifecycle_of(project).skipped
        if len(skipped) <= tolerance["activities"]:
            continue
        count = len(skipped)
        yield Finding(
            rule="skipped-activities",
            severity=raised("medium", 1 if count > tolerance["severe_activities"] else 0),
            title=f"{count} mandatory {'activity' if count == 1 else 'activities'} skipped",
            detail=f"Left open in {listed(sorted({item.phase for item in skipped}))}: "
            f"{listed([item.name for item in skipped])}.",
            subject=project.subject,
            project_ids=(project.id,),
            evidence=(
                *(Evidence(item.name, item.phase, "text", project.id) for item in skipped[:SHOWN]),
                Evidence("Skipped", f"{count}", "activities", project.id),
                Evidence("Tolerance", f"{tolerance['activities']:f}", "activities"),
            ),
        )
