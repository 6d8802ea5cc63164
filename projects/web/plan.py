"""The plan of one project: its phases as a living checklist, worked on in place."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.kit.errors import ApplicationError, NotFound
from pmo.kit.parameters import parse_value
from pmo.models import Obligation, Person
from pmo.selectors.actors import person_of
from pmo.selectors.clock import today_in
from pmo.web.forms import Day, attempt, done, form_page
from pmo.web.pages import OfficeRequest, page
from projects.models import Evidence, Project, ProjectActivity
from projects.selectors.checklist import ItemShown, PhaseShown, checklist_of, next_of
from projects.services.checklist_items import (
    project_activity_add,
    project_activity_update,
    project_deliverable_decide,
    project_deliverable_submit,
    project_deliverable_update,
)
from projects.services.checklists import checklists_lay
from projects.services.evidence import evidence_add, evidence_withdraw
from projects.services.projects import project_update
from projects.web.subpage import subpage

SHOWS = ("", "mine", "overdue", "open")


class ItemForm(forms.Form):
    """Who, until when, and where an activity stands; of a deliverable only the first two."""

    person = forms.ModelChoiceField(
        label=gettext_lazy("Assigned to"), queryset=None, required=False, empty_label=gettext_lazy("Nobody yet")
    )
    due = forms.DateField(label=gettext_lazy("Due"), widget=Day(), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), choices=ProjectActivity.State.choices)
    done_on = forms.DateField(
        label=gettext_lazy("Done on"), widget=Day(), required=False, help_text=gettext_lazy("Empty: today.")
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, item: ItemShown, organisation: Any, **kwargs: Any) -> None:
        row = item.row
        activity = item.kind == "activity"
        initial = {"person": row.assigned_to_id if activity else row.owner_id, "due": row.due}
        if activity:
            initial |= {"state": row.state, "done_on": row.done_on, "note": row.note}
        super().__init__(*args, initial=initial, **kwargs)
        people = Person.objects.filter(organisation=organisation).order_by("name")
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        if not activity:
            self.fields["person"].label = _("Owner")
            for name in ("state", "done_on", "note"):
                del self.fields[name]


class OwnActivityForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("What is to be done"), max_length=200)
    phase = forms.ModelChoiceField(label=gettext_lazy("Phase"), queryset=None, empty_label=None)
    person = forms.ModelChoiceField(
        label=gettext_lazy("Assigned to"), queryset=None, required=False, empty_label=gettext_lazy("Nobody yet")
    )
    due = forms.DateField(label=gettext_lazy("Due"), widget=Day(), required=False)
    obligation = forms.ChoiceField(
        label=gettext_lazy("Obligation"), choices=Obligation.choices, initial=Obligation.RECOMMENDED
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Person.objects.filter(organisation_id=project.organisation_id).order_by("name")
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        self.fields["phase"].queryset = project.phases.order_by("order")  # type: ignore[attr-defined]


@page("project.view")
def plan(request: OfficeRequest, org: str, code: str) -> HttpResponse:
    """Every phase with its activities, deliverables and gates; `?show=` mine, overdue, open."""
    project, context = subpage(request, code, "project.view", "plan")
    show = request.GET.get("show", "")
    if show not in SHOWS:
        raise ApplicationError(_("“%s” is not a part of the plan.") % show, field="show", code="unknown_choice")
    phases = _phases(request, project)
    items = [item for phase in phases for item in phase.items]
    for phase in phases:
        phase.shown = [item for item in phase.items if _wanted(item, show)]
    counts = {name: sum(1 for item in items if _wanted(item, name)) for name in SHOWS}
    names = {"": _("All"), "mine": _("Mine"), "overdue": _("Overdue"), "open": _("Open")}
    context |= {
        "phases": phases,
        "show": show,
        "next_item": next_of(phases),
        "views": [
            {"name": names[key], "href": f"?show={key}" if key else "?", "count": counts[key], "current": key == show}
            for key in SHOWS
        ],
        "total": len(items),
        "following": _following(project, phases),
        "conditions": project.gate_conditions.filter(met_on__isnull=True, review__state="decided")
        .select_related("owner", "review__gate")
        .order_by("due"),
        "today": today_in(request.actor.organisation),
    }
    return render(request, "projects/plan.html", context)


@page("project.view", post="project.edit")
def phase_enter(request: OfficeRequest, org: str, code: str) -> HttpResponse:
    """Go on to another phase, through its gate."""
    if request.method != "POST":
        return redirect("projects:plan", org, code)
    project, _context = subpage(request, code, "project.edit", "plan")
    phase = project.phases.filter(pk=parse_value("phase", request.POST.get("phase", ""), "id")).first()
    if phase is None:
        raise NotFound
    version = parse_value("version", request.POST.get("version", ""), "id")
    project_update(actor=request.actor, project_id=project.pk, version=version, values={"phase": phase})
    return done(request, _("The project is in “%s” now.") % phase, reverse("projects:plan", args=[org, code]))


@page("project.view", post="project.edit")
def plan_lay(request: OfficeRequest, org: str, code: str) -> HttpResponse:
    """Lay the checklist of a project that has none."""
    if request.method != "POST":
        return redirect("projects:plan", org, code)
    project, _context = subpage(request, code, "project.edit", "plan")
    if not checklists_lay(project.organisation_id, [project.pk]):
        raise ApplicationError(
            _("There is nothing to lay: the project has a checklist, or no phase of its standard."), code="nothing",
            status=409,
        )  # fmt: skip
    return done(request, _("The checklist of the standard is laid."), reverse("projects:plan", args=[org, code]))


@page("checklist.edit", post="checklist.edit")
def activity_new(request: OfficeRequest, org: str, code: str) -> HttpResponse:
    """Add an activity of the project's own."""
    project, context = subpage(request, code, "checklist.edit", "plan")
    form = OwnActivityForm(request.POST or None, project=project, initial={"phase": project.phase_id})
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        made = attempt(
            form,
            lambda: project_activity_add(
                actor=request.actor, project_id=project.pk, project_phase_id=sent["phase"].pk, name=sent["name"],
                due=sent["due"], assigned_to=sent["person"], obligation=sent["obligation"],
            ),
        )  # fmt: skip
        if made is not None:
            return done(request, _("“%s” is added.") % made, reverse("projects:plan", args=[org, code]))
    return form_page(request, "projects/plan_add.html", form, context)


@page("project.view", post="checklist.edit")
def plan_item(request: OfficeRequest, org: str, code: str, kind: str, pk: int) -> HttpResponse:
    """One activity or deliverable with its reason, evidence and waiver; posting changes who, when and its state."""
    project, context = subpage(request, code, "project.view", "plan")
    item = _item(request, project, kind, pk)
    form = ItemForm(request.POST or None, item=item, organisation=request.actor.organisation)
    if request.method == "POST" and form.is_valid():
        sent = dict(form.cleaned_data)
        sent["assigned_to" if kind == "activity" else "owner"] = sent.pop("person")
        change = project_activity_update if kind == "activity" else project_deliverable_update
        key = {"activity_id": pk} if kind == "activity" else {"deliverable_id": pk}
        made = attempt(form, lambda: change(actor=request.actor, version=_version(request), values=sent, **key))  # type: ignore[operator]
        if made is not None:
            return done(
                request, _("“%s” is kept.") % made, reverse("projects:plan", args=[org, code]) + f"#{kind}-{pk}"
            )
    return form_page(request, "projects/plan_item.html", form, {**context, "item": item, "own": _own(request, item)})


@page("project.view", post="checklist.edit")
def activity_tick(request: OfficeRequest, org: str, code: str, pk: int) -> HttpResponse:
    """Say that an activity is done, or take that back; the line alone for htmx."""
    if request.method != "POST":
        return redirect("projects:plan", org, code)
    project, context = subpage(request, code, "checklist.edit", "plan")
    item = _item(request, project, "activity", pk)
    state = "open" if item.finished else "done"
    project_activity_update(actor=request.actor, activity_id=pk, version=_version(request), values={"state": state})
    if not request.htmx:
        said = _("“%s” is done.") if state == "done" else _("“%s” is open again.")
        return done(request, said % item.row, reverse("projects:plan", args=[org, code]) + f"#activity-{pk}")
    phases = _phases(request, project)
    place = next(phase for phase in phases if any(_is(each, "activity", pk) for each in phase.items))
    shown = {**context, "item": next(each for each in place.items if _is(each, "activity", pk)), "place": place}
    response = render(request, "projects/_plan_ticked.html", {**shown, "next_item": next_of(phases)})
    patch_vary_headers(response, ["HX-Request"])
    return response


@page("project.view", post="checklist.edit")
def deliverable_submit(request: OfficeRequest, org: str, code: str, pk: int) -> HttpResponse:
    """Hand a deliverable in."""
    if request.method != "POST":
        return redirect("projects:plan-item", org, code, "deliverable", pk)
    row = project_deliverable_submit(actor=request.actor, deliverable_id=pk, version=_version(request))
    return done(request, _("“%s” is handed in. Somebody else accepts it.") % row, _place(org, code, "deliverable", pk))


@page("project.view", post="deliverable.decide")
def deliverable_decide(request: OfficeRequest, org: str, code: str, pk: int) -> HttpResponse:
    """Accept a deliverable, or return it with the reason."""
    if request.method != "POST":
        return redirect("projects:plan-item", org, code, "deliverable", pk)
    accept = request.POST.get("decision") == "accept"
    row = project_deliverable_decide(
        actor=request.actor, deliverable_id=pk, version=_version(request), accept=accept,
        reason=request.POST.get("reason", "")[:10_000],
    )  # fmt: skip
    said = _("“%s” is accepted.") if accept else _("“%s” is returned.")
    return done(request, said % row, _back(request, _place(org, code, "deliverable", pk)))


@page("project.view", post="checklist.edit")
def evidence_new(request: OfficeRequest, org: str, code: str, kind: str, pk: int) -> HttpResponse:
    """Attach a link or a file to an activity, a deliverable or a review."""
    place = _place(org, code, kind, pk)
    if request.method != "POST":
        return redirect(place)
    row = evidence_add(
        actor=request.actor, kind=kind, object_id=pk, title=request.POST.get("title", "")[:200],
        url=request.POST.get("url", ""), upload=request.FILES.get("upload"),
        criterion=request.POST.get("criterion", "")[:60],
    )  # fmt: skip
    return done(request, _("“%s” is attached.") % row, place)


@page("project.view", post="checklist.edit")
def evidence_gone(request: OfficeRequest, org: str, code: str, pk: int) -> HttpResponse:
    """Withdraw evidence, with the reason."""
    if request.method != "POST":
        return redirect("projects:plan", org, code)
    gone = evidence_withdraw(actor=request.actor, evidence_id=pk, reason=request.POST.get("reason", ""))
    kind = "activity" if gone.activity_id else "deliverable" if gone.deliverable_id else "review"
    place = _place(org, code, kind, gone.activity_id or gone.deliverable_id or gone.review_id or 0)
    return done(request, _("It is withdrawn, and stays on record."), place)


@page("export.run")
def evidence_file(request: OfficeRequest, org: str, code: str, pk: int) -> HttpResponse:
    """The file itself, always as a download."""
    project, _context = subpage(request, code, "export.run", "plan")
    row = Evidence.objects.filter(project=project, pk=pk).exclude(file="").first()
    if row is None or not default_storage.exists(row.file):
        raise NotFound
    name = row.file.rsplit("/", 1)[-1]
    response = FileResponse(default_storage.open(row.file), as_attachment=True, filename=name)
    response["Content-Type"] = "application/octet-stream"
    response["X-Content-Type-Options"] = "nosniff"
    return response  # type: ignore[return-value]


def _phases(request: OfficeRequest, project: Project) -> list[PhaseShown]:
    person = person_of(request.actor)
    return checklist_of(project, today_in(request.actor.organisation), person.pk if person is not None else None)


def _wanted(item: ItemShown, show: str) -> bool:
    return {"": True, "mine": item.mine, "overdue": item.overdue, "open": not item.settled}[show]


def _is(item: ItemShown, kind: str, pk: int) -> bool:
    return item.kind == kind and item.row.pk == pk


def _item(request: OfficeRequest, project: Project, kind: str, pk: int) -> ItemShown:
    for phase in _phases(request, project):
        for item in (*phase.items, *phase.left_out):
            if _is(item, kind, pk):
                return item
    raise NotFound


def _following(project: Project, phases: list[PhaseShown]) -> PhaseShown | None:
    """The phase after the current one."""
    place = next((index for index, phase in enumerate(phases) if phase.current), None)
    return phases[place + 1] if place is not None and place + 1 < len(phases) else None


def _own(request: OfficeRequest, item: ItemShown) -> bool:
    return item.kind == "deliverable" and item.row.submitted_by_id == request.actor.user.pk


def _place(org: str, code: str, kind: str, pk: int) -> str:
    if kind == "review":
        return reverse("projects:review", args=[org, code, pk])
    return reverse("projects:plan-item", args=[org, code, kind, pk])


def _back(request: OfficeRequest, place: str) -> str:
    """The page of what waits for somebody, where the form stood there; else the given one."""
    waiting = reverse("projects:waiting", args=[request.actor.organisation.slug])
    return waiting if request.POST.get("from") == "waiting" else place


def _version(request: OfficeRequest) -> int:
    version: int = parse_value("version", request.POST.get("version", ""), "id")
    return version
