"""What the rule about leads looks at, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import replace

from pmo.analysis.skills import fit
from pmo.models import Organisation
from pmo.selectors.skills import levels_at, wanted_levels
from portfolio.analysis.facts import LIVE, PortfolioFacts
from portfolio.analysis.skill_facts import HARD, LeadGap
from portfolio.selectors.skills import skill_names
from projects.models import Project


def with_skills(organisation: Organisation, facts: PortfolioFacts) -> PortfolioFacts:
    """The same facts with the gaps of the leads of hard live projects in scope. Five queries; one where there is none.

    The facts hold names and levels of people: what is shown of a finding is the reader's right to findings.
    """
    rows = Project.objects.filter(
        organisation=organisation, status__in=sorted(LIVE), archived_at__isnull=True, tier__gte=HARD,
        project_manager__isnull=False,
    )  # fmt: skip
    if facts.changed is not None:
        rows = rows.filter(pk__in=list(facts.changed))
    led = list(rows.order_by("pk").values_list("pk", "tier", "project_manager_id", "project_manager__name"))
    if not led:
        return facts
    names, wanted = skill_names(organisation.pk), wanted_levels(organisation.pk)
    levels = levels_at(organisation.pk, facts.status_date, {person for _pk, _tier, person, _name in led if person})
    found: dict[int, tuple[LeadGap, ...]] = {}
    for project, tier, person, name in led:
        gaps = fit(levels.get(person or 0, {}), wanted.get(tier or 0, {})).gaps
        short = tuple(
            LeadGap(names[gap.skill], gap.wanted, gap.level, name, tier or 0)
            for gap in gaps
            if gap.level is not None and gap.level < gap.wanted
        )
        if short:
            found[project] = short
    return replace(facts, lead_gaps=found)
