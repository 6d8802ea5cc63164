"""The rules as an organisation has them: as shipped, with what it set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet

from pmo.kit.errors import NotFound
from pmo.models import Organisation
from pmo.selectors.actors import Actor
from portfolio.analysis.registry import Rule, all_rules, rule_by_slug
from portfolio.models import RuleSetting
from portfolio.selectors.findings import visible_to
from portfolio.selectors.rollups import UNRESOLVED


@dataclass(frozen=True, slots=True)
class RuleInForce:
    """A rule with the settings of one organisation; `version` 0 means as shipped."""

    rule: Rule
    enabled: bool
    severity: str
    tolerance: Mapping[str, Decimal]
    version: int
    open_findings: int = 0

    @property
    def as_shipped(self) -> bool:
        return (
            self.enabled and self.severity == self.rule.severity and dict(self.tolerance) == dict(self.rule.tolerance)
        )

    @property
    def sentence(self) -> str:
        """When it fires, with the tolerances in force."""
        return self.rule.says.format_map({name: plain(value) for name, value in self.tolerance.items()})


def plain(value: Decimal) -> str:
    """A tolerance as people write it: 12.5, 10, 0.9."""
    return format(value.normalize() + 0, "f")


def rule_settings(organisation: Organisation) -> QuerySet[RuleSetting]:
    """What the organisation set: one query."""
    return RuleSetting.objects.filter(organisation=organisation)


def rules_in_force(actor: Actor) -> list[RuleInForce]:
    """Every rule as the actor's organisation has it, in the order of their ids, with its open findings. Two queries."""
    set_here = {row.slug: row for row in rule_settings(actor.organisation)}
    unresolved = visible_to(actor).filter(status__in=UNRESOLVED)
    counts = dict(unresolved.order_by().values_list("rule").annotate(count=Count("id")))
    return [in_force(rule, set_here.get(rule.slug), counts.get(rule.slug, 0)) for rule in all_rules()]


def rule_get(actor: Actor, slug: str) -> RuleInForce:
    """One rule as the actor's organisation has it. NotFound for a slug that is none."""
    rule = rule_by_slug(slug)
    if rule is None:
        raise NotFound()
    return in_force(rule, rule_settings(actor.organisation).filter(slug=slug).first())


def in_force(rule: Rule, setting: RuleSetting | None, open_findings: int = 0) -> RuleInForce:
    """The rule with what was set laid over what was shipped."""
    if setting is None:
        return RuleInForce(rule, True, rule.severity, rule.tolerance, 0, open_findings)
    tolerance = {
        name: Decimal(setting.tolerance[name]) if name in setting.tolerance else default
        for name, default in rule.tolerance.items()
    }
    severity = setting.severity or rule.severity
    return RuleInForce(rule, setting.enabled, severity, tolerance, setting.version, open_findings)


def stale_after(organisation: Organisation) -> int:
    """From how many days without news a project counts as stale: the tolerance of that rule."""
    rule = rule_by_slug("stale-data")
    if rule is None:
        return 35
    return int(in_force(rule, rule_settings(organisation).filter(slug=rule.slug).first()).tolerance["days"])
