"""Who answers for what: the matrix of a project, edited in place; what one person answers for; handing it over."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pmo.kit.errors import ApplicationError, NotFound
from pmo.kit.export import export_response
from pmo.kit.parameters import parse_positive
from pmo.models import Person
from pmo.selectors.actors import Actor
from pmo.selectors.office import people_for
from pmo.web.pages import OfficeRequest, page
from projects.listings.ownership import KINDS, RESPONSIBILITIES, subject_kind, subject_name
from projects.models import Project, Responsibility
from projects.selectors.ownership import ROLES, Load, Matrix, Subject, load_of, matrix_of, responsibilities_for
from projects.services.handover import person_handover
from projects.services.ownership import responsibilities_default, responsibilities_set
from projects.web.subpage import subpage

VIEW: Final = "responsibility.view"
EDIT: Final = "responsibility.edit"
MOST: Final = 2_000  # people to choose from
LARGEST: Final = 9_223_372_036_854_775_807


class Cell(NamedTuple):
    """One person and one thing: the name of its field, its letter, what it is called for those who do not see it."""

    name: str
    letter: str
    label: str


class Row(NamedTuple):
    subject: Subject
    kind: str
    vacant: bool
    cells: list[Cell]


@page(VIEW, post=EDIT)
def responsibilities(request: OfficeRequest, org: str, code: str) -> HttpResponseBase:
    """The matrix; posting sets the letters of all its cells. `?add=` shows one more person, `?format=` exports."""
    actor = request.actor
    action = EDIT if request.method == "POST" else VIEW
    project, context = subpage(request, code, action, "responsibilities")
    if request.method == "POST":
        return _save(request, project, context)
    if request.GET.get("format"):
        query = RESPONSIBILITIES.parse({"format": request.GET["format"], "project": str(project.pk)}, actor.allows)
        actor.require("export.run")
        rows = responsibilities_for(actor, VIEW).filter(project=project)
        return export_response(
            RESPONSIBILITIES, rows, query, file_format=query.extras["format"], stem=f"{code}-responsibilities"
        )
    more = _person(actor, request.GET["add"], "add") if request.GET.get("add") else None
    return render(request, "projects/responsibilities.html", context | _shown(actor, project, matrix_of(project, more)))


def _save(request: OfficeRequest, project: Project, context: dict[str, Any]) -> HttpResponse:
    actor, org = request.actor, request.actor.organisation.slug
    if request.POST.get("act") == "defaults":
        made = responsibilities_default(actor=actor, project_id=project.pk)
        filled = ngettext("%d letter filled in.", "%d letters filled in.", made) % made
        messages.success(request, filled if made else _("Nothing was left to fill in."))
        return redirect("projects:responsibilities", org, project.code)
    letters: dict[tuple[str, int], str] = {}
    for name, letter in request.POST.items():
        if name.startswith("cell/"):
            _cell, subject, person = name.split("/", 2) if name.count("/") == 2 else ("", "", "")
            letters[subject, parse_positive("person", person, at_most=LARGEST)] = str(letter)
    try:
        changed = responsibilities_set(
            actor=actor, project_id=project.pk, letters=letters, seen=request.POST.get("seen", "")
        )
    except ApplicationError as refusal:
        shown = _shown(actor, project, matrix_of(project), letters)
        return render(
            request, "projects/responsibilities.html", context | shown | {"refusal": refusal.message}, status=422
        )
    told = ngettext("%d letter changed.", "%d letters changed.", changed) % changed
    messages.success(request, told if changed else _("Nothing was changed."))
    return redirect("projects:responsibilities", org, project.code)


def _shown(
    actor: Actor, project: Project, matrix: Matrix, given: dict[tuple[str, int], str] | None = None
) -> dict[str, Any]:
    kinds = dict(KINDS)
    letters = {**matrix.letters, **(given or {})}
    vacant = {subject.key for subject in matrix.vacant}
    rows = [
        Row(
            subject,
            str(kinds[subject.kind]),
            subject.key in vacant,
            [
                Cell(
                    f"cell/{subject.key}/{person.pk}",
                    letters.get((subject.key, person.pk), ""),
                    f"{person.name}: {subject.name}",
                )
                for person in matrix.people
            ],
        )
        for subject in matrix.subjects
    ]
    roles = {
        person.pk: [str(Project._meta.get_field(role).verbose_name) for role in ROLES if _has(project, role, person)]
        for person in matrix.people
    }
    shown = {person.pk for person in matrix.people}
    others = people_for(actor, "people.view").exclude(pk__in=shown).order_by("name") if actor.allows(EDIT) else ()
    return {
        "rows": rows,
        "people": [(person, ", ".join(roles[person.pk])) for person in matrix.people],
        "others": list(others[:MOST]),
        "letters": Responsibility.Letter.choices,
        "seen": matrix.seen,
        "vacant": matrix.vacant,
        "filled": len(matrix.letters),
    }


def _roles(load: Load) -> list[tuple[str, Project]]:
    return [(str(Project._meta.get_field(role).verbose_name).capitalize(), project) for role, project in load.roles]


def _has(project: Project, role: str, person: Person) -> bool:
    return bool(getattr(project, f"{role}_id") == person.pk)


def _person(actor: Actor, given: str, field: str) -> Person:
    pk = parse_positive(field, given, at_most=LARGEST)
    person = Person.objects.filter(organisation=actor.organisation, pk=pk).first()
    if person is None:
        raise NotFound(_("There is no such person here."))
    return person


@page(VIEW)
def my_answers(request: OfficeRequest, org: str) -> HttpResponse:
    """What the reader answers for."""
    person = Person.objects.filter(organisation=request.actor.organisation, user=request.actor.user).first()
    if person is None:
        return render(request, "projects/answers.html", {"nav_active": "answers", "person": None})
    return _answers(request, person)


@page(VIEW)
def answers(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """What a person answers for, in the projects that the reader may see."""
    return _answers(request, _person(request.actor, str(pk), "person"))


def _answers(request: OfficeRequest, person: Person) -> HttpResponse:
    load = load_of(request.actor, person)
    words, kinds = dict(Responsibility.Letter.choices), dict(KINDS)
    letters = [
        {"row": row, "word": words[row.letter], "kind": kinds[subject_kind(row)], "name": subject_name(row)}
        for row in sorted(load.letters, key=lambda row: "ARCI".index(row.letter))
    ]
    context = {
        "nav_active": "answers" if person.user_id == request.actor.user.pk else "people",
        "person": person,
        "mine": person.user_id == request.actor.user.pk,
        "load": load,
        "letters": [item for item in letters if item["row"].letter in "AR"],
        "others": [item for item in letters if item["row"].letter in "CI"],
        "roles": _roles(load),
    }
    return render(request, "projects/answers.html", context)


@page("responsibility.handover", post="responsibility.handover")
def handover(request: OfficeRequest, org: str, pk: int) -> HttpResponseBase:
    """Hand all that a person answers for to another: shown first, done when confirmed."""
    actor = request.actor
    person = _person(actor, str(pk), "person")
    refusal = ""
    if request.method == "POST":
        try:
            taker = _person(actor, request.POST.get("to", ""), "to")
            moved = person_handover(actor=actor, from_id=person.pk, to_id=taker.pk)
        except ApplicationError as error:
            refusal = error.message
        else:
            messages.success(
                request,
                ngettext(
                    "%(count)d thing handed from %(giver)s to %(taker)s.",
                    "%(count)d things handed from %(giver)s to %(taker)s.",
                    moved,
                )
                % {"count": moved, "giver": person.name, "taker": taker.name},
            )
            return redirect("projects:person-answers", org, taker.pk)
    load = load_of(actor, person, "responsibility.handover")
    given = request.POST.get("to") or request.GET.get("to", "")
    context = {
        "nav_active": "people",
        "person": person,
        "load": load,
        "roles": [
            (str(Project._meta.get_field(role).verbose_name).capitalize(), project) for role, project in load.roles
        ],
        "letters": [(row, dict(KINDS)[subject_kind(row)], subject_name(row)) for row in load.letters],
        "people": people_for(actor, "people.view").exclude(pk=person.pk).order_by("name")[:MOST],
        "to": given,
        "refusal": refusal,
    }
    return render(request, "projects/handover.html", context, status=422 if refusal else 200)
