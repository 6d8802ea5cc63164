"""Standards in words: names of fields and kinds, rules as sentences, what differs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.analysis.standard_content import RuleContent
from pmo.analysis.standard_diff import Entry
from pmo.kit.figures import number
from pmo.models import Role

KIND_NAMES: Final[Mapping[str, Any]] = {
    "standard": gettext_lazy("Standard"),
    "phase": gettext_lazy("Phase"),
    "activity": gettext_lazy("Activity"),
    "deliverable": gettext_lazy("Deliverable"),
    "gate": gettext_lazy("Gate"),
    "criterion": gettext_lazy("Criterion"),
    "rule": gettext_lazy("Tailoring rule"),
}
FIELD_NAMES: Final[Mapping[str, Any]] = {
    "key": gettext_lazy("Key"),
    "slug": gettext_lazy("Key"),
    "name": gettext_lazy("Name"),
    "text": gettext_lazy("Criterion"),
    "purpose": gettext_lazy("Purpose"),
    "obligation": gettext_lazy("Obligation"),
    "responsible_role": gettext_lazy("Responsible"),
    "why": gettext_lazy("Why"),
    "how": gettext_lazy("How"),
    "template": gettext_lazy("Template"),
    "due_from": gettext_lazy("Due, counted from"),
    "due_days": gettext_lazy("Days after that (before: negative)"),
    "description": gettext_lazy("Description"),
    "acceptance": gettext_lazy("Accepted when"),
    "at": gettext_lazy("Decided at"),
    "approver_roles": gettext_lazy("Approvers"),
    "quorum": gettext_lazy("Approvals needed"),
    "in_order": gettext_lazy("Each is asked after the one before"),
    "mandatory": gettext_lazy("Must be met"),
    "conditions": gettext_lazy("For which projects"),
    "targets": gettext_lazy("What it acts on"),
    "effect": gettext_lazy("Effect"),
    "value": gettext_lazy("Value"),
    "source": gettext_lazy("Source"),
    "licence": gettext_lazy("Licence"),
    "summary": gettext_lazy("What is new"),
    "phase": gettext_lazy("Phase"),
    "order": gettext_lazy("Place"),
}
EFFECT_NAMES: Final[Mapping[str, Any]] = {
    "leave_out": gettext_lazy("Leave out"),
    "mandatory": gettext_lazy("Make mandatory"),
    "recommended": gettext_lazy("Make recommended"),
    "report_days": gettext_lazy("Days between reports"),
    "approval_limit": gettext_lazy("Approval limit"),
    "quorum": gettext_lazy("Approvals a gate needs"),
}
POINT_NAMES: Final[Mapping[str, Any]] = {
    "start": gettext_lazy("Start of the phase"),
    "finish": gettext_lazy("End of the phase"),
}
OBLIGATION_NAMES: Final[Mapping[str, Any]] = {
    "mandatory": gettext_lazy("Mandatory"),
    "recommended": gettext_lazy("Recommended"),
}
CHANGE_NAMES: Final[Mapping[str, Any]] = {
    "added": gettext_lazy("Added"),
    "removed": gettext_lazy("Taken out"),
    "changed": gettext_lazy("Changed"),
}


def role_names() -> dict[str, Any]:
    """Every role that a standard can name."""
    return dict(Role.choices) | {"sponsor": _("Sponsor")}


def joined(words: Iterable[Any]) -> str:
    """“A, B and C”."""
    found = [str(word) for word in words]
    if len(found) < 2:
        return "".join(found)
    return _("%(first)s and %(last)s") % {"first": ", ".join(found[:-1]), "last": found[-1]}


def condition_words(conditions: Mapping[str, Any]) -> str:
    """For which projects: “tiers 1 and 2, budgets from 100,000”; empty for every project."""
    said = []
    tiers = conditions.get("tier")
    if tiers:
        said.append((_("tier %s") if len(tiers) == 1 else _("tiers %s")) % joined(tiers))
    bounds = {
        "budget_from": _("a budget of %s or more"),
        "budget_below": _("a budget below %s"),
        "months_from": _("%s months or longer"),
        "months_below": _("shorter than %s months"),
        "team_from": _("a team of %s or more"),
        "team_below": _("a team below %s"),
        "complexity_from": _("a complexity score of %s or more"),
        "complexity_below": _("a complexity score below %s"),
    }
    said += [text % number(Decimal(str(conditions[name]))) for name, text in bounds.items() if name in conditions]
    return joined(said)


def rule_sentence(rule: RuleContent, names: Mapping[str, str]) -> str:
    """“For tiers 1 and 2, leave out: Stakeholders, Kick-off.” `names` are those of the targets."""
    targets = [_("everything") if each == "*" else names.get(each, each) for each in rule.targets]
    what = ", ".join(f"“{target}”" for target in targets)
    effects = {
        "leave_out": _("leave out %(what)s"),
        "mandatory": _("%(what)s is mandatory") if len(targets) == 1 else _("these are mandatory: %(what)s"),
        "recommended": _("%(what)s is recommended") if len(targets) == 1 else _("these are recommended: %(what)s"),
        "report_days": _("a report is due every %(value)s days"),
        "approval_limit": _("approvals go up to %(value)s"),
        "quorum": _("approvals needed at %(what)s: %(value)s"),
    }
    value = number(Decimal(rule.value)) if rule.effect == "approval_limit" else rule.value
    effect = effects[rule.effect] % {"what": what, "value": value}
    whom = condition_words(rule.conditions)
    if whom:
        return _("For %(whom)s, %(effect)s.") % {"whom": whom, "effect": effect}
    return _("For every project, %(effect)s.") % {"effect": effect}


def shown(field: str, value: Any) -> str:
    """A value of a field as a person reads it."""
    roles = role_names()
    if value in ("", (), {}, None):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field == "approver_roles":
        return ", ".join(str(roles.get(each, each)) for each in value)
    if field == "conditions":
        return condition_words(value) or "–"
    if isinstance(value, tuple | list):
        return ", ".join(str(each) for each in value)
    tables = {
        "obligation": OBLIGATION_NAMES,
        "responsible_role": roles,
        "due_from": POINT_NAMES,
        "at": POINT_NAMES,
        "effect": EFFECT_NAMES,
    }
    return str(tables.get(field, {}).get(value, value))


def diff_rows(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """What differs, ready to be shown."""
    return [
        {
            "kind": KIND_NAMES[entry.kind],
            "name": entry.name,
            "phase": entry.phase,
            "change": entry.change,
            "change_name": CHANGE_NAMES[entry.change],
            "fields": [
                {
                    "name": FIELD_NAMES.get(each.field, each.field),
                    "before": shown(each.field, each.before),
                    "after": shown(each.field, each.after),
                }
                for each in entry.fields
            ],
        }
        for entry in entries
    ]


def due_words(due_from: str, due_days: int) -> str:
    """When an activity is due, in the phase."""
    at = _("the start of the phase") if due_from == "start" else _("the end of the phase")
    if due_days == 0:
        return _("at %s") % at
    if due_days > 0:
        return _("%(days)d days after %(at)s") % {"days": due_days, "at": at}
    return _("%(days)d days before %(at)s") % {"days": -due_days, "at": at}
