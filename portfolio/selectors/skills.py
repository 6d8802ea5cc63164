"""Skills against what projects need: who leads what, how they fit, where the office is thin, who could lead."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from pmo.analysis.skills import Fit, Level, fit
from pmo.models import Assessment, Membership, Person, Role, Skill
from pmo.selectors.actors import Actor
from pmo.selectors.skills import levels_at, persons_for, wanted_levels
from portfolio.analysis.facts import LIVE
from portfolio.analysis.lead_match import Candidate, Ranked, Thin, ranked, thin
from projects.models import Project, ProjectStatus


@dataclass(frozen=True, slots=True)
class Led:
    """What somebody leads and has led. `tiers`: of live projects, how many by tier; `closed`: of those at an end."""

    live: int = 0
    tiers: Mapping[int, int] = field(default_factory=dict)
    closed: Mapping[int, int] = field(default_factory=dict)

    @property
    def hardest(self) -> int | None:
        """The highest tier led now; None where none of them has a tier."""
        return max(self.tiers, default=None)


def led_by(organisation_id: int, person_ids: Collection[int] | None = None) -> dict[int, Led]:
    """By person. One query, counted in the database."""
    rows = Project.objects.filter(
        organisation_id=organisation_id, archived_at__isnull=True, project_manager__isnull=False,
        status__in=[*sorted(LIVE), ProjectStatus.CLOSED],
    )  # fmt: skip
    if person_ids is not None:
        rows = rows.filter(project_manager__in=list(person_ids))
    live: Counter[int] = Counter()
    tiers: dict[int, Counter[int]] = defaultdict(Counter)
    closed: dict[int, Counter[int]] = defaultdict(Counter)
    counted = rows.order_by().values_list("project_manager_id", "status", "tier").annotate(n=Count("pk"))
    for person, status, tier, count in counted:
        assert person is not None
        if status == ProjectStatus.CLOSED:
            closed[person][tier or 0] += count
            continue
        live[person] += count
        if tier is not None:
            tiers[person][tier] += count
    return {person: Led(live[person], tiers.get(person, {}), closed.get(person, {})) for person in live.keys() | closed}


def skill_names(organisation_id: int) -> dict[int, str]:
    """Names of the skills in use, in order. One query."""
    rows = Skill.objects.filter(organisation_id=organisation_id, framework__retired_at__isnull=True)
    return dict(rows.order_by("framework__name", "order", "pk").values_list("pk", "name"))


@dataclass(frozen=True, slots=True)
class Standing:
    """The fit of everybody who leads something, for the hardest tier they lead; and the levels of all."""

    fits: dict[int, Fit]
    levels: dict[int, dict[int, Level]]
    led: dict[int, Led]
    wanted: dict[int, dict[int, int]]


def standing(organisation_id: int, day: date, person_ids: Collection[int] | None = None) -> Standing:
    """As at `day`; of all, or of some. Four queries."""
    led = led_by(organisation_id, person_ids)
    levels = levels_at(organisation_id, day, person_ids)
    wanted = wanted_levels(organisation_id)
    fits = {
        person: fit(levels.get(person, {}), wanted[each.hardest])
        for person, each in led.items()
        if each.hardest is not None and wanted.get(each.hardest)
    }
    return Standing(fits, levels, led, wanted)


def people_with_skills(actor: Actor, day: date) -> tuple[QuerySet[Person], Standing]:
    """Those who lead, were assessed, or are named project managers, among whom the actor may see; and how they stand.

    Annotated: in_hand, hardest (tier), met, wanted, largest (gap in levels), assessed_on.
    """
    visible = persons_for(actor, "skill.view")
    ids = None if actor.everywhere("skill.view") else list(visible.values_list("pk", flat=True))
    found = standing(actor.organisation.pk, day, ids)
    managers = Membership.objects.filter(organisation=actor.organisation, role=Role.PROJECT_MANAGER)
    concerned = found.led.keys() | found.levels.keys()
    rows = visible.filter(Q(pk__in=concerned) | Q(user__in=managers.values("user_id")) | Q(user=actor.user))
    assessed = Assessment.objects.filter(person=OuterRef("pk"), assessed_on__lte=day)
    rows = rows.annotate(
        in_hand=_by_person({person: each.live for person, each in found.led.items()}, 0),
        hardest=_by_person({person: each.hardest for person, each in found.led.items()}),
        met=_by_person({person: its.met for person, its in found.fits.items()}),
        wanted=_by_person({person: its.wanted for person, its in found.fits.items()}),
        largest=_by_person({person: its.largest for person, its in found.fits.items()}),
        assessed_on=Subquery(assessed.order_by("-assessed_on").values("assessed_on")[:1]),
    )
    return rows, found


def _by_person(values: Mapping[int, int | None], otherwise: int | None = None) -> Case:
    """A column from figures worked out beside the database, so that lists sort and filter by it."""
    groups: dict[int, list[int]] = defaultdict(list)
    for person, value in values.items():
        if value is not None:
            groups[value].append(person)
    whens = [When(pk__in=people, then=Value(value)) for value, people in sorted(groups.items())]
    return Case(*whens, default=Value(otherwise), output_field=IntegerField())


def office_thin(found: Standing) -> tuple[Thin, ...]:
    """Where those who lead are thin."""
    return thin(found.fits.values())


def lead_fit(project: Project, day: date) -> tuple[Fit | None, dict[int, Level]]:
    """How a project's lead fits its tier; None where it has no lead, no tier, or nothing is wanted. Three queries."""
    if project.project_manager_id is None or project.tier is None:
        return None, {}
    wanted = wanted_levels(project.organisation_id).get(project.tier, {})
    levels = levels_at(project.organisation_id, day, [project.project_manager_id])[project.project_manager_id]
    return (fit(levels, wanted) if wanted else None), levels


def could_lead(actor: Actor, project: Project, day: date) -> tuple[Ranked, ...]:
    """Those whose skills the actor may see, ranked for the project's tier. Six queries."""
    if project.tier is None:
        return ()
    people = dict(persons_for(actor, "skill.view").values_list("pk", "name"))
    ids = None if actor.everywhere("skill.view") else list(people)
    levels, led = levels_at(project.organisation_id, day, ids), led_by(project.organisation_id, ids)
    wanted = wanted_levels(project.organisation_id).get(project.tier, {})
    candidates = [
        Candidate(
            pk, name, levels[pk], led[pk].closed if pk in led else {},
            (led[pk].live if pk in led else 0) - (pk == project.project_manager_id and project.status in LIVE),
        )
        for pk, name in people.items()
        if pk in levels
    ]  # fmt: skip
    return ranked(candidates, wanted, project.tier, skill_names(project.organisation_id)) if wanted else ()
