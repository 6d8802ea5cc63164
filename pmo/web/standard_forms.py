"""The form of one thing of a draft, made from the description of its fields."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from pmo.analysis.standard_content import StandardContent
from pmo.analysis.standard_fields import SPECS, TIERS, Spec
from pmo.analysis.tailoring import BOUNDS
from pmo.models import DocumentTemplate, Phase, StandardVersion
from pmo.web.standard_words import EFFECT_NAMES, FIELD_NAMES, OBLIGATION_NAMES, POINT_NAMES, role_names

APPROVERS = 5
WIDE = ("why", "how", "description", "acceptance", "purpose", "name", "text", "targets")


class ItemForm(forms.Form):
    """Fields of `kind` as pmo.analysis.standard_fields describes them; `values()` gives them back as it reads them."""

    def __init__(
        self, *args: Any, kind: str, version: StandardVersion, content: StandardContent, row: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.row = kind, row
        specs = SPECS[kind]
        for name, spec in specs.items():
            if name == "key":
                continue
            for field_name, field in self._fields(name, spec, version, content):
                self.fields[field_name] = field
        if kind in ("activity", "deliverable", "gate") and row is not None:
            phases = Phase.objects.filter(version=version).order_by("order").values_list("pk", "name")
            choices = [(str(pk), name) for pk, name in phases]
            self.fields["parent"] = forms.ChoiceField(label=_("Phase"), choices=choices, initial=str(row.phase_id))
        if "key" in specs:
            self.fields["key"] = forms.CharField(
                label=_("Key"), required=False, max_length=specs["key"].most, initial=getattr(row, "key", ""),
                help_text=_("Made from the name if empty. By it versions are compared: keep it when the name changes."),
            )  # fmt: skip

    def _fields(
        self, name: str, spec: Spec, version: StandardVersion, content: StandardContent
    ) -> list[tuple[str, forms.Field]]:
        initial = getattr(self.row, name, None)
        label = FIELD_NAMES[name]
        if spec.kind == "text":
            widget = forms.Textarea(attrs={"rows": 3}) if spec.lines else None
            field = forms.CharField(
                label=label, required=spec.required, max_length=spec.most, widget=widget, initial=initial
            )
            if name == "value":
                field.help_text = _("A number: days between reports, an amount, or how many approvals.")
            return [(name, field)]
        if spec.kind == "whole":
            first = spec.default if initial is None else initial
            return [(name, forms.IntegerField(label=label, min_value=spec.least, max_value=spec.most, initial=first))]
        if spec.kind == "truth":
            first = spec.default if initial is None else initial
            return [(name, forms.BooleanField(label=label, required=False, initial=first))]
        if spec.kind == "roles":
            return self._approvers()
        if spec.kind == "conditions":
            return self._conditions(initial or {})
        if spec.kind == "targets":
            widget_many = forms.CheckboxSelectMultiple
            choices = _target_choices(content)
            field_many = forms.MultipleChoiceField(
                label=label, choices=choices, required=False, widget=widget_many, initial=initial
            )
            return [(name, field_many)]
        return [(name, _choice(name, spec, version, self.row))]

    def _approvers(self) -> list[tuple[str, forms.Field]]:
        known = list(getattr(self.row, "approver_roles", []))
        choices = [("", "–"), *role_names().items()]
        fields: list[tuple[str, forms.Field]] = []
        for place in range(1, APPROVERS + 1):
            first = known[place - 1] if place <= len(known) else ("sponsor" if self.row is None and place == 1 else "")
            label = _("Approver %d") % place
            fields.append((f"approver_{place}", forms.ChoiceField(label=label, choices=choices, required=place == 1,
                                                                  initial=first)))  # fmt: skip
        return fields

    def _conditions(self, known: dict[str, Any]) -> list[tuple[str, forms.Field]]:
        labels = {
            "budget": (_("Budget from"), _("Budget below")),
            "months": (_("Months from"), _("Months below")),
            "team": (_("Team from"), _("Team below")),
            "complexity": (_("Complexity score from"), _("Complexity score below")),
        }
        fields: list[tuple[str, forms.Field]] = [
            (
                "tier",
                forms.MultipleChoiceField(
                    label=_("For tiers"), required=False, widget=forms.CheckboxSelectMultiple,
                    choices=[(str(tier), _("Tier %d") % tier) for tier in TIERS],
                    initial=[str(tier) for tier in known.get("tier", [])],
                    help_text=_("None ticked and nothing filled in below: for every project."),
                ),
            )
        ]  # fmt: skip
        for name, (fact, bound) in BOUNDS.items():
            label = labels[fact][0 if bound == "from" else 1]
            widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
            fields.append(
                (name, forms.CharField(label=label, required=False, max_length=16, widget=widget,
                                       initial=known.get(name, "")))
            )  # fmt: skip
        return fields

    def values(self) -> dict[str, Any]:
        """The cleaned fields as `read` takes them."""
        data = self.cleaned_data
        values = {name: data[name] for name in SPECS[self.kind] if name in data}
        if self.kind == "gate":
            given = [data.get(f"approver_{place}", "") for place in range(1, APPROVERS + 1)]
            values["approver_roles"] = [role for role in given if role]
        if self.kind == "rule":
            values["conditions"] = {name: data[name].replace(",", "") for name in BOUNDS if data.get(name)}
            if data.get("tier"):
                values["conditions"]["tier"] = data["tier"]
        return values

    @property
    def parent_id(self) -> int | None:
        """The phase chosen, where one can be."""
        chosen = self.cleaned_data.get("parent")
        return int(chosen) if chosen else None

    def wide(self) -> list[tuple[Any, str]]:
        """Each bound field with its width."""
        return [(field, "field-wide" if field.name in WIDE or field.name == "tier" else "") for field in self]


def _choice(name: str, spec: Spec, version: StandardVersion, row: Any) -> forms.ChoiceField:
    first = getattr(row, name, None)
    choices: list[tuple[str, Any]]
    if name == "template":
        templates = DocumentTemplate.objects.filter(organisation_id=version.organisation_id).order_by("name")
        choices = [("", _("none")), *dict(templates.values_list("key", "name")).items()]
        first = row.template.key if row is not None and row.template else ""
    elif name == "responsible_role":
        choices = [("", _("nobody in particular")), *role_names().items()]
    elif name == "effect":
        choices = list(EFFECT_NAMES.items())
    elif name == "obligation":
        choices = list(OBLIGATION_NAMES.items())
    else:
        choices = list(POINT_NAMES.items())
    return forms.ChoiceField(
        label=FIELD_NAMES[name],
        choices=choices,
        required=spec.required,
        initial=spec.default if first is None else first,
    )


def _target_choices(content: StandardContent) -> list[Any]:
    """Everything a rule can aim at, by phase."""
    kinds = {"activity": _("activity"), "deliverable": _("deliverable"), "gate": _("gate")}
    choices: list[Any] = [("*", _("Everything"))]
    for phase in content.phases:
        inside = [(f"phase:{phase.key}", _("The whole phase"))]
        inside += [(f"{kind}:{each.key}", f"{each.name} ({kinds[kind]})") for kind, each in phase.requirements()]
        choices.append((phase.name, inside))
    return choices
