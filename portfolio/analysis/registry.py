"""The rules by slug. A rule is one module of `portfolio.rules`, announced by the decorator on its `check`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Final, Literal

from pmo.kit.registry import Registry, import_all
from portfolio.analysis.facts import PortfolioFacts
from portfolio.analysis.findings import Finding, Severity

Tolerance = Mapping[str, Decimal]
Check = Callable[[PortfolioFacts, Tolerance], Iterable[Finding]]
Scope = Literal["project", "portfolio"]
PACKAGE: Final = "portfolio.rules"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `says` is its condition as a sentence, with its tolerances in braces.

    `tolerance` holds the defaults an organisation may change; `tolerance_help` explains each.
    """

    id: str
    slug: str
    title: str
    group: str
    scope: Scope
    severity: Severity
    says: str
    hint: str
    tolerance: Tolerance
    tolerance_help: Mapping[str, str]
    check: Check
    module: str


_RULES: Final[Registry[Rule]] = Registry("rule")


def rule(
    *,
    id: str,
    slug: str,
    title: str,
    group: str,
    severity: Severity,
    says: str,
    hint: str,
    tolerance: Mapping[str, str],
    tolerance_help: Mapping[str, str],
    scope: Scope = "project",
) -> Callable[[Check], Check]:
    """Announce the decorated `check(facts, tolerance) -> Iterable[Finding]` as the rule `slug`.

    `tolerance` is written as strings so that no float gets in. Raises ValueError for a slug given twice or a tolerance
    without its explanation, KeyError where the sentence names one that is none.
    """
    if set(tolerance) != set(tolerance_help):
        raise ValueError(f"rule {slug!r}: every tolerance needs its explanation, and the other way round")
    says.format_map(tolerance)  # raises KeyError for a tolerance that is none
    defaults = MappingProxyType({name: Decimal(value) for name, value in tolerance.items()})

    def announce(check: Check) -> Check:
        made = Rule(
            id, slug, title, group, scope, severity, says, hint, defaults,
            MappingProxyType(dict(tolerance_help)), check, check.__module__,
        )  # fmt: skip
        _RULES.add(slug, made)
        return check

    return announce


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule of the product, in the order of their ids. Loads their modules on first use."""
    import_all(PACKAGE)
    return tuple(sorted(_RULES, key=lambda each: each.id))


def rule_by_slug(slug: str) -> Rule | None:
    """The rule called `slug`, or None."""
    all_rules()
    return _RULES.get(slug)
