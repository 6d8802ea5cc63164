"""An estimate to complete by month: a grid of months and categories, begun with what the budget still plans."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.kit.figures import money
from pmo.selectors.clock import status_date_of
from pmo.web.forms import Amount, Day, attempt, done, form_page
from pmo.web.pages import OfficeRequest, page
from projects.analysis.periods import month_index, month_last
from projects.models import Category, Project
from projects.selectors.remaining import left_by_month
from projects.services.forecasts import EtcLine, etc_record
from projects.web.subpage import subpage

FEWEST, MOST = 3, 24


class EtcForm(forms.Form):
    """A field `<yyyy-mm>:<category>` for each cell."""

    status_date = forms.DateField(label=gettext_lazy("As at"), widget=Day())
    note = forms.CharField(
        label=gettext_lazy("Why"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any, *, project: Project, day: date) -> None:
        planned = left_by_month(project, day)
        super().__init__(data, initial={"status_date": day})
        self.categories = sorted({category for _month, category in planned}) or ["other"]
        last = max([month for month, _category in planned], default=day)
        ahead = min(max(month_index(last) - month_index(day), FEWEST), MOST)
        self.months = [month_last(month_index(day) + step).replace(day=1) for step in range(1, ahead + 1)]
        for month in self.months:
            for category in self.categories:
                label = f"{Category(category).label}, {month:%Y-%m}"
                amount = Amount(required=False, min_value=0, label=label, initial=planned.get((month, category)))
                self.fields[f"{month:%Y-%m}:{category}"] = amount

    @property
    def heads(self) -> list[str]:
        return [str(Category(category).label) for category in self.categories]

    @property
    def grid(self) -> list[tuple[date, list[forms.BoundField]]]:
        return [(month, [self[f"{month:%Y-%m}:{category}"] for category in self.categories]) for month in self.months]

    def lines(self) -> list[EtcLine]:
        """What was typed; empty cells and zeros are no lines."""
        cells = [(m, c, self.cleaned_data.get(f"{m:%Y-%m}:{c}")) for m in self.months for c in self.categories]
        return [EtcLine(month, Decimal(amount), category) for month, category, amount in cells if amount]


@page("project.edit", post="project.edit")
def etc(request: OfficeRequest, org: str, code: str) -> HttpResponse:
    """State what each month ahead will cost."""
    project, context = subpage(request, code, "project.edit")
    actor = request.actor
    form = EtcForm(request.POST or None, project=project, day=status_date_of(actor.organisation))
    if request.method == "POST" and form.is_valid():
        change = {"status_date": form.cleaned_data["status_date"], "note": form.cleaned_data["note"]}
        kept = attempt(form, lambda: etc_record(actor=actor, project_id=project.pk, lines=form.lines(), **change))
        if kept is not None:
            said = _("Recorded: %s in all. The figures follow in a moment.") % money(kept.eac, project.currency)
            return done(request, said, reverse("portfolio:project", args=[org, code]))
    return form_page(request, "projects/etc.html", form, context)
