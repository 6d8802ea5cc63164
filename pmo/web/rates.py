"""The organisation's exchange rates: the list, one more, or a pasted table of them."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pmo.listings.rates import EXCHANGE_RATES
from pmo.selectors.rates import rates_for
from pmo.services.rates import rates_paste
from pmo.web.forms import attempt, done
from pmo.web.listing import ListPage, list_page
from pmo.web.pages import OfficeRequest, page


class RatesForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Rates, one a line: base, quote, rate, date"),
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "EUR,GBP,0.8512,2026-03-31", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Typed, or pasted from a spreadsheet or CSV file. All lines are taken or none; of one pair and day the "
            "last recorded counts."
        ),
    )


@page("rate.view", post="rate.edit")
def rates(request: OfficeRequest, org: str) -> HttpResponseBase:
    """What currencies were worth, and the form that records more."""
    actor = request.actor
    form = RatesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        recorded = attempt(form, lambda: rates_paste(actor=actor, text=form.cleaned_data["text"]))
        if recorded is not None:
            said = ngettext("%d rate recorded.", "%d rates recorded.", len(recorded)) % len(recorded)
            return done(request, said, reverse("pmo:rates", args=[org]))
    shown = list_page(request, EXCHANGE_RATES, rates_for(actor, "rate.view"), actor.allows, stem="exchange-rates")
    if not isinstance(shown, ListPage):
        return shown
    context = {"list": shown, "form": form, "nav_active": "rates", "title": _("Exchange rates")}
    response: HttpResponse = render(request, "pmo/rates.html", context, status=422 if form.errors else 200)
    return response
