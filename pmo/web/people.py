"""Who is who, and who may do what here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.listings.people import PEOPLE
from pmo.models import Role
from pmo.selectors.actors import Actor
from pmo.selectors.office import people_for
from pmo.services.organisations import membership_revoke, person_create
from pmo.services.people import member_add
from pmo.web.forms import Amount, attempt, done, form_page
from pmo.web.listing import ListPage, list_page
from pmo.web.pages import OfficeRequest, page


class PersonForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)


class RoleForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        help_text=gettext_lazy("Who has no account yet sets a password by the reset link of the sign-in page."),
    )
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=200, required=False, help_text=gettext_lazy("For a new account.")
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices, initial=Role.PROJECT_MANAGER)
    approval_limit = Amount(
        label=gettext_lazy("May approve up to"),
        required=False,
        help_text=gettext_lazy("Only for roles that approve budgets; empty means without limit."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["approval_limit"].label = _("May approve up to, in %s") % actor.organisation.currency


@page("people.view")
def people(request: OfficeRequest, org: str) -> HttpResponseBase:
    """Everybody named here; their roles for those who may see them."""
    actor = request.actor
    shown = list_page(
        request, PEOPLE, people_for(actor, "people.view"), actor.allows, menus=("account",), stem="people"
    )
    if not isinstance(shown, ListPage):
        return shown
    return render(request, "pmo/people.html", {"list": shown, "nav_active": "people"})


@page("people.manage", post="people.manage")
def person_new(request: OfficeRequest, org: str) -> HttpResponse:
    """Name somebody, with or without an account."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = attempt(form, lambda: person_create(actor=request.actor, **form.cleaned_data))
        if person is not None:
            return done(request, _("%s is named.") % person, _home(org))
    return form_page(request, "pmo/person_new.html", form, {"nav_active": "people"})


@page("office.manage", post="office.manage")
def role_new(request: OfficeRequest, org: str) -> HttpResponse:
    """Give somebody a role."""
    form = RoleForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        membership = attempt(form, lambda: member_add(actor=request.actor, **form.cleaned_data))
        if membership is not None:
            said = {"who": membership.user, "role": membership.get_role_display()}
            return done(request, _("%(who)s has the role of %(role)s now.") % said, _home(org))
    return form_page(request, "pmo/role_new.html", form, {"nav_active": "people"})


@page("people.view", post="office.manage")
def role_revoke(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """Take a role away; refused from that person's next request on."""
    if request.method != "POST":
        return redirect("pmo:people", org)
    membership_revoke(actor=request.actor, membership_id=pk)
    return done(request, _("The role is taken away."), _home(org))


def _home(org: str) -> str:
    return reverse("pmo:people", args=[org])
