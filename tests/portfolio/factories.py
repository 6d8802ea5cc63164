"""Figures for tests: a quiet project that no rule has anything to say about, to be disturbed one figure at a time."""

from datetime import date
from decimal import Decimal
from typing import Any

from portfolio.analysis.facts import PortfolioFacts, ProjectFigures, VendorSpend
from portfolio.analysis.findings import Finding
from portfolio.analysis.registry import rule_by_slug

STATUS_DATE = date(2026, 10, 31)


def figures(id: int = 1, **changes: Any) -> ProjectFigures:
    """A project on plan, on budget, reported on yesterday, with everybody named. Differences and ratios not given are
    derived from the amounts that are."""
    base: dict[str, Any] = {
        "code": f"P-{id:03}",
        "name": f"Project {id}",
        "status": "active",
        "portfolio_id": 1,
        "portfolio_name": "Capital",
        "programme_id": None,
        "programme_name": "",
        "currency": "GBP",
        "project_manager": "I. Frame",
        "sponsor": "L. Haque",
        "budget_owner": "K. Wyatt",
        "start": date(2026, 1, 1),
        "finish": date(2027, 6, 30),
        "has_baseline": True,
        "bac": Decimal("1000000"),
        "pv": Decimal("500000"),
        "ev": Decimal("500000"),
        "ac": Decimal("500000"),
        "committed": Decimal("0"),
        "eac": Decimal("1000000"),
        "eac_method": "cpi",
        "percent_complete": Decimal("50"),
        "last_progress_on": date(2026, 10, 30),
        "last_cost_on": date(2026, 10, 30),
        "spend_since_progress": Decimal("0"),
        "created_on": date(2025, 12, 1),
    } | {key: value if key.endswith("_id") else _decimal(value) for key, value in changes.items()}
    bac, pv, ev, ac, eac = (base[key] for key in ("bac", "pv", "ev", "ac", "eac"))
    derived = {
        "cv": _minus(ev, ac),
        "cv_percent": _percent(_minus(ev, ac), ev),
        "cpi": _ratio(ev, ac),
        "spi": _ratio(ev, pv),
        "sv": _minus(ev, pv),
        "sv_percent": _percent(_minus(ev, pv), pv),
        "vac": _minus(bac, eac),
        "vac_percent": _percent(_minus(bac, eac), bac),
        "spend_percent": _percent(ac, bac),
    }
    return ProjectFigures(id=id, **(derived | base))


def found(slug: str, facts_: PortfolioFacts, **tolerance: str) -> list[Finding]:
    """What the rule `slug` sees, with its own tolerances except those given."""
    rule = rule_by_slug(slug)
    assert rule is not None
    return list(rule.check(facts_, {**rule.tolerance, **{key: Decimal(value) for key, value in tolerance.items()}}))


def facts(*projects: ProjectFigures, spend: tuple[VendorSpend, ...] = (), **changes: Any) -> PortfolioFacts:
    return PortfolioFacts(status_date=STATUS_DATE, projects=projects, vendor_spend=spend, **changes)


def _decimal(value: Any) -> Any:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _minus(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one - other


def _ratio(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or not other else one / other


def _percent(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    ratio = _ratio(one, other)
    return None if ratio is None else ratio * 100
