"""R-36: nobody is accountable for a project."""

from collections.abc import Iterator

from portfolio.analysis.facts import PortfolioFacts
from portfolio.analysis.findings import Evidence, Finding
from portfolio.analysis.registry import Tolerance, rule
from portfolio.analysis.wording import days


@rule(
    id="R-36",
    slug="nobody-accountable",
    title="Nobody accountable",
    group="People",
    severity="medium",
    says="A project has requirements or responsibilities, is older than {days} days, and nobody is accountable for it.",
    hint="Name exactly one Accountable on the page Responsibilities of the project.",
    tolerance={"days": "14"},
    tolerance_help={"days": "How many days after its entry a project may be without an Accountable."},
)
def check(facts: PortfolioFacts, tolerance: Tolerance) -> Iterator[Finding]:
    """Fires for what is run by a standard or has responsibilities, entered more than `days` ago, with no Accountable
    for the project as a whole."""
    for project in facts.live_in_scope():
        lifecycle = facts.lifecycle_of(project)
        age = (facts.status_date - project.created_on).days
        if not lifecycle.asked or lifecycle.accountable or age <= tolerance["days"]:
            continue
        yield Finding(
            rule="nobody-accountable",
            severity="medium",
            title="Nobody is accountable for the project",
            detail=f"It was entered {days(age)} ago. Project manager: {project.project_manager or 'nobody'}; "
            f"sponsor: {project.sponsor or 'nobody'}.",
            subject=project.subject,
            project_ids=(project.id,),
            evidence=(
                Evidence("Accountable", "nobody", "text", project.id),
                Evidence("Entered", project.created_on, "date", project.id),
                Evidence("Tolerance", f"{tolerance['days']:f}", "days"),
            ),
        )
