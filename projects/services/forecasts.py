"""An estimate to complete by month, as the project manager gives it: dated and kept, beside the computed ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError
from pmo.selectors.actors import Actor
from pmo.selectors.clock import today_in
from pmo.services.audit import audit_record
from projects.analysis.earned_value import measure
from projects.models import Category, Forecast, ForecastLine
from projects.selectors.facts import performance_facts
from projects.selectors.projects import project_get
from projects.services.costs import amount_checked, date_checked
from projects.services.performance import performance_owed

MOST_LINES = 1_000


class EtcLine(NamedTuple):
    """What is left to spend in a month (its first day) under a category."""

    period: date
    amount: Decimal
    category: str = "other"


@transaction.atomic
def etc_record(
    *, actor: Actor, project_id: int, status_date: date, lines: Sequence[EtcLine], note: str = ""
) -> Forecast:
    """Record what each month from the one of the status date on will cost. Its EAC is the actual cost at the status
    date, as known now, plus the lines. Raises ApplicationError naming the line at fault."""
    project = project_get(actor, action="project.edit", pk=project_id)
    if date_checked(status_date, field="status_date") > today_in(actor.organisation):
        raise ApplicationError(
            _("%s is in the future; a statement is about what is, not what will be.") % status_date.isoformat(),
            field="status_date", code="in_the_future",
        )  # fmt: skip
    if not 1 <= len(lines) <= MOST_LINES:
        raise ApplicationError(
            _("An estimate to complete has 1 to %d lines.") % MOST_LINES,
            field="lines", code="too_many" if lines else "empty",
        )  # fmt: skip
    seen: set[tuple[date, str]] = set()
    for number, line in enumerate(lines, start=1):
        _check(line, number, status_date, seen)
    spent = measure(performance_facts([project.pk], as_of=status_date)[project.pk].facts, status_date).ac or Decimal(0)
    eac = amount_checked(spent + sum((line.amount for line in lines), Decimal(0)), field="lines", zero=True)
    forecast = Forecast.objects.create(
        organisation_id=project.organisation_id, project=project, kind=Forecast.Kind.ETC, status_date=status_date,
        eac=eac, note=note.strip()[:500], recorded_by=actor.user, recorded_at=timezone.now(),
    )  # fmt: skip
    ForecastLine.objects.bulk_create(
        ForecastLine(
            organisation_id=project.organisation_id, forecast=forecast, period=line.period, category=line.category,
            amount=line.amount,
        )
        for line in lines
    )  # fmt: skip
    performance_owed(project.organisation_id, [project.pk])
    audit_record(
        actor=actor, action="forecast.record", object_type="forecast", object_id=forecast.pk,
        label=f"{project.code} {project.name}", project_id=project.pk,
        after={"eac": eac, "lines": len(lines), "as_at": status_date},
    )  # fmt: skip
    return forecast


def _check(line: EtcLine, number: int, status_date: date, seen: set[tuple[date, str]]) -> None:
    at = {"number": number, "month": f"{line.period:%Y-%m}"}
    if line.category not in Category.values:
        raise ApplicationError(_("“%s” is not a cost category.") % line.category, field="lines", code="unknown_choice")
    if line.period.day != 1 or line.period < status_date.replace(day=1):
        raise ApplicationError(
            _("Line %(number)d: %(month)s lies before the status date; what is spent is in the ledger.") % at,
            field="lines", code="in_the_past",
        )  # fmt: skip
    if (line.period, line.category) in seen:
        raise ApplicationError(
            _("Line %(number)d: %(month)s is there twice for one category.") % at, field="lines", code="twice"
        )
    seen.add((line.period, line.category))
    amount_checked(line.amount, field="lines", zero=True)
    if line.amount < 0:
        raise ApplicationError(
            _("Line %(number)d: what is left to spend is not negative.") % at, field="lines", code="negative"
        )
