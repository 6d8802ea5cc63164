"""Keeping the figures of projects in other currencies in the organisation's, beside their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from pmo.models import Organisation
from pmo.services.outbox import HANDLERS, Handler, owe
from projects.analysis.conversion import MissingRate
from projects.analysis.earned_value import measure
from projects.analysis.reporting import Reported
from projects.models import ProjectReporting
from projects.selectors.facts import Loaded
from projects.selectors.reporting import projects_abroad, reported_figures

KIND: Final = "rates"
SUMS: Final = ("bac", "pv", "ev", "ac", "committed", "eac")
FIELDS: Final = ("status_date", "currency", *SUMS, "missing_base", "missing_quote", "missing_on", "rates")
SIX: Final = Decimal("0.000001")


def reporting_write(organisation: Organisation, loaded: Mapping[int, Loaded], status_date: date) -> None:
    """Renew the converted figures of those of the projects that are kept in another currency. No query where none is.

    Call in the transaction that writes their own figures.
    """
    now = timezone.now()
    rows = [
        ProjectReporting(organisation=organisation, project_id=pk, computed_at=now, **values)
        for pk, values in reporting_values(organisation, loaded, status_date).items()
    ]
    if rows:
        ProjectReporting.objects.bulk_create(
            rows,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["project"],
            update_fields=[*FIELDS, "computed_at"],
        )


def reporting_values(
    organisation: Organisation, loaded: Mapping[int, Loaded], status_date: date
) -> dict[int, dict[str, Any]]:
    """What the rows of the projects abroad are to hold, by project id: FIELDS. No query where none is abroad."""
    measured = {
        pk: measure(each.facts, status_date)
        for pk, each in loaded.items()
        if each.facts.currency != organisation.currency
    }
    found = reported_figures(organisation, measured, as_of=status_date)
    return {pk: _values(one, organisation.currency, status_date) for pk, one in found.items()}


def reporting_differences(organisation: Organisation, loaded: Mapping[int, Loaded], status_date: date) -> list[str]:
    """Compare what is kept with a full recompute of these projects; one sentence for each difference."""
    rows = ProjectReporting.objects.filter(organisation=organisation)
    kept: dict[int, dict[str, Any]] = {row["project_id"]: dict(row) for row in rows.values()}
    wanted = reporting_values(organisation, loaded, status_date)
    told = []
    for pk, values in wanted.items():
        row = kept.pop(pk, None)
        if row is None:
            told.append(f"Project {pk} has no figures in {organisation.currency}.")
            continue
        told += [
            f"Project {pk} in {organisation.currency}: {key} is kept as {row[key]!r}, the rows say {value!r}."
            for key, value in values.items()
            if row[key] != value
        ]
    strays = sorted(kept.keys() & loaded.keys())
    return told + [f"Project {pk} has figures in {organisation.currency} that nothing calls for." for pk in strays]


def reporting_sweep(organisation: Organisation) -> None:
    """Remove what is kept of projects that are no longer abroad: for the full rebuild."""
    abroad = projects_abroad(organisation)
    ProjectReporting.objects.filter(organisation=organisation).exclude(project_id__in=abroad).delete()


def _values(found: Reported | MissingRate, currency: str, status_date: date) -> dict[str, Any]:
    empty: dict[str, Any] = dict.fromkeys(SUMS)
    if isinstance(found, MissingRate):
        return {
            "status_date": status_date, "currency": currency, **empty, "missing_base": found.base,
            "missing_quote": found.quote, "missing_on": found.on, "rates": [],
        }  # fmt: skip
    sums = {key: None if (value := getattr(found, key)) is None else value.quantize(SIX) for key in SUMS}
    used = [[rate.base, rate.quote, str(rate.rate), rate.valid_on.isoformat()] for rate in found.used]
    return {
        "status_date": status_date, "currency": currency, **sums, "missing_base": "", "missing_quote": "",
        "missing_on": None, "rates": used,
    }  # fmt: skip


@transaction.atomic
def rates_changed(organisation_id: int, subjects: Sequence[int]) -> None:
    """Owe the figures of every project that is kept in another currency than the organisation's."""
    organisation = Organisation.objects.get(pk=organisation_id)
    owe("performance", organisation_id, projects_abroad(organisation))


def _all(organisation_id: int, subjects: Sequence[int]) -> list[int]:
    """Nothing is to be locked: owing twice is owing once."""
    return list(subjects)


HANDLERS.add(KIND, Handler(KIND, _all, rates_changed, batch=50))
