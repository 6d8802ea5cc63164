"""API tokens: one's own, made, shown once, revoked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.analysis.permissions import READ_ONLY_ROLES, SCOPES
from pmo.selectors.actors import Actor
from pmo.selectors.office import tokens_for
from pmo.services.tokens import LONGEST, token_create, token_revoke
from pmo.web.forms import attempt, done
from pmo.web.pages import OfficeRequest, page


class TokenForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy("What will use it, such as “finance export”."),
    )
    days = forms.IntegerField(label=gettext_lazy("Valid for, in days"), min_value=1, max_value=LONGEST, initial=90)
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("May"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one.")},
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reads_only = actor.roles <= READ_ONLY_ROLES
        offered = [scope for scope in SCOPES if not reads_only or scope.endswith(":read")]
        self.fields["scopes"].choices = [(scope, scope) for scope in offered]  # type: ignore[attr-defined]


@page("token.own", post="token.own")
def tokens(request: OfficeRequest, org: str) -> HttpResponse:
    """The list, and the form that makes one. A token's text is in the answer to that form and nowhere else."""
    form = TokenForm(request.POST or None, actor=request.actor)
    secret, made, status = "", None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            answer = attempt(form, lambda: token_create(actor=request.actor, **form.cleaned_data))
            if answer is not None:
                (made, secret), status, form = answer, 200, TokenForm(actor=request.actor)
    context = {
        "form": form,
        "made": made,
        "secret": secret,
        "tokens": tokens_for(request.actor, "token.own"),
        "now": timezone.now(),
        "nav_active": "tokens",
    }
    response = render(request, "pmo/tokens.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@page("token.own", post="token.own")
def revoke(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """Refuse a token from the next request on."""
    if request.method != "POST":
        return redirect("pmo:tokens", org)
    token = token_revoke(actor=request.actor, token_id=pk)
    return done(request, _("“%s” is revoked.") % token.name, reverse("pmo:tokens", args=[org]))
