"""R-38: a hard project is led by somebody far below what it asks for.

A finding is read by more people than may see the skills of the lead: it tells how far and in how many, not in which.
"""

from collections.abc import Iterator

from portfolio.analysis.facts import PortfolioFacts
from portfolio.analysis.findings import Evidence, Finding, raised
from portfolio.analysis.registry import Tolerance, rule


@rule(
    id="R-38",
    slug="lead-below-benchmark",
    title="Lead below the benchmark",
    group="Running projects",
    severity="medium",
    says="The lead of a project of tier 3 or 4 is {levels} or more levels below its benchmark in a skill.",
    hint="Plan what closes the gap, give the lead somebody at their side, or choose another lead.",
    tolerance={"levels": "2", "severe_levels": "3", "severe_skills": "3"},
    tolerance_help={
        "levels": "From how many levels below the benchmark on a skill counts.",
        "severe_levels": "From this many levels on, the finding is one step more severe.",
        "severe_skills": "In more skills than this, the finding is one step more severe.",
    },
)
def check(facts: PortfolioFacts, tolerance: Tolerance) -> Iterator[Finding]:
    """Fires where a known level is `levels` or more below; severer from `severe_levels`, or in many skills."""
    for project in facts.live_in_scope():
        wide = [gap for gap in facts.lead_gaps.get(project.id, ()) if gap.short >= tolerance["levels"]]
        if not wide:
            continue
        wide.sort(key=lambda gap: (-gap.short, gap.skill))
        worst = wide[0]
        severe = worst.short >= tolerance["severe_levels"] or len(wide) > tolerance["severe_skills"]
        skills = "one skill" if len(wide) == 1 else f"{len(wide)} skills"
        steps = "1 level" if worst.short == 1 else f"{worst.short} levels"
        yield Finding(
            rule="lead-below-benchmark",
            severity=raised("medium", 1 if severe else 0),
            title=f"The lead is {steps} below what tier {worst.tier} asks in {skills}",
            detail="Those who may see the skills of the lead find them on the project’s page of skills.",
            subject=project.subject,
            project_ids=(project.id,),
            evidence=(
                Evidence("Largest gap", steps, "text", project.id),
                Evidence("Skills below", str(len(wide)), "text", project.id),
                Evidence("Tolerance", f"{tolerance['levels']:f} levels", "text"),
            ),
        )
