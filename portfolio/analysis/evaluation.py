"""Run the rules over facts under an organisation's settings. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from portfolio.analysis.facts import PortfolioFacts
from portfolio.analysis.findings import SEVERITIES, Finding, Severity, raised
from portfolio.analysis.registry import Rule


@dataclass(frozen=True, slots=True)
class Setting:
    """What an organisation says about one rule. Tolerances it does not name keep their defaults."""

    enabled: bool = True
    severity: Severity | None = None
    tolerance: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`seen`: what the rules found. `evaluated(rule, subject)`: whether this run looked at it."""

    seen: tuple[Finding, ...]
    rules: frozenset[str]
    facts: PortfolioFacts

    def evaluated(self, rule: str, subject: str) -> bool:
        return rule in self.rules and self.facts.covers(subject)


def evaluate(facts: PortfolioFacts, rules: Iterable[Rule], settings: Mapping[str, Setting]) -> Evaluation:
    """Every finding of every rule that is switched on, about subjects these facts cover.

    A rule that is switched off counts as evaluated and sees nothing, so its findings resolve. Where an organisation
    gave a rule another severity, each of its findings moves by the same number of steps.
    """
    seen: list[Finding] = []
    slugs: set[str] = set()
    for each in rules:
        slugs.add(each.slug)
        setting = settings.get(each.slug, Setting())
        if not setting.enabled:
            continue
        steps = 0 if setting.severity is None else SEVERITIES.index(each.severity) - SEVERITIES.index(setting.severity)
        for finding in each.check(facts, tolerance_of(each, setting)):
            if facts.covers(finding.subject):
                seen.append(replace(finding, severity=raised(finding.severity, steps)) if steps else finding)
    return Evaluation(tuple(seen), frozenset(slugs), facts)


def tolerance_of(rule: Rule, setting: Setting) -> Mapping[str, Decimal]:
    """The tolerances in force: the rule's defaults, overridden by what the organisation set. Unknown names are
    ignored.
    """
    known = {name: value for name, value in setting.tolerance.items() if name in rule.tolerance}
    return {**rule.tolerance, **known}
