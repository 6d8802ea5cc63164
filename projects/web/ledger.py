"""The ledger of one project: list, export, posting and reversing."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.selectors.clock import today_in
from pmo.web.forms import Amount, Day, attempt, done, form_page
from pmo.web.listing import ListPage, list_page
from pmo.web.pages import OfficeRequest, page
from projects.listings.ledger import LEDGER
from projects.models import Category, CostEntry, Project
from projects.selectors.commitments import open_commitments
from projects.selectors.ledger import entries_for, vendor_names
from projects.services.costs import Posting, cost_entry_post, cost_entry_reverse
from projects.web.subpage import subpage

SOURCE = "form"


class CostForm(forms.Form):
    once = forms.UUIDField(widget=forms.HiddenInput, required=False)  # sent twice, it is posted once
    kind = forms.ChoiceField(label=gettext_lazy("Type"), choices=CostEntry.Kind.choices, initial="actual")
    amount = Amount(label=gettext_lazy("Amount"), help_text=gettext_lazy("Negative for a credit."))
    currency = forms.RegexField(
        r"^[A-Za-z]{3}$",
        label=gettext_lazy("Currency"),
        required=False,
        help_text=gettext_lazy("Another one is converted at the rate of the day of the cost."),
    )
    incurred_on = forms.DateField(label=gettext_lazy("Date of the cost"), widget=Day())
    category = forms.ChoiceField(label=gettext_lazy("Category"), choices=Category.choices, initial="services")
    project_phase = forms.TypedChoiceField(label=gettext_lazy("Phase"), coerce=int, empty_value=None, required=False)
    vendor_name = forms.CharField(label=gettext_lazy("Vendor"), max_length=200, required=False)
    reference = forms.CharField(label=gettext_lazy("Document reference"), max_length=120, required=False)
    description = forms.CharField(label=gettext_lazy("Description"), max_length=500, required=False)
    settles = forms.TypedChoiceField(
        label=gettext_lazy("Settles the order"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=gettext_lazy("An invoice takes its amount out of what is open of the order."),
    )
    reverse_on = forms.DateField(
        label=gettext_lazy("Reverses itself on"),
        widget=Day(),
        required=False,
        help_text=gettext_lazy("For accruals: on this day the opposite is posted."),
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].initial = project.currency
        self.fields["currency"].widget.attrs.update({"maxlength": "3", "autocomplete": "off"})
        phases = [(str(pk), name) for pk, name in project.phases.order_by("order").values_list("id", "name")]
        self.fields["project_phase"].choices = [("", _("Whole project")), *phases]  # type: ignore[attr-defined]
        orders = [(str(order.pk), _order_words(order)) for order in open_commitments(project.pk)]
        self.fields["settles"].choices = [("", _("No order")), *orders]  # type: ignore[attr-defined]
        self.fields["vendor_name"].widget.attrs.update({"list": "vendors", "autocomplete": "off"})
        self.fields["reference"].widget.attrs["placeholder"] = _("Invoice or order number")

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()


def _order_words(order: CostEntry) -> str:
    """'PO 4711, Brack Ltd: 1,250.40 open'."""
    said = {
        "order": ", ".join(part for part in (order.reference or f"#{order.pk}", str(order.vendor or "")) if part),
        "open": f"{order.open_amount:,.2f}",  # type: ignore[attr-defined]
    }
    return _("%(order)s: %(open)s open") % said


class ReverseForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It is kept in the ledger for good."),
    )
    incurred_on = forms.DateField(
        label=gettext_lazy("Date of the reversal"),
        widget=Day(),
        required=False,
        help_text=gettext_lazy("The entry's own date, or a later one where its month is closed."),
    )


@page("money.view")
def ledger(request: OfficeRequest, org: str, code: str) -> HttpResponseBase:
    """Every entry, filtered, sorted, exported."""
    project, context = subpage(request, code, "money.view", "ledger")
    shown = list_page(
        request,
        LEDGER,
        entries_for(request.actor, project),
        lambda action: action.replace(".", "_") in context["can"],
        menus=("kind", "category"),
        stem=f"{project.code}-ledger",
    )
    if not isinstance(shown, ListPage):
        return shown
    return render(request, "projects/ledger.html", {**context, "list": shown})


@page("cost.post", post="cost.post")
def cost_post(request: OfficeRequest, org: str, code: str) -> HttpResponse:
    """Post one cost."""
    project, context = subpage(request, code, "cost.post", "ledger")
    initial = {"incurred_on": today_in(request.actor.organisation), "once": uuid4(), **_settling(request, project)}
    form = CostForm(request.POST or None, initial=initial, project=project)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        phase_id, order_id = values.pop("project_phase"), values.pop("settles")
        once = str(values.pop("once") or uuid4())
        posting = Posting(
            project.pk, project_phase_id=phase_id, settles_id=order_id, source=SOURCE, external_id=once, **values
        )
        posted = attempt(form, lambda: cost_entry_post(actor=request.actor, posting=posting))
        if posted is not None:
            return done(request, _("Posted. The figures follow in a moment."), _home(org, code))
    return form_page(request, "projects/cost_post.html", form, {**context, "vendors": vendor_names(request.actor)})


@page("cost.reverse", post="cost.reverse")
def cost_reverse(request: OfficeRequest, org: str, code: str, pk: int) -> HttpResponse:
    """Correct one entry by its opposite."""
    project, context = subpage(request, code, "cost.reverse", "ledger")
    entry = get_object_or_404(entries_for(request.actor, project), pk=pk)
    form = ReverseForm(request.POST or None, initial={"incurred_on": entry.incurred_on})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(form, lambda: cost_entry_reverse(actor=request.actor, entry_id=entry.pk, **given)) is not None:
            return done(request, _("Reversed. Both entries stay in the ledger."), _home(org, code))
    return form_page(request, "projects/cost_reverse.html", form, {**context, "entry": entry})


def _settling(request: OfficeRequest, project: Project) -> dict[str, Any]:
    """What the form starts with where somebody settles an order from the ledger."""
    pk = request.GET.get("settles", "")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return {}
    order = next((one for one in open_commitments(project.pk) if one.pk == int(pk)), None)
    if order is None:
        return {}
    return {
        "settles": order.pk,
        "amount": order.open_amount,  # type: ignore[attr-defined]
        "category": order.category,
        "project_phase": order.project_phase_id,
        "vendor_name": str(order.vendor or ""),
        "description": order.description,
    }


def _home(org: str, code: str) -> str:
    return reverse("portfolio:project", args=[org, code])
