"""Stakeholders of a project: the register, the grid of interest and influence, entering and changing one."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.kit.errors import NotFound
from pmo.kit.parameters import parse_value
from pmo.selectors.actors import Actor
from pmo.selectors.office import people_for
from pmo.web.forms import attempt, done, form_page
from pmo.web.listing import ListPage, list_page
from pmo.web.pages import OfficeRequest, page
from projects.listings.stakeholders import STAKEHOLDERS
from projects.models import Stakeholder
from projects.selectors.stakeholders import SYMBOLS, grid_of, stakeholders_for
from projects.services.stakeholders import stakeholder_create, stakeholder_remove, stakeholder_update
from projects.web.subpage import subpage

VIEW: Final = "stakeholder.view"
EDIT: Final = "stakeholder.edit"
MOST: Final = 2_000  # people to choose from
ADVICE: Final = {
    "close": gettext_lazy("Work with closely"),
    "satisfied": gettext_lazy("Keep satisfied"),
    "informed": gettext_lazy("Keep informed"),
    "watched": gettext_lazy("Keep an eye on"),
}


def people_choices(actor: Actor) -> list[tuple[str, str]]:
    """Everybody named in the organisation, for a form."""
    rows = people_for(actor, "people.view").order_by("name").values_list("pk", "name")[:MOST]
    return [("", "–"), *((str(pk), name) for pk, name in rows)]


class StakeholderForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    group = forms.CharField(
        label=gettext_lazy("Group"), max_length=200, required=False,
        help_text=gettext_lazy("A unit, a company, the public."),
    )  # fmt: skip
    person = forms.TypedChoiceField(
        label=gettext_lazy("Person of the office"), coerce=int, empty_value=None, required=False
    )
    interest = forms.TypedChoiceField(label=gettext_lazy("Interest"), coerce=int)
    influence = forms.TypedChoiceField(label=gettext_lazy("Influence"), coerce=int)
    stance = forms.ChoiceField(label=gettext_lazy("Stance now"), choices=Stakeholder.Stance.choices)
    wanted_stance = forms.ChoiceField(
        label=gettext_lazy("Stance wanted"), required=False, choices=[("", "–"), *Stakeholder.Stance.choices]
    )
    expectations = forms.CharField(
        label=gettext_lazy("Expectations"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scale = [("1", _("1 low")), ("2", "2"), ("3", "3"), ("4", "4"), ("5", _("5 high"))]
        for name in ("interest", "influence"):
            self.fields[name].choices = scale  # type: ignore[attr-defined]
            self.fields[name].initial = 3
        self.fields["person"].choices = people_choices(actor)  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """As the service takes them."""
        values = dict(self.cleaned_data)
        values["person_id"] = values.pop("person")
        return values


@page(VIEW)
def stakeholders(request: OfficeRequest, org: str, code: str) -> HttpResponseBase:
    """The register, filtered and sorted, above the grid of everybody."""
    project, context = subpage(request, code, VIEW, "stakeholders")
    rows = stakeholders_for(request.actor, VIEW).filter(project=project)
    shown = list_page(request, STAKEHOLDERS, rows, request.actor.allows, menus=("stance",), stem=f"{code}-stakeholders")
    if not isinstance(shown, ListPage):
        return shown
    everybody = list(rows.order_by("name"))
    context |= {
        "list": shown,
        "grid": grid_of(everybody),
        "everybody": everybody,
        "advice": ADVICE,
        "scale": range(1, 6),
        "legend": [(SYMBOLS[key], word) for key, word in Stakeholder.Stance.choices],
    }
    return render(request, "projects/stakeholders.html", context)


@page(EDIT, post=EDIT)
def stakeholder_new(request: OfficeRequest, org: str, code: str) -> HttpResponse:
    """Enter somebody."""
    project, context = subpage(request, code, EDIT, "stakeholders")
    form = StakeholderForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form, lambda: stakeholder_create(actor=request.actor, project_id=project.pk, values=form.values())
        )
        if made is not None:
            return done(request, _("“%s” is in the register.") % made.name, _home(org, code))
    return form_page(request, "projects/stakeholder_form.html", form, context)


@page(EDIT, post=EDIT)
def stakeholder_edit(request: OfficeRequest, org: str, code: str, pk: int) -> HttpResponse:
    """Change what is known of somebody."""
    project, context = subpage(request, code, EDIT, "stakeholders")
    row = _row(request.actor, project.pk, pk)
    initial = {name: getattr(row, name) for name in StakeholderForm.base_fields if name != "person"}
    form = StakeholderForm(request.POST or None, actor=request.actor, initial=initial | {"person": row.person_id})
    if request.method == "POST" and form.is_valid():
        version = parse_value("version", request.POST.get("version", ""), "id")
        values = form.values()
        change = {"actor": request.actor, "stakeholder_id": row.pk, "values": values, "version": version}
        if attempt(form, lambda: stakeholder_update(**change)) is not None:
            return done(request, _("“%s” is changed.") % values["name"], _home(org, code))
    return form_page(request, "projects/stakeholder_form.html", form, {**context, "row": row})


@page(VIEW, post=EDIT)
def stakeholder_gone(request: OfficeRequest, org: str, code: str, pk: int) -> HttpResponse:
    """Take somebody off the register."""
    if request.method != "POST":
        return redirect("projects:stakeholders", org, code)
    project, _context = subpage(request, code, EDIT)
    row = _row(request.actor, project.pk, pk)
    stakeholder_remove(actor=request.actor, stakeholder_id=row.pk)
    return done(request, _("“%s” is off the register.") % row.name, _home(org, code))


def _row(actor: Actor, project: int, pk: int) -> Stakeholder:
    row = stakeholders_for(actor, VIEW).filter(project=project, pk=pk).first()
    if row is None:
        raise NotFound(_("There is no such stakeholder here."))
    return row


def _home(org: str, code: str) -> str:
    return reverse("projects:stakeholders", args=[org, code])
