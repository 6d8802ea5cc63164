"""The cockpit's rows as at an earlier day, or as they were known at an earlier moment: computed for this answer."""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError
from pmo.kit.listing import Query
from pmo.kit.listing_query import FilterValue
from pmo.models import Organisation
from portfolio.analysis.facts import LIVE
from portfolio.analysis.health import assess
from portfolio.analysis.rollup import Rolled, roll_up
from portfolio.selectors.cockpit import Totals
from portfolio.selectors.standings import declared_health
from portfolio.selectors.whole import SUMS, Figures, Whole, put_together
from projects.analysis.conversion import MissingRate
from projects.analysis.earned_value import Performance, cpi_trend, measure
from projects.analysis.presentation import as_shown
from projects.models import Project
from projects.selectors.facts import Loaded, performance_facts
from projects.selectors.reporting import reported_figures

LIMIT: Final = 2_000
RANK: Final = {"red": 0, "amber": 1, "green": 2, "none": 3}
GOODNESS: Final = {"green": 2, "amber": 1, "red": 0}
COMPUTED: Final = ("performance__", "standing__")
JUDGED: Final = ("differs", "attention", "overdue")
COMPARE: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "exact": operator.eq, "gte": operator.ge, "lte": operator.le, "gt": operator.gt, "lt": operator.lt,
    "in": lambda value, wanted: value in wanted,
}  # fmt: skip
TERM_OF: Final = {
    "ac_measured": ("ac", "ev"), "ev_planned": ("ev", "pv"), "pv_planned": ("pv", "ev"), "bac_forecast": ("bac", "eac"),
    "eac_forecast": ("eac", "bac"),
}  # fmt: skip
Row = dict[str, Any]


class Moment(NamedTuple):
    """Figures as at `as_of`, from what was recorded up to `known_at` (None: up to now)."""

    as_of: date
    known_at: datetime | None


def there_at(rows: QuerySet[Project], moment: Moment) -> QuerySet[Project]:
    """Those that had begun, or were recorded, by the day; and were recorded by the moment of knowledge."""
    day = moment.as_of
    there = rows.filter(Q(start__lte=day) | Q(actual_start__lte=day) | Q(created_at__date__lte=day))
    return there if moment.known_at is None else there.filter(created_at__lte=moment.known_at)


def under_way_at(rows: QuerySet[Project], moment: Moment) -> QuerySet[Project]:
    """Under way today, or finished only after the day."""
    return rows.filter(Q(status__in=sorted(LIVE)) | Q(status="closed", actual_finish__gt=moment.as_of))


def in_database(query: Query) -> list[FilterValue]:
    """The filters that rest on nothing computed."""
    return [item for item in query.filters if not _is_computed(item)]


def _is_computed(item: FilterValue) -> bool:
    return item.filter.key in JUDGED or item.filter.path.startswith(COMPUTED)


def past_rows(organisation: Organisation, found: QuerySet[Project], fields: Sequence[str], moment: Moment) -> list[Row]:
    """One row a project, in the shape of the live list, with the figures of the moment in place of today's.

    Two queries more than `performance_facts` takes. Raises ApplicationError above LIMIT projects. Names, people, phase
    and status are today's; findings cannot be told and are None.
    """
    own = [name for name in fields if not name.startswith(COMPUTED)]
    rows = list(found.order_by("pk").values(*own)[: LIMIT + 1])
    if len(rows) > LIMIT:
        raise ApplicationError(
            _("Figures of an earlier date are computed for at most %d projects at once; narrow the list with a filter.")
            % LIMIT,
            field="as_of",
            code="too_many_rows",
        )
    ids = [row["id"] for row in rows]
    loaded = performance_facts(ids, as_of=moment.as_of, known_at=moment.known_at, organisation_id=organisation.pk)
    measured = {pk: measure(known.facts, moment.as_of) for pk, known in loaded.items()}
    abroad = {pk: figures for pk, figures in measured.items() if figures.currency != organisation.currency}
    reported = reported_figures(organisation, abroad, as_of=moment.as_of, known_at=moment.known_at)
    declared = declared_health(organisation, moment.as_of, ids, known_at=moment.known_at)
    for row in rows:
        row.update(dict.fromkeys((name for name in fields if name.startswith(COMPUTED)), None))
        row.update(_figures(loaded[row["id"]], measured[row["id"]], moment.as_of))
        row["reported"] = reported.get(row["id"])
        said = declared.get(row["id"])
        row["standing__declared"] = said.health if said else "none"
        row["standing__declared_reason"] = said.reason if said else ""
    return rows


def _figures(known: Loaded, performance: Performance, day: date) -> Row:
    facts = known.facts
    values = as_shown(performance)
    health = assess(cpi=values["cpi"], spi=values["spi"], vac_percent=values["vac_percent"])
    said = (known.last_progress_on, known.last_cost_on, facts.reported_eac_on)
    return {
        **{f"performance__{key}": value for key, value in values.items()},
        "performance__undefined": performance.undefined,
        "performance__cpi_trend": [None if cpi is None else f"{cpi:.3f}" for cpi in cpi_trend(facts, day)],
        "performance__status_date": day,
        "performance__last_update_on": max((on for on in said if on is not None), default=None),
        "standing__health": health.colour,
        "standing__health_rank": RANK[health.colour],
        "standing__health_reasons": [{"text": reason.text} for reason in health.reasons],
        "untold": _("Findings are kept as they are now; those of an earlier date cannot be told."),
    }


def matching(rows: Iterable[Row], query: Query, moment: Moment) -> list[Row]:
    """The rows that the computed filters keep. Raises ApplicationError for what cannot be told of the past."""
    wanted = [item for item in query.filters if _is_computed(item)]
    for item in wanted:
        if "finding" in item.filter.path:
            raise ApplicationError(
                _("Findings of an earlier date cannot be told; take that filter away."), field=item.parameter
            )
    return [row for row in rows if all(_holds(row, item, moment) for item in wanted)]


def _holds(row: Row, item: FilterValue, moment: Moment) -> bool:
    if item.filter.key == "differs":
        return too_green(row) is bool(item.value)
    if item.filter.key == "attention":
        return (row["standing__health"] == "red") is bool(item.value)
    if item.filter.key == "overdue":
        return overdue(row, moment) is bool(item.value)
    value = row[item.filter.path]
    if item.lookup == "isnull":
        return (value is None) is bool(item.value)
    return value is not None and COMPARE[item.lookup](value, item.value)


def ordered(rows: Iterable[Row], query: Query) -> list[Row]:
    """Sorted as the live list is: empty values last in both directions, ties by key."""
    found = sorted(rows, key=lambda row: row["id"])
    for order in reversed(query.ordering):
        for path in reversed(order.column.sort_paths):
            present = [row for row in found if row.get(path) is not None]
            present.sort(key=lambda row: row[path], reverse=order.descending)
            found = present + [row for row in found if row.get(path) is None]
    return found


def too_green(row: Row) -> bool:
    """Declared better than computed."""
    declared, computed = GOODNESS.get(row["standing__declared"]), GOODNESS.get(row["standing__health"])
    return declared is not None and computed is not None and declared > computed


def overdue(row: Row, moment: Moment) -> bool:
    """Its finish lay before the day and it was under way."""
    return row["finish"] is not None and row["finish"] < moment.as_of and row["status"] not in ("proposed", "cancelled")


class _Summand(NamedTuple):
    currency: str
    bac: Decimal | None
    pv: Decimal | None
    ev: Decimal | None
    ac: Decimal | None
    committed: Decimal | None
    eac: Decimal | None


def rolled_up(rows: Sequence[Row]) -> dict[str, Rolled]:
    """The pure roll-up of the rows, by currency."""
    keys = _Summand._fields[1:]
    return roll_up(_Summand(row["currency"], *(row[f"performance__{key}"] for key in keys)) for row in rows)


def past_totals(rows: Sequence[Row], moment: Moment) -> list[Totals]:
    """Sums by currency by the pure roll-up, the currency with the most projects first. `rows` hold all METRICS."""
    totals = rolled_up(rows).items()
    found = [_totals(total, [row for row in rows if row["currency"] == code], moment) for code, total in totals]
    return sorted(found, key=lambda total: (-total.projects, total.currency))


def _totals(total: Rolled, rows: Sequence[Row], moment: Moment) -> Totals:
    colours = [row["standing__health"] for row in rows]
    ev = [r["performance__ev"] for r in rows if r["performance__ev"] is not None and r["performance__ac"] is not None]
    return Totals(
        currency=total.currency,
        projects=total.projects_counted,
        bac=total.bac,
        ac=total.ac,
        eac=total.eac,
        without_eac=total.left_out["eac"],
        measured=total.projects_measured,
        red=colours.count("red"),
        amber=colours.count("amber"),
        green=colours.count("green"),
        too_green=sum(1 for row in rows if too_green(row)),
        overdue=sum(1 for row in rows if overdue(row, moment)),
        attention=colours.count("red"),
        computed_at=None,
        cv=total.cv,
        vac=total.vac,
        vac_percent=total.vac_percent,
        cpi=total.cpi,
        spi=total.spi,
        ev=sum(ev, Decimal(0)) if ev else None,
        **{key: _both(rows, *pair) for key, pair in TERM_OF.items()},
    )


def _both(rows: Sequence[Row], wanted: str, other: str) -> Decimal | None:
    found = [row[f"performance__{wanted}"] for row in rows if row[f"performance__{other}"] is not None]
    there = [value for value in found if value is not None]
    return sum(there, Decimal(0)) if there else None


def past_whole(rows: Sequence[Row], by_currency: Sequence[Totals], currency: str) -> Whole | None:
    """The total of the rows over all their currencies, at the rates known at their moment. No query."""
    if len(by_currency) < 2:
        return None
    figures: dict[str, list[Figures]] = defaultdict(list)
    lacking: dict[str, list[date | None]] = defaultdict(list)
    for row in rows:
        found = row["reported"]
        if isinstance(found, MissingRate):
            lacking[row["currency"]].append(found.on)
        elif found is not None:
            figures[row["currency"]].append(tuple(getattr(found, key) for key in SUMS))
    return put_together(by_currency, figures, lacking, currency)
