"""How each phase of a project is measured, and what that has earned."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.web.forms import attempt, done
from pmo.web.pages import OfficeRequest, page
from projects.analysis.explain import explain
from projects.models import MeasurementMethod, Project, ProjectPhase
from projects.selectors.performance import measured
from projects.services.phase_methods import MilestoneDraft, phase_method_set
from projects.web.subpage import subpage


class MethodForm(forms.Form):
    method = forms.ChoiceField(label=gettext_lazy("Measured by"), choices=MeasurementMethod.choices)
    units_total = forms.DecimalField(
        label=gettext_lazy("Units in all"), max_digits=14, decimal_places=2, required=False,
        help_text=gettext_lazy("For units complete."),
    )  # fmt: skip
    apportioned_to = forms.TypedChoiceField(
        label=gettext_lazy("Follows"), coerce=int, empty_value=None, required=False,
        help_text=gettext_lazy("For apportioned effort: the phase whose share it takes."),
    )  # fmt: skip
    milestones = forms.CharField(
        label=gettext_lazy("Milestones"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("For weighted milestones, one a line: name; weight; planned date as 2026-03-31."),
    )  # fmt: skip

    def __init__(self, *args: Any, phase: ProjectPhase, phases: list[ProjectPhase], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [(str(each.pk), each.name) for each in phases if each.pk != phase.pk]
        self.fields["apportioned_to"].choices = [("", "–"), *others]  # type: ignore[attr-defined]

    def clean_milestones(self) -> list[MilestoneDraft]:
        """The lines as drafts."""
        drafts = []
        for line in self.cleaned_data["milestones"].splitlines():
            if line.strip():
                name, weight, planned = [part.strip() for part in (*line.split(";"), "", "")[:3]]
                try:
                    on = date.fromisoformat(planned) if planned else None
                    drafts.append(MilestoneDraft(name, Decimal(weight or "1"), on))
                except (ValueError, InvalidOperation):
                    raise forms.ValidationError(
                        _("“%s” is not a name, a weight and a date as 2026-03-31.") % line.strip()
                    ) from None
        return drafts


@page("project.edit", post="project.edit")
def phases(request: OfficeRequest, org: str, code: str) -> HttpResponse:
    """Every phase with its method; posting sets that of one."""
    project, context = subpage(request, code, "project.edit")
    rows = list(project.phases.order_by("order").prefetch_related("milestones"))
    posted: tuple[int, MethodForm] | None = None
    if request.method == "POST":
        raw = request.POST.get("phase", "")
        phase = get_object_or_404(project.phases, pk=int(raw) if raw.isdecimal() and len(raw) < 19 else 0)
        form = MethodForm(request.POST, phase=phase, phases=rows, auto_id=f"id_{phase.pk}_%s")
        if form.is_valid():
            values = dict(form.cleaned_data)
            other = values.pop("apportioned_to")
            change = {"actor": request.actor, "phase_id": phase.pk, "apportioned_to_id": other, **values}
            if attempt(form, lambda: phase_method_set(**change)) is not None:
                sentence = _("%s is measured anew. The figures follow in a moment.") % phase.name
                return done(request, sentence, reverse("projects:phases", args=[org, code]))
        posted = (phase.pk, form)
    context["rows"] = [
        (
            phase,
            posted[1] if posted and posted[0] == phase.pk else _form(phase, rows),
            bool(posted and posted[0] == phase.pk),
        )
        for phase in rows
    ]
    context["earned"] = _earned(project) if "money_view" in context["can"] else []
    return render(request, "projects/phases.html", context, status=422 if posted else 200)


def _form(phase: ProjectPhase, phases: list[ProjectPhase]) -> MethodForm:
    lines = [
        f"{each.name}; {each.weight.normalize():f}{f'; {each.planned_on.isoformat()}' if each.planned_on else ''}"
        for each in phase.milestones.all()
    ]
    initial = {
        "method": phase.method, "units_total": phase.units_total, "apportioned_to": phase.apportioned_to_id,
        "milestones": "\n".join(lines),
    }  # fmt: skip
    return MethodForm(initial=initial, phase=phase, phases=phases, auto_id=f"id_{phase.pk}_%s")


def _earned(project: Project) -> list[Any]:
    facts, performance = measured(project)
    return list(explain("ev", facts, performance).packages)
