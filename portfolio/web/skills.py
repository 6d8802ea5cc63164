"""People and their skills: all whom the reader may see, one of them, oneself, and the lead of one project."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from pmo.analysis.skills import HIGHEST, WIDE, Credential, Fit, Level, credential_state, fit
from pmo.analysis.standard_fields import RESPONSIBLE, TIERS
from pmo.kit.parameters import parse_value
from pmo.models import Assessment, Certificate, DevelopmentAction, Person, Skill
from pmo.selectors.actors import Actor, person_of
from pmo.selectors.clock import status_date_of
from pmo.selectors.skills import (
    assessments_for,
    certificates_for,
    development_actions_for,
    levels_at,
    person_get,
    persons_for,
    requests_to,
    skills_for,
    wanted_levels,
)
from pmo.web.listing import ListPage, list_page
from pmo.web.pages import OfficeRequest, page
from pmo.web.standard_words import role_names
from portfolio.listings.skill_people import SKILL_PEOPLE
from portfolio.selectors.skills import could_lead, lead_fit, led_by, office_thin, people_with_skills, skill_names
from projects.web.subpage import subpage

MOST_SHOWN = 30


class Line(NamedTuple):
    """One skill of somebody: `steps` are the five steps of the bar, each (reached, wanted here)."""

    skill: Skill
    word: str
    level: int | None
    source: str
    on: date | None
    wanted: int | None
    short: int | None
    tone: str
    steps: list[tuple[bool, bool]]


def sources() -> dict[str, str]:
    return {
        "assessor": _("an assessor"), "peer": _("peers"), "self": _("oneself"), "certificate": _("a certificate"),
    }  # fmt: skip


def lines_of(skills: list[Skill], levels: dict[int, Level], wanted: dict[int, int]) -> list[tuple[str, list[Line]]]:
    """The table of somebody's skills, by group."""
    words = sources()
    found = []
    for skill in skills:
        held, want = levels.get(skill.pk), wanted.get(skill.pk)
        names = {each.level: each.name for each in skill.levels.all()}
        short = None if held is None or want is None else max(want - held.level, 0)
        tone = "none" if short is None else "good" if short == 0 else "bad" if short >= WIDE else "warn"
        steps = [(held is not None and step <= held.level, step == want) for step in range(1, HIGHEST + 1)]
        found.append(
            Line(
                skill, names.get(held.level, "") if held else "", held.level if held else None,
                words[held.source] if held else "", held.on if held else None, want, short, tone, steps,
            )
        )  # fmt: skip
    return [(group, list(items)) for group, items in groupby(found, key=lambda line: line.skill.group)]


@page("skill.view")
def skill_people(request: OfficeRequest, org: str) -> HttpResponseBase:
    """Everybody who leads or was assessed, among whom the reader may see; above it where the office is thin."""
    actor = request.actor
    day = status_date_of(actor.organisation)
    rows, found = people_with_skills(actor, day)
    shown = list_page(request, SKILL_PEOPLE, rows, actor.allows, menus=("gap", "hardest"), stem="people-and-skills")
    if not isinstance(shown, ListPage):
        return shown
    names = skill_names(actor.organisation.pk)
    ending = [each for each in _certificates(actor, None, day) if each["state"] in ("ending", "expired")]
    context = {
        "list": shown,
        "thin": [(names.get(each.skill, ""), each) for each in office_thin(found)][:8],
        "leads": len(found.fits),
        "ending": ending[:MOST_SHOWN],
        "asked": requests_to(actor),
        "nav_active": "skill-people",
        "title": _("People and skills"),
    }
    return render(request, "portfolio/skill_people.html", context)


@page("skill.view")
def skill_person(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """What somebody can do, against what a role needs at a tier; certificates, experience, development, history."""
    return _person(request, person_get(request.actor, pk))


@page("skill.view")
def my_skills(request: OfficeRequest, org: str) -> HttpResponse:
    """The same of oneself, with whom one is asked to judge."""
    person = person_of(request.actor)
    if person is None:
        return render(request, "portfolio/skill_person.html", {"person": None, "nav_active": "my-skills"})
    return _person(request, person)


def _person(request: OfficeRequest, person: Person) -> HttpResponse:
    actor = request.actor
    day = status_date_of(actor.organisation)
    mine = person.user_id == actor.user.pk
    led = led_by(actor.organisation.pk, [person.pk]).get(person.pk)
    asked, role_asked = request.GET.get("tier", ""), request.GET.get("role", "")
    choices = {str(tier): str(tier) for tier in TIERS}
    tier = int(parse_value("tier", asked, "choice", choices)) if asked else (led.hardest if led else None)
    role = str(parse_value("role", role_asked, "choice", {key: key for key in RESPONSIBLE}) if role_asked
               else "project_manager")  # fmt: skip
    levels = levels_at(actor.organisation.pk, day, [person.pk]).get(person.pk, {})
    wanted = wanted_levels(actor.organisation.pk, role).get(tier or 0, {})
    its = fit(levels, wanted) if wanted else None
    actions = development_actions_for(actor, "skill.view").filter(person=person).order_by("state", "due", "pk")
    history = assessments_for(actor, "skill.view").filter(person=person).order_by("-assessed_on", "-pk")
    context = {
        "person": person,
        "mine": mine,
        "may": persons_for(actor, "skill.assess").filter(pk=person.pk).exists(),
        "led": led,
        "closed": sorted(led.closed.items()) if led else [],
        "tier": tier,
        "tiers": TIERS,
        "role": role,
        "roles": [(key, role_names()[key]) for key in ("project_manager", "sponsor", "budget_owner")],
        "parts": lines_of(list(skills_for(actor, "skill.view")), levels, wanted),
        "fit": its,
        "fit_words": fit_words(its, skill_names(actor.organisation.pk)),
        "certificates": _certificates(actor, person, day),
        "actions": list(actions),
        "states": DevelopmentAction.State.choices,
        "history": [(row, _by(row)) for row in history[:MOST_SHOWN]],
        "asked": requests_to(actor) if mine else [],
        "day": day,
        "nav_active": "my-skills" if mine else "skill-people",
    }
    return render(request, "portfolio/skill_person.html", context)


def fit_words(its: Fit | None, names: dict[int, str]) -> str:
    """How somebody fits, in a sentence; empty where nothing is wanted."""
    if its is None:
        return ""
    parts = [_("%(met)d of %(wanted)d skills met") % {"met": its.met, "wanted": its.wanted}]
    if gap := its.widest:
        parts.append(
            _("largest gap: %(skill)s, %(level)s where %(wanted)d is asked")
            % {"skill": names.get(gap.skill, "–"), "level": gap.level, "wanted": gap.wanted}
        )
    if its.unknown:
        parts.append(_("%d never assessed") % its.unknown)
    return "; ".join(parts) + "."


def _by(row: Assessment) -> str:
    """By whom; peers are not named."""
    if row.kind == Assessment.Kind.PEER:
        return _("a peer")
    who = str(row.recorded_by) if row.recorded_by_id else "–"
    return _("%s (assessor)") % who if row.kind == Assessment.Kind.ASSESSOR else _("oneself")


def _certificates(actor: Actor, person: Person | None, day: date) -> list[dict[str, Any]]:
    rows = certificates_for(actor, "skill.view").order_by("expires_on", "pk")
    if person is not None:
        rows = rows.filter(person=person)
    else:
        rows = rows.filter(expires_on__isnull=False, withdrawn_at__isnull=True)
    return [{"row": row, "state": _state(row, day)} for row in rows]


def _state(row: Certificate, day: date) -> str:
    return credential_state(Credential(row.level, row.issued_on, row.expires_on, row.withdrawn_at is not None), day)


@page("fit.view")
def project_skills(request: OfficeRequest, org: str, code: str) -> HttpResponse:
    """What the project's tier asks of its lead and what the lead has; who else could lead, ranked."""
    actor = request.actor
    project, context = subpage(request, code, "fit.view", "skills")
    day = status_date_of(actor.organisation)
    its, levels = lead_fit(project, day)
    skills = list(skills_for(actor, "skill.view"))
    wanted = wanted_levels(project.organisation_id).get(project.tier or 0, {})
    lead = project.project_manager
    seen = lead is not None and persons_for(actor, "skill.view").filter(pk=lead.pk).exists()
    others = could_lead(actor, project, day) if actor.everywhere("skill.view") or actor.portfolio_ids else ()
    context |= {
        "lead": lead,
        "seen": seen,
        "wanted": wanted,
        "fit": its if seen else None,
        "fit_words": fit_words(its, {skill.pk: skill.name for skill in skills}) if seen else "",
        "parts": lines_of([skill for skill in skills if skill.pk in wanted], levels, wanted) if seen else [],
        "others": others[:MOST_SHOWN],
        "ranked": len(others),
        "chooses": bool(others),
        "day": day,
    }
    return render(request, "portfolio/project_skills.html", context)
