"""The skills of a house of the test world: a framework, benchmarks, and for everybody an assessment and the rest."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pmo.analysis.skill_file import FrameworkContent, LevelContent, SkillContent
from pmo.models import Assessment, Benchmark, Certificate, DevelopmentAction, PeerRequest, Person, SkillFramework, User
from pmo.services.skill_frameworks import framework_put

if TYPE_CHECKING:
    from tests.world import House


def skills(house: House) -> None:
    """Everything once for each role; the colleague's is what nobody is near to."""
    word, organisation = house.canary, house.cast.organisation
    levels = tuple(LevelContent(level, f"{word} level", f"{word} does {level}") for level in range(6))
    wanted = {"project_manager": (1, 2, 3, 4)}
    # Alone in use, so that pages and lists show its words.
    SkillFramework.objects.filter(organisation=organisation).update(retired_at="2026-01-01T00:00Z")
    framework = framework_put(
        organisation,
        FrameworkContent(
            "house", f"{word} framework", f"{word} source", f"{word} licence",
            (SkillContent("pace", f"{word} pace", f"{word} group", f"{word} is quick", levels, wanted),),
        ),
    )  # fmt: skip
    house.keep("framework", "own", framework)
    skill = framework.skills.get()
    house.keep("skill", "own", skill)
    house.keep("benchmark", "own", Benchmark.objects.filter(skill=skill).first())
    colleague = house.cast.person("colleague")
    asked = {"organisation": organisation, "person": house.cast.person("spare"), "peer": colleague}
    house.keep("peer_request", "unassigned", PeerRequest.objects.create(**asked))
    for role, user in house.cast.people.items():
        which = "unassigned" if role == "colleague" else role
        person = Person.objects.get(organisation=organisation, user=user)
        about = {"organisation": organisation, "person": person, "skill": skill}
        house.keep("skilled", which, person)
        house.keep(
            "assessment",
            which,
            Assessment.objects.create(
                **about, kind="assessor", level=2, assessed_on=date(2026, 3, 1), evidence=f"{word} was seen",
                recorded_by=house.cast.people["pmo_analyst"],
            ),
        )  # fmt: skip
        house.keep(
            "certificate",
            which,
            Certificate.objects.create(
                **about, name=f"{word} paper", issuer=f"{word} school", number=f"{word} 7", level=3,
                issued_on=date(2025, 1, 1), expires_on=date(2027, 1, 1),
            ),
        )  # fmt: skip
        house.keep(
            "development", which, DevelopmentAction.objects.create(**about, target_level=4, text=f"{word} course")
        )
        if role not in ("colleague", "spare"):
            house.keep(
                "peer_request",
                role,
                PeerRequest.objects.create(organisation=organisation, person=colleague, peer=person, asked_by=user),
            )


def asked_as_well(house: House, which: str, user: User) -> None:
    """Somebody from outside the house is named in it, and asked about the colleague."""
    organisation = house.cast.organisation
    named = {"name": f"{house.canary} {which}"}
    person, _new = Person.objects.get_or_create(organisation=organisation, user=user, defaults=named)
    colleague = house.cast.person("colleague")
    made = PeerRequest.objects.create(organisation=organisation, person=colleague, peer=person, asked_by=user)
    house.keep("peer_request", which, made)
