"""Writing roll-ups: the current one of every scope and currency, and the one of the day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from pmo.models import Organisation
from portfolio.analysis.rollup import WHY_UNDEFINED, Rolled, roll_up
from portfolio.models import RollUp, RollUpDay
from portfolio.selectors.rollups import Summand, summands, unresolved_by_project
from projects.analysis.metrics import METRICS

SCOPE: Final = RollUp.Scope
GOODNESS: Final = {"green": 2, "amber": 1, "red": 0}
CHUNK: Final = 500


class Key(NamedTuple):
    """Whose roll-up: the organisation's, a portfolio's or a programme's, in one currency."""

    scope: str
    portfolio_id: int | None
    programme_id: int | None
    currency: str


@transaction.atomic
def rollups_refresh(organisation: Organisation, status_date: date, *, stale_after: int) -> None:
    """Sum up every live project by organisation, portfolio, programme and currency; write what differs from what is
    there.

    `stale_after`: from how many days without news a project counts as stale. Two queries to read, and as many to
    write as there are changed rows in chunks. The caller holds the lock of the organisation's standings.
    """
    rows = summands(organisation)
    wanted = rollups_of(rows, unresolved_by_project(organisation), status_date, stale_after=stale_after)
    _store(RollUp, organisation, wanted, timezone.now(), {})
    rollups_of_day(organisation, status_date, wanted)


def rollups_of(
    rows: Iterable[Summand], findings: Mapping[int, set[int]], status_date: date, *, stale_after: int
) -> dict[Key, dict[str, Any]]:
    """What the roll-ups of these projects are, by scope and currency. No query is made."""
    wanted: dict[Key, dict[str, Any]] = {}
    for (scope, portfolio_id, programme_id), group in _scopes(rows).items():
        for currency, total in roll_up(group).items():
            mine = [row for row in group if row.currency == currency]
            key = Key(scope, portfolio_id, programme_id, currency)
            wanted[key] = {**_figures(total), **_counts(mine, findings, status_date, stale_after)}
    return wanted


def rollups_of_day(organisation: Organisation, day: date, wanted: Mapping[Key, Mapping[str, Any]]) -> None:
    """Keep these as the roll-ups of `day`, in place of what was kept for it."""
    _store(RollUpDay, organisation, wanted, timezone.now(), {"day": day})


def _scopes(rows: Iterable[Summand]) -> dict[tuple[str, int | None, int | None], list[Summand]]:
    scopes: dict[tuple[str, int | None, int | None], list[Summand]] = defaultdict(list)
    for row in rows:
        scopes[SCOPE.ORGANISATION, None, None].append(row)
        scopes[SCOPE.PORTFOLIO, row.portfolio_id, None].append(row)
        if row.programme_id is not None:
            scopes[SCOPE.PROGRAMME, None, row.programme_id].append(row)
    return scopes


def _figures(total: Rolled) -> dict[str, Any]:
    values = {metric.key: getattr(total, metric.key, None) for metric in METRICS}
    return {
        "projects_counted": total.projects_counted,
        "projects_without_data": total.projects_without_data,
        "projects_measured": total.projects_measured,
        "figures": {key: _text(value) for key, value in values.items()},
        "undefined": {key: WHY_UNDEFINED[key] for key, value in values.items() if value is None},
        "bac": _six(total.bac),
        "ac": _six(total.ac),
        "eac": _six(total.eac),
    }


def _six(value: Decimal | None) -> Decimal | None:
    return None if value is None else round(value, 6)


def _text(value: Decimal | None) -> str | None:
    """Plain digits, at most six decimals: amounts are exact, ratios rounded as those of one project are."""
    if value is None:
        return None
    text = format(round(value, 6), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _counts(
    rows: list[Summand], findings: Mapping[int, set[int]], status_date: date, stale_after: int
) -> dict[str, int]:
    concerned: set[int] = set()
    for row in rows:
        concerned |= findings.get(row.id, set())
    return {
        **{colour: sum(1 for row in rows if row.health == colour) for colour in GOODNESS},
        "declared_too_green": sum(1 for row in rows if _too_green(row)),
        "overdue": sum(1 for row in rows if row.finish is not None and row.finish < status_date),
        "stale": sum(1 for row in rows if row.last_update_on and (status_date - row.last_update_on).days > stale_after),
        "attention": sum(1 for row in rows if row.health == "red" or row.gravest in ("critical", "high")),
        "without_eac": sum(1 for row in rows if row.eac is None),
        "open_findings": len(concerned),
    }


def _too_green(row: Summand) -> bool:
    """Declared better than computed; without one of the two there is nothing to compare."""
    declared, computed = GOODNESS.get(row.declared or ""), GOODNESS.get(row.health or "")
    return declared is not None and computed is not None and declared > computed


def _store(
    model: type[RollUp] | type[RollUpDay],
    organisation: Organisation,
    wanted: Mapping[Key, Mapping[str, Any]],
    now: datetime,
    fixed: Mapping[str, Any],
) -> None:
    """Insert, update and delete until the rows of `fixed` (a day, or the current ones) are those wanted."""
    mine = model._default_manager.filter(organisation=organisation)
    there = {Key(r.scope, r.portfolio_id, r.programme_id, r.currency): r for r in mine.filter(**fixed)}
    revision: dict[str, int] = {}
    if model is RollUp:
        revision["revision"] = (mine.aggregate(newest=Max("revision"))["newest"] or 0) + 1
    new, changed = [], []
    for key, values in wanted.items():
        row = there.pop(key, None)
        if row is None:
            identity = dict(zip(Key._fields, key, strict=True))
            new.append(model(organisation=organisation, computed_at=now, **identity, **values, **fixed, **revision))
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in {**values, **revision, "computed_at": now}.items():
                setattr(row, name, value)
            changed.append(row)
    fields = [*next(iter(wanted.values()), {}), *revision, "computed_at"]
    model._default_manager.bulk_update(changed, fields, batch_size=CHUNK)  # type: ignore[arg-type]
    model._default_manager.bulk_create(new, batch_size=CHUNK)  # type: ignore[arg-type]
    if there:
        mine.filter(pk__in=[row.pk for row in there.values()]).delete()
