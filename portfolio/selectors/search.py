"""Finding things by a few letters: projects, findings, people. Only what the asker may see."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, Value, When

from pmo.models import Person
from pmo.selectors.actors import Actor
from portfolio.models import Finding
from portfolio.selectors.findings import visible_to as findings_visible_to
from portfolio.selectors.rollups import UNRESOLVED
from projects.models import Project
from projects.selectors.projects import visible_to

LIMIT = 6
WORDS = 5


@dataclass(frozen=True, slots=True)
class Found:
    projects: list[Project]
    findings: list[Finding]
    people: list[Person]

    def __bool__(self) -> bool:
        return bool(self.projects or self.findings or self.people)


def search(actor: Actor, text: str) -> Found:
    """The best few of each kind; all words must occur. Three queries at most; nothing for an empty text."""
    words = text.split()[:WORDS]
    if not words:
        recent = visible_to(actor).filter(archived_at__isnull=True).select_related("standing", "portfolio")
        return Found(list(recent.order_by("standing__health_rank", "code")[:LIMIT]), [], [])
    projects = visible_to(actor).filter(_all(words, "code", "name"))
    begins = Case(
        When(Q(code__istartswith=words[0]) | Q(name__istartswith=words[0]), then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    found = projects.select_related("standing", "portfolio").order_by(begins, "code")[:LIMIT]
    findings: list[Finding] = []
    if actor.allows("finding.view"):
        mine = findings_visible_to(actor).filter(_all(words, "title", "detail"), status__in=UNRESOLVED)
        findings = list(mine.order_by("severity_rank", "-first_seen", "id")[:LIMIT])
    people: list[Person] = []
    if actor.allows("people.view"):
        named = Person.objects.filter(_all(words, "name", "email"), organisation=actor.organisation)
        people = list(named.order_by("name")[:LIMIT])
    return Found(list(found), findings, people)


def _all(words: list[str], *paths: str) -> Q:
    wanted = Q()
    for word in words:
        anywhere = Q()
        for path in paths:
            anywhere |= Q(**{f"{path}__icontains": word})
        wanted &= anywhere
    return wanted
