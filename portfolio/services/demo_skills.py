"""Skills in the demo: those who lead were assessed, some have gaps, certificates end, and development is planned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from django.db.models import Max

from pmo.models import (
    Assessment,
    Certificate,
    DevelopmentAction,
    Organisation,
    PeerRequest,
    Person,
    Role,
    Skill,
    User,
)
from pmo.selectors.skills import wanted_levels
from portfolio.analysis.facts import LIVE
from projects.models import Project

MOST: Final = 60  # leads that get a record
OFFSETS: Final = (0, 0, 1, 0, -1, 0, 0, 1, 0, 0, -2, 0, 0, 1, -1)  # levels beside the benchmark, by lead and skill
SEEN: Final = (
    "Six weeks beside them in the plan reviews; see the notes of the gate.",
    "Two closed projects and the interview of spring.",
    "Audit of three change requests and their baselines.",
    "Led the supplier talks of the last tender; the file is complete.",
)
PAPERS: Final = (  # name, issuer, skill, level, issued days ago, ends in days (None: never)
    ("Scheduling professional", "Institute of Project Planners", "scheduling", 4, 900, -40),
    ("Practitioner in risk", "Risk Guild", "risk", 3, 700, 35),
    ("Public procurement diploma", "Civil Service College", "procurement", 4, 1500, None),
    ("Certified project manager", "Project Guild", "", None, 1000, 420),
)


def skills_write(organisation: Organisation, users: dict[str, User], today: date) -> None:
    """Assessments, certificates, development and a peer asked, for the first leads by name; in five inserts."""
    skills = list(Skill.objects.filter(organisation=organisation).order_by("order"))
    live = Project.objects.filter(organisation=organisation, status__in=sorted(LIVE), project_manager__isnull=False)
    hardest = dict(live.order_by().values_list("project_manager").annotate(tier=Max("tier")))
    people = list(Person.objects.filter(organisation=organisation, pk__in=hardest).order_by("name")[:MOST])
    if not skills or not people or Assessment.objects.filter(organisation=organisation).exists():
        return
    wanted = wanted_levels(organisation.pk)
    rows: list[Assessment] = []
    for place, person in enumerate(people):
        tier = hardest[person.pk] or 2
        rows += _judged(organisation, users, today, person, place, wanted.get(tier, {}), skills)
    Assessment.objects.bulk_create(rows, batch_size=1000)
    by_key = {skill.key: skill for skill in skills}
    Certificate.objects.bulk_create(_papers(organisation, people, by_key, today))
    DevelopmentAction.objects.bulk_create(_plans(organisation, people, by_key, today))
    manager = Person.objects.filter(organisation=organisation, user=users.get(Role.PROJECT_MANAGER)).first()
    asked = next((person for person in people if manager is not None and person.pk != manager.pk), None)
    if manager is not None and asked is not None:
        PeerRequest.objects.create(
            organisation=organisation, person=asked, peer=manager, asked_by=users[Role.PMO_DIRECTOR]
        )


def _judged(
    organisation: Organisation,
    users: dict[str, User],
    today: date,
    person: Person,
    place: int,
    wanted: dict[int, int],
    skills: list[Skill],
) -> Iterator[Assessment]:
    """Each lead judged themselves; an assessor most of them since; of every fifth only the colleagues have spoken."""
    assessor = users.get(Role.PMO_ANALYST) or users[Role.PMO_DIRECTOR]
    peers = [users[role] for role in (Role.PROJECT_MANAGER, Role.BUDGET_OWNER) if role in users]
    for number, skill in enumerate(skills):
        if (place * 7 + number) % 13 == 12:
            continue  # not everybody was judged in everything
        level = min(max(wanted.get(skill.pk, 3) + OFFSETS[(place * 4 + number) % len(OFFSETS)], 0), 5)
        about = {"organisation": organisation, "person": person, "skill": skill}
        yield Assessment(
            **about, kind="self", level=min(level + (number % 3 == 0), 5), recorded_by=person.user,
            assessed_on=today - timedelta(days=400 + place),
        )  # fmt: skip
        if place % 5 == 4:
            for voice, peer in enumerate(peers):
                yield Assessment(
                    **about, kind="peer", level=max(level - voice, 0), recorded_by=peer,
                    assessed_on=today - timedelta(days=90 + place), evidence="Worked side by side for a year.",
                )  # fmt: skip
        else:
            yield Assessment(
                **about, kind="assessor", level=level, recorded_by=assessor, evidence=SEEN[place % len(SEEN)],
                assessed_on=today - timedelta(days=60 + place * 3),
            )  # fmt: skip


def _papers(
    organisation: Organisation, people: list[Person], skills: dict[str, Skill], today: date
) -> Iterator[Certificate]:
    for person, (name, issuer, skill, level, issued, ends) in zip(people, PAPERS, strict=False):
        yield Certificate(
            organisation=organisation, person=person, name=name, issuer=issuer, skill=skills.get(skill),
            level=level if skill in skills else None, issued_on=today - timedelta(days=issued),
            expires_on=None if ends is None else today + timedelta(days=ends),
        )  # fmt: skip


def _plans(
    organisation: Organisation, people: list[Person], skills: dict[str, Skill], today: date
) -> Iterator[DevelopmentAction]:
    plans = (
        ("procurement", 3, "Sits in on the next tender beside the head of purchasing", 45, "under_way"),
        ("scheduling", 4, "Three days on linked schedules, then keeps the one of the largest project", 90, "planned"),
        ("risk", 3, "Put figures on the ten largest risks with the analyst", -12, "under_way"),
        ("benefits", 3, "Wrote benefit profiles with the owners", -60, "done"),
    )
    for place, (skill, level, text, due, state) in enumerate(plans):
        if skill in skills and people:
            yield DevelopmentAction(
                organisation=organisation, person=people[place % len(people)], skill=skills[skill], target_level=level,
                text=text, due=today + timedelta(days=due), state=state,
            )  # fmt: skip
