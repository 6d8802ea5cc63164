"""R-06: nobody is named for one of the three roles every project has."""

from collections.abc import Iterator

from portfolio.analysis.facts import PortfolioFacts
from portfolio.analysis.findings import Evidence, Finding, raised
from portfolio.analysis.registry import Tolerance, rule
from portfolio.analysis.wording import listed


@rule(
    id="R-06",
    slug="missing-owner",
    title="Nobody named",
    group="People",
    severity="medium",
    says="More than {missing} of these names are missing: project manager, sponsor, budget owner.",
    hint="Name the person on the project page.",
    tolerance={"missing": "0"},
    tolerance_help={"missing": "How many of project manager, sponsor and budget owner may be missing."},
)
def check(facts: PortfolioFacts, tolerance: Tolerance) -> Iterator[Finding]:
    """Fires where more than `missing` of the three roles are empty; severer where all three are."""
    for project in facts.live_in_scope():
        roles = (
            ("project manager", project.project_manager),
            ("sponsor", project.sponsor),
            ("budget owner", project.budget_owner),
        )
        missing = [role for role, person in roles if not person]
        if len(missing) <= tolerance["missing"]:
            continue
        named = [f"{role} {person}" for role, person in roles if person]
        yield Finding(
            rule="missing-owner",
            severity=raised("medium", 1 if len(missing) == len(roles) else 0),
            title=f"No {listed(missing).replace(' and ', ' and no ').replace(', ', ', no ')} named",
            detail=f"Named: {listed(named)}." if named else "Nobody answers for this project.",
            subject=project.subject,
            project_ids=(project.id,),
            evidence=tuple(
                Evidence(role.capitalize(), person or "nobody", "text", project.id) for role, person in roles
            ),
        )
