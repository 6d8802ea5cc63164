"""The rules of the office: what is looked for, from which figure on, and how grave it is."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pmo.web.forms import attempt, done
from pmo.web.pages import OfficeRequest, page
from portfolio.models import Severity
from portfolio.selectors.rules import RuleInForce, plain, rule_get, rules_in_force
from portfolio.services.rules import rule_setting_update

LABELS = {
    "percent": _("Tolerance, %"),
    "severe_percent": _("Severe beyond, %"),
    "spi": _("SPI, at least"),
    "severe_spi": _("Severe below, SPI"),
    "days": _("Tolerance, days"),
    "severe_days": _("Severe beyond, days"),
    "missing": _("Names missing, at most"),
    "spend": _("Spent, at most"),
    "min_projects": _("Projects, at least"),
    "spend_percent": _("Vendor's share of cost, %"),
    "overrun_percent": _("Overrun of a project, %"),
    "share_percent": _("Share, %"),
    "vac_percent": _("Over budget, %"),
}


class RuleForm(forms.Form):
    """One rule's settings; a field `tolerance.<name>` for each of its tolerances, as the service names them."""

    enabled = forms.BooleanField(required=False)
    severity = forms.ChoiceField(choices=Severity.choices)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, in_force: RuleInForce, data: Any = None, *, editable: bool = True) -> None:
        initial = {"enabled": in_force.enabled, "severity": in_force.severity, "version": in_force.version}
        initial |= {f"tolerance.{name}": plain(value) for name, value in in_force.tolerance.items()}
        super().__init__(data, initial=initial, auto_id=f"{in_force.rule.slug}-%s")
        self.fields["enabled"].label = _("Switched on")
        self.fields["severity"].label = _("Severity")
        for name, text in in_force.rule.tolerance_help.items():
            label = LABELS.get(name, name)
            widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
            self.fields[f"tolerance.{name}"] = forms.DecimalField(
                max_digits=16, decimal_places=6, min_value=0, label=label, help_text=text, widget=widget
            )
        for field in self.fields.values():
            field.disabled = not editable

    @property
    def tolerances(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("tolerance.")]

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        given = self.cleaned_data
        limits = {name.removeprefix("tolerance."): value for name, value in given.items() if name.startswith("tol")}
        return {
            "enabled": given["enabled"],
            "severity": given["severity"],
            "version": given["version"],
            "tolerance": limits,
        }


@page("rule.view")
def rules(request: OfficeRequest, org: str) -> HttpResponse:
    """Every rule with its settings, by group."""
    return _page(request, None)


@page("rule.view", post="rule.configure")
def rule_set(request: OfficeRequest, org: str, slug: str) -> HttpResponse:
    """Set one rule, or take its settings back to those shipped."""
    address = f"{reverse('portfolio:rules', args=[org])}#{slug}"
    if request.method != "POST":
        return redirect(address)
    in_force = rule_get(request.actor, slug)
    form = RuleForm(in_force, request.POST)
    if form.is_valid():
        values = form.values()
        if "shipped" in request.POST:
            rule = in_force.rule
            values |= {"enabled": True, "severity": rule.severity, "tolerance": dict(rule.tolerance)}
        saved = attempt(form, lambda: rule_setting_update(actor=request.actor, slug=slug, **values))
        if saved is not None:
            said = _("Rule “%s” is set. Every project is being looked at anew.") % saved.rule.title
            return done(request, said, address)
    return _page(request, form, slug)


def _page(request: OfficeRequest, refused: RuleForm | None, slug: str = "") -> HttpResponse:
    editable = request.actor.allows("rule.configure")
    in_force = sorted(rules_in_force(request.actor), key=lambda each: (each.rule.scope != "project", each.rule.group))
    groups = [
        {"name": name, "rules": [_shown(each, refused if each.rule.slug == slug else None, editable) for each in mine]}
        for name, mine in groupby(in_force, key=lambda each: each.rule.group)
    ]
    context = {
        "nav_active": "rules",
        "groups": groups,
        "editable": editable,
        "count": len(in_force),
        "changed": sum(1 for each in in_force if not each.as_shipped),
        "off": sum(1 for each in in_force if not each.enabled),
    }
    return render(request, "portfolio/rules.html", context, status=422 if refused else 200)


def _shown(each: RuleInForce, refused: RuleForm | None, editable: bool) -> dict[str, Any]:
    return {"it": each, "form": refused or RuleForm(each, editable=editable), "opened": refused is not None}
