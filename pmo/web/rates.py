"""The organisation's exchange rates: the list, one more, or a pasted table of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pmo.listings.rates import EXCHANGE_RATES
from pmo.selectors.rates import rates_for
from pmo.services.rates import Recorded, rates_paste, rates_preview
from pmo.web.forms import attempt, done
from pmo.web.listing import ListPage, list_page
from pmo.web.pages import OfficeRequest, page
from pmo.web.rates_file import text_of_file


class RatesForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Rates, one a line: base, quote, rate, date"),
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "EUR,GBP,0.8512,2026-03-31", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Typed, or pasted from a spreadsheet or CSV file. All lines are taken or none; of one pair and day the "
            "last recorded counts."
        ),
        required=False,
    )
    file = forms.FileField(
        label=gettext_lazy("Or a CSV or XLSX file with these four columns"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
    )

    def clean(self) -> dict[str, Any]:
        """The lines of the file, where there is one, take the place of what was typed."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("file"):
            given["text"] = attempt(self, lambda: text_of_file(given["file"])) or ""
        if not given.get("text") and not self.errors:
            self.add_error("text", _("Type or paste at least one rate, or choose a file."))
        return given


@page("rate.view", post="rate.edit")
def rates(request: OfficeRequest, org: str) -> HttpResponseBase:
    """What currencies were worth, and the form that records more."""
    actor = request.actor
    form = RatesForm(request.POST or None, request.FILES or None)
    preview: Recorded | None = None
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        if request.POST.get("step") == "look" or form.cleaned_data.get("file"):
            preview = attempt(form, lambda: rates_preview(actor=actor, text=text))
            if preview is not None:
                form = RatesForm(initial={"text": text})
        else:
            recorded = attempt(form, lambda: rates_paste(actor=actor, text=text))
            if recorded is not None:
                return done(request, _told(recorded), reverse("pmo:rates", args=[org]))
    shown = list_page(request, EXCHANGE_RATES, rates_for(actor, "rate.view"), actor.allows, stem="exchange-rates")
    if not isinstance(shown, ListPage):
        return shown
    context = {"list": shown, "form": form, "preview": preview, "nav_active": "rates", "title": _("Exchange rates")}
    response: HttpResponse = render(request, "pmo/rates.html", context, status=422 if form.errors else 200)
    return response


def _told(recorded: Recorded) -> str:
    said = ngettext("%d rate recorded.", "%d rates recorded.", len(recorded.new)) % len(recorded.new)
    if not recorded.unchanged:
        return said
    known = ngettext("%d was known as it stands.", "%d were known as they stand.", recorded.unchanged)
    return f"{said} {known % recorded.unchanged}"
