"""R-37: one person is accountable for more than anybody can answer for."""

from collections import defaultdict
from collections.abc import Iterator

from portfolio.analysis.facts import PortfolioFacts
from portfolio.analysis.findings import Evidence, Finding, raised
from portfolio.analysis.lifecycle_facts import Answers
from portfolio.analysis.registry import Tolerance, rule
from portfolio.analysis.wording import listed

SHOWN = 10


@rule(
    id="R-37",
    slug="accountable-overload",
    title="Accountable for too much",
    group="Across projects",
    scope="portfolio",
    severity="medium",
    says="One person is accountable for more than {projects} live projects, or more than {red} with a computed red.",
    hint="Hand some of these projects to others, those in trouble first.",
    tolerance={"projects": "8", "red": "3"},
    tolerance_help={
        "projects": "How many live projects one person may be accountable for.",
        "red": "How many of them may have a computed red.",
    },
)
def check(facts: PortfolioFacts, tolerance: Tolerance) -> Iterator[Finding]:
    """By person, over the live projects they are accountable for: fires beyond `projects`, or beyond `red` red ones;
    severer where both hold."""
    by_person: dict[int, list[Answers]] = defaultdict(list)
    for item in facts.accountable:
        by_person[item.person_id].append(item)
    for person_id, items in sorted(by_person.items()):
        red = [item for item in items if item.red]
        many, troubled = len(items) > tolerance["projects"], len(red) > tolerance["red"]
        if not (many or troubled):
            continue
        items.sort(key=lambda item: (not item.red, item.code))
        words = f"{len(items)} live projects" + (f", {len(red)} of them red" if red else "")
        yield Finding(
            rule="accountable-overload",
            severity=raised("medium", 1 if many and troubled else 0),
            title=f"{items[0].person} is accountable for {words}",
            detail=f"{listed([item.code for item in items])}.",
            subject=f"person:{person_id}",
            project_ids=tuple(sorted(item.project_id for item in items)),
            evidence=(
                *(
                    Evidence(item.code, "red" if item.red else "not red", "text", item.project_id)
                    for item in items[:SHOWN]
                ),
                Evidence("Live projects", f"{len(items)}", "projects"),
                Evidence("Of these red", f"{len(red)}", "projects"),
                Evidence("Tolerance", f"{tolerance['projects']:f}", "projects"),
                Evidence("Tolerance for red ones", f"{tolerance['red']:f}", "projects"),
            ),
        )
