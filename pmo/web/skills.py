"""Frameworks of skills with their levels in words, and the grid of what each role needs at each tier."""

from __future__ import annotations

from itertools import groupby
from typing import Any, NamedTuple

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.analysis.skill_file import COLUMNS, framework_to_yaml
from pmo.analysis.skills import HIGHEST
from pmo.analysis.standard_fields import RESPONSIBLE, TIERS
from pmo.analysis.standard_file import MOST_BYTES
from pmo.kit.errors import ApplicationError
from pmo.kit.parameters import parse_value
from pmo.models import Skill
from pmo.selectors.shipped import SHIPPED_SKILLS, shipped_framework
from pmo.selectors.skills import (
    benchmarks_for,
    benchmarks_seen,
    framework_content,
    framework_get,
    frameworks_for,
    skills_for,
)
from pmo.services.skill_frameworks import benchmarks_set, framework_import, framework_install, framework_retire
from pmo.web.forms import attempt, done, form_page
from pmo.web.pages import OfficeRequest, page
from pmo.web.standard_words import role_names


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("YAML as it is saved from here, or CSV with one line a level and the columns %s.")
        % ", ".join(COLUMNS),
    )


class Cell(NamedTuple):
    """One input of the grid. `shown`: what stands in it, as typed where it was refused."""

    name: str
    shown: str
    label: str


@page("skill.view")
def skills(request: OfficeRequest, org: str) -> HttpResponse:
    """Every skill in use by framework and group, what it is, and what each level means."""
    actor = request.actor
    frameworks = list(frameworks_for(actor, "skill.view"))
    rows = list(skills_for(actor, "skill.view"))
    parts = [
        (framework, [(group, list(each)) for group, each in groupby(items, key=lambda skill: skill.group)])
        for framework, items in _by_framework(rows)
    ]
    have = {framework.key for framework in frameworks}
    context = {
        "parts": parts,
        "retired": [framework for framework in frameworks if framework.retired_at],
        "shipped": [shipped_framework(key) for key in SHIPPED_SKILLS if key not in have],
        "nav_active": "skills",
        "title": _("Skills"),
    }
    return render(request, "pmo/skills.html", context)


def _by_framework(rows: list[Skill]) -> list[tuple[Any, list[Skill]]]:
    return [
        (items[0].framework, items) for items in (list(each) for _pk, each in groupby(rows, lambda s: s.framework_id))
    ]


@page("skill.view", post="skill.edit")
def benchmarks(request: OfficeRequest, org: str) -> HttpResponse:
    """What `?role=` needs: a skill a line, a tier a column; posting sets every cell."""
    actor = request.actor
    names = role_names()
    asked = request.GET.get("role", "")
    role = str(parse_value("role", asked, "choice", {key: key for key in RESPONSIBLE}) if asked else "project_manager")
    refusal, typed = "", {}
    if request.method == "POST":
        typed = {name: str(value).strip() for name, value in request.POST.items() if name.startswith("cell/")}
        try:
            changed = benchmarks_set(actor=actor, role=role, levels=_levels(typed), seen=request.POST.get("seen", ""))
        except ApplicationError as error:
            refusal = error.message
        else:
            said = _("%d levels changed.") % changed if changed else _("Nothing was changed.")
            return done(request, said, f"{reverse('pmo:skill_benchmarks', args=[org])}?role={role}")
    rows = list(benchmarks_for(actor, "skill.view").filter(role=role))
    known = {(row.skill_id, row.tier): row.level for row in rows}
    used = set(benchmarks_for(actor, "skill.view").order_by().values_list("role", flat=True).distinct())
    context = {
        "role": role,
        "role_name": names[role],
        "roles": [
            {"name": names[key], "href": f"?role={key}", "current": key == role, "count": None}
            for key in RESPONSIBLE
            if key in used or key == role
        ],
        "other_roles": [(key, names[key]) for key in RESPONSIBLE if key not in used and key != role],
        "tiers": TIERS,
        "parts": [
            (framework, [(skill, [_cell(skill, tier, known, typed) for tier in TIERS]) for skill in items])
            for framework, items in _by_framework(list(skills_for(actor, "skill.view")))
        ],
        "seen": benchmarks_seen(rows),
        "refusal": refusal,
        "nav_active": "skills",
        "title": _("Benchmarks"),
    }
    return render(request, "pmo/skill_benchmarks.html", context, status=422 if refusal else 200)


def _cell(skill: Skill, tier: int, known: dict[tuple[int, int], int], typed: dict[str, str]) -> Cell:
    name = f"cell/{skill.pk}/{tier}"
    level = known.get((skill.pk, tier))
    label = _("%(skill)s at tier %(tier)d") % {"skill": skill.name, "tier": tier}
    return Cell(name, typed.get(name, "" if level is None else str(level)), label)


def _levels(typed: dict[str, str]) -> dict[tuple[int, int], int | None]:
    """What was typed. Raises ApplicationError for what is no level or no cell."""
    found: dict[tuple[int, int], int | None] = {}
    for name, value in typed.items():
        parts = name.split("/")
        if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts[1:]):
            raise ApplicationError(_("There is no such skill or tier."), code="invalid")
        if value and not (value.isascii() and value.isdigit() and int(value[:3]) <= HIGHEST):
            raise ApplicationError(_("“%s” is not a level from 0 to 5.") % value[:20], code="invalid")
        found[int(parts[1]), int(parts[2])] = int(value) if value else None
    return found


@page("skill.edit", post="skill.edit")
def skill_take(request: OfficeRequest, org: str) -> HttpResponse:
    """Take a framework in from its file."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data["file"].read(MOST_BYTES + 1)
        made = attempt(form, lambda: framework_import(actor=request.actor, data=data))
        if made is not None:
            return done(request, _("%s is in use.") % made, reverse("pmo:skills", args=[org]))
    title = _("Import a framework of skills")
    return form_page(request, "pmo/skill_import.html", form, {"nav_active": "skills", "title": title})


@page("skill.edit", post="skill.edit")
def skill_put_in(request: OfficeRequest, org: str, slug: str) -> HttpResponse:
    """Take a shipped framework over."""
    if request.method != "POST":
        return redirect("pmo:skills", org)
    made = framework_install(actor=request.actor, key=slug)
    return done(request, _("%s is in use.") % made, reverse("pmo:skills", args=[org]))


@page("skill.edit", post="skill.edit")
def skill_end(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """Ask for the skills of a framework no more, or again."""
    if request.method != "POST":
        return redirect("pmo:skills", org)
    framework = framework_get(request.actor, pk, action="skill.edit")
    made = framework_retire(actor=request.actor, framework_id=pk, retired=framework.retired_at is None)
    said = _("%s is retired; what was assessed is kept.") if made.retired_at else _("%s is in use again.")
    return done(request, said % made, reverse("pmo:skills", args=[org]))


@page("export.run")
def skill_file(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """The framework with its benchmarks as one file that can be imported again."""
    framework = framework_get(request.actor, pk)
    answer = HttpResponse(
        framework_to_yaml(framework_content(framework)), content_type="application/yaml; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="skills-{framework.key}.yaml"'
    return answer
