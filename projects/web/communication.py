"""The communication plan of a project, what is due of it, and what is due in all projects within reach."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.kit.errors import NotFound
from pmo.kit.parameters import parse_value
from pmo.models import Person
from pmo.selectors.actors import Actor
from pmo.selectors.clock import today_in
from pmo.web.forms import Day, attempt, done, form_page
from pmo.web.pages import OfficeRequest, page
from projects.analysis.communication import STATES
from projects.models import CommunicationPlanItem, Project
from projects.selectors.projects import projects_for
from projects.selectors.stakeholders import DueShown, due_shown, plan_items_for, stakeholders_for
from projects.services.communication import communication_mark, plan_item_create, plan_item_stop, plan_item_update
from projects.web.stakeholders import EDIT, VIEW, people_choices
from projects.web.subpage import subpage

SEND: Final = "communication.send"
PEOPLE: Final = 100  # in the menu of that list
ROWS: Final = 200  # of the list over all projects
WORDS: Final = {
    "missed": gettext_lazy("Missed"),
    "due": gettext_lazy("Due"),
    "sent": gettext_lazy("Sent"),
    "left_out": gettext_lazy("Left out"),
}


class PlanItemForm(forms.Form):
    message = forms.CharField(
        label=gettext_lazy("Message"), max_length=300, help_text=gettext_lazy("What is told, such as “Monthly status”.")
    )
    purpose = forms.CharField(
        label=gettext_lazy("What for"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 2})
    )
    audience = forms.TypedMultipleChoiceField(
        label=gettext_lazy("For whom"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=CommunicationPlanItem.Channel.choices)
    cadence = forms.ChoiceField(
        label=gettext_lazy("How often"), choices=CommunicationPlanItem.Cadence.choices, initial="monthly"
    )
    starts_on = forms.DateField(
        label=gettext_lazy("First on"), widget=Day(),
        help_text=gettext_lazy("Monthly messages keep this day of the month, or the last one of a shorter month."),
    )  # fmt: skip
    ends_on = forms.DateField(label=gettext_lazy("Not after"), widget=Day(), required=False)
    responsible = forms.TypedChoiceField(
        label=gettext_lazy("Responsible"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, actor: Actor, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["responsible"].choices = people_choices(actor)  # type: ignore[attr-defined]
        rows = stakeholders_for(actor, VIEW).filter(project=project).order_by("name")
        self.fields["audience"].choices = list(rows.values_list("pk", "name"))  # type: ignore[attr-defined]
        if not self.fields["audience"].choices:  # type: ignore[attr-defined]
            self.fields["audience"].help_text = _("Nobody is in the register of stakeholders yet.")

    def values(self) -> tuple[dict[str, Any], list[int]]:
        """As the service takes them, and the audience."""
        values = dict(self.cleaned_data)
        values["responsible_id"] = values.pop("responsible")
        return values, values.pop("audience")


@page(VIEW)
def communication(request: OfficeRequest, org: str, code: str) -> HttpResponse:
    """The plan, and its dates: what was missed, what is due within two weeks, what was done lately."""
    project, context = subpage(request, code, VIEW, "stakeholders")
    items = plan_items_for(request.actor, VIEW).filter(project=project)
    dates = due_shown(items, today_in(request.actor.organisation))
    context |= {
        "items": list(items.order_by("stopped_at", "starts_on", "pk")),
        "open": [_line(request.actor, each, context["can"]) for each in dates if each.state in ("missed", "due")],
        "done": [_line(request.actor, each, {}) for each in reversed(dates) if each.state in ("sent", "left_out")],
    }
    return render(request, "projects/communication.html", context)


@page(EDIT, post=EDIT)
def plan_item_new(request: OfficeRequest, org: str, code: str) -> HttpResponse:
    """Plan a message."""
    project, context = subpage(request, code, EDIT, "stakeholders")
    initial = {"starts_on": today_in(request.actor.organisation)}
    form = PlanItemForm(request.POST or None, actor=request.actor, project=project, initial=initial)
    if request.method == "POST" and form.is_valid():
        values, audience = form.values()
        change = {"actor": request.actor, "project_id": project.pk, "values": values, "audience": audience}
        if attempt(form, lambda: plan_item_create(**change)) is not None:
            return done(request, _("The message is planned."), _home(org, code))
    return form_page(request, "projects/communication_form.html", form, context)


@page(EDIT, post=EDIT)
def plan_item_edit(request: OfficeRequest, org: str, code: str, pk: int) -> HttpResponse:
    """Change a message of the plan."""
    project, context = subpage(request, code, EDIT, "stakeholders")
    row = _row(request.actor, project.pk, pk)
    names = [name for name in PlanItemForm.base_fields if name not in ("audience", "responsible")]
    initial = {name: getattr(row, name) for name in names} | {
        "audience": [heard.stakeholder_id for heard in row.audiences.all()],
        "responsible": row.responsible_id,
    }
    form = PlanItemForm(request.POST or None, actor=request.actor, project=project, initial=initial)
    if request.method == "POST" and form.is_valid():
        values, audience = form.values()
        version = parse_value("version", request.POST.get("version", ""), "id")
        change = {"actor": request.actor, "item_id": row.pk, "values": values, "audience": audience}
        if attempt(form, lambda: plan_item_update(**change, version=version)) is not None:
            return done(request, _("The message is changed."), _home(org, code))
    return form_page(request, "projects/communication_form.html", form, {**context, "row": row})


@page(VIEW, post=EDIT)
def plan_item_end(request: OfficeRequest, org: str, code: str, pk: int) -> HttpResponse:
    """Stop a message for good."""
    if request.method != "POST":
        return redirect("projects:communication", org, code)
    project, _context = subpage(request, code, EDIT)
    row = plan_item_stop(actor=request.actor, item_id=_row(request.actor, project.pk, pk).pk)
    return done(request, _("“%s” is stopped.") % row.message, _home(org, code))


@page(VIEW, post=SEND)
def mark(request: OfficeRequest, org: str, code: str, pk: int) -> HttpResponse:
    """Say that one date was sent or left out."""
    if request.method != "POST":
        return redirect("projects:communication", org, code)
    project, _context = subpage(request, code, SEND)
    row = _row(request.actor, project.pk, pk)
    due = parse_value("due", request.POST.get("due", ""), "date")
    state = request.POST.get("state", "")
    communication_mark(
        actor=request.actor, item_id=row.pk, due=due, state=state, note=request.POST.get("note", "")[:2_000]
    )
    said = _("“%s” is marked as sent.") if state == "sent" else _("“%s” is marked as left out.")
    place = (
        reverse("projects:communications-due", args=[org]) if request.POST.get("from") == "due" else _home(org, code)
    )
    return done(request, said % row.message, place)


@page(VIEW)
def communications_due(request: OfficeRequest, org: str) -> HttpResponse:
    """What is due or was missed in every project within reach; `?who=me`, `?project=` a code, `?state=`."""
    actor, given = request.actor, request.GET
    items = plan_items_for(actor, VIEW)
    code, who, state = given.get("project", ""), given.get("who", ""), given.get("state", "")
    if code:
        items = items.filter(project__code=code)
    if who == "me":
        items = items.filter(responsible__user=actor.user)
    elif who:
        items = items.filter(responsible=parse_value("who", who, "id"))
    dates = due_shown(items, today_in(actor.organisation))
    wanted = (state,) if state in STATES else ("missed", "due")
    found = [each for each in dates if each.state in wanted]
    shown = found[:ROWS]
    mine = projects_for(actor, EDIT).filter(pk__in={each.item.project_id for each in shown})
    keeps, may = set(mine.values_list("pk", flat=True)), actor.allows(SEND)
    people = _responsible(actor)
    context = {
        "nav_active": "communications",
        "rows": [
            _line(actor, each, {"stakeholder_edit": each.item.project_id in keeps, "communication_send": may})
            for each in shown
        ],
        "total": len(found),
        "states": [{"value": key, "text": WORDS[key], "count": None} for key in STATES],
        "state": state if state in STATES else "",
        "state_text": WORDS.get(state, _("missed or due")),
        "people": people,
        "who": who,
        "who_text": next((each["text"] for each in people if each["value"] == who), who),
        "code": code,
    }
    return render(request, "projects/communications_due.html", context)


def _responsible(actor: Actor) -> list[dict[str, Any]]:
    """Oneself, and everybody who is responsible for a message within reach."""
    items = plan_items_for(actor, VIEW).filter(stopped_at__isnull=True)
    rows = Person.objects.filter(organisation=actor.organisation, pk__in=items.values("responsible_id"))
    named = [(str(pk), name) for pk, name in rows.order_by("name").values_list("pk", "name")[:PEOPLE]]
    return [{"value": value, "text": text, "count": None} for value, text in [("me", _("Me")), *named]]


def _line(actor: Actor, each: DueShown, can: dict[str, bool]) -> dict[str, Any]:
    """One date with whether the reader may mark it."""
    person = each.item.responsible
    mine = person is not None and person.user_id == actor.user.pk
    may = can.get("stakeholder_edit") or (mine and can.get("communication_send"))
    return {"due": each, "word": WORDS[each.state], "may": bool(may) and each.done is None, "mine": mine}


def _row(actor: Actor, project: int, pk: int) -> CommunicationPlanItem:
    row = plan_items_for(actor, VIEW).filter(project=project, pk=pk).first()
    if row is None:
        raise NotFound(_("There is no such message here."))
    return row


def _home(org: str, code: str) -> str:
    return reverse("projects:communication", args=[org, code])
