"""All derived figures anew, from the rows: the figures of projects, then what the portfolio makes of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.db import connection, models, transaction

from pmo.kit.bulk import unswept
from pmo.models import Organisation
from portfolio.models import Finding, FindingProject, ProjectStanding, RollUp
from portfolio.services.compliance import compliance_differences, compliance_rebuild
from portfolio.services.standings import standings_refresh
from projects.services.baselines import baselines_ensure
from projects.services.performance import performance_differences, performance_rebuild

STANDING: Final = (
    "health", "health_reasons", "declared", "declared_on", "top_finding_title", "top_finding_severity", "open_findings",
)  # fmt: skip
FINDING: Final = ("status", "severity", "title", "detail", "evidence")
ROLLUP: Final = (
    "projects_counted", "projects_without_data", "projects_measured", "red", "amber", "green", "declared_too_green",
    "overdue", "stale", "open_findings", "figures", "undefined",
)  # fmt: skip
Kept = dict[tuple[str, str], dict[str, Any]]


@transaction.atomic
def organisation_rebuild(organisation_id: int) -> int:
    """Recompute figures, standings, findings and roll-ups of an organisation. Answers how many projects. An approved
    budget that has no baseline yet is given one.

    Holds what the background work holds for each of them, so that neither writes over the other.
    """
    unhurried()
    organisation_hold(organisation_id)  # before the figures, as every rebuild does
    baselines_ensure(organisation_id)
    done = performance_rebuild(organisation_id)
    standings_rebuild(organisation_id)
    return done


@transaction.atomic
def standings_rebuild(organisation_id: int) -> None:
    """Recompute what rests on the figures of projects: compliance, standings, findings, roll-ups."""
    unhurried()
    organisation_hold(organisation_id)
    with unswept():
        compliance_rebuild(organisation_id)
        standings_refresh(organisation_id)


def organisation_differences(organisation_id: int) -> list[str]:
    """Compare everything derived with a full recompute; one sentence for each difference. Changes nothing: what is
    recomputed above the figures of projects is written in a transaction that is rolled back.
    """
    with transaction.atomic():
        unhurried()
        with unswept():
            differences = performance_differences(organisation_id)
            differences += compliance_differences(organisation_id)
        organisation_hold(organisation_id)
        before = _kept(organisation_id)
        standings_refresh(organisation_id)
        after = _kept(organisation_id)
        transaction.set_rollback(True)
    return differences + list(_differing(before, after))


def unhurried() -> None:
    """The limit that protects web requests does not apply to this transaction, and compiling its queries takes longer
    than it saves. PostgreSQL only."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL jit = off")


def organisation_hold(organisation_id: int) -> None:
    """Wait for and hold what every writer of standings, findings and roll-ups holds, until the transaction ends."""
    rows = Organisation.objects.filter(pk=organisation_id)
    if connection.vendor == "postgresql":
        rows = rows.select_for_update(no_key=True)
    rows.values_list("pk", flat=True).get()


def _kept(organisation_id: int) -> Kept:
    kept: Kept = {}
    mine: dict[str, Any] = {"organisation_id": organisation_id}
    for code, row in _by(ProjectStanding.objects.filter(**mine), "project__code", STANDING):
        kept["the standing of project", code] = row
    concerned: dict[str, list[int]] = {}
    links = FindingProject.objects.filter(**mine).order_by("project_id").values_list("finding__subject", "project_id")
    for subject, project in links:
        concerned.setdefault(subject, []).append(project)
    for (rule, subject), row in _findings(mine):
        kept["the finding", f"{rule} of {subject}"] = {**row, "projects": concerned.get(subject, [])}
    rows = RollUp.objects.filter(**mine).values("scope", "portfolio__code", "programme__code", "currency", *ROLLUP)
    for row in rows:
        name = row["portfolio__code"] or row["programme__code"] or ""
        kept["the roll-up", f"{row['scope']} {name} {row['currency']}"] = {key: row[key] for key in ROLLUP}
    return kept


def _by(rows: models.QuerySet[Any], key: str, columns: Iterable[str]) -> Iterable[tuple[str, dict[str, Any]]]:
    for row in rows.values(key, *columns):
        yield row.pop(key), row


def _findings(mine: dict[str, Any]) -> Iterable[tuple[tuple[str, str], dict[str, Any]]]:
    for row in Finding.objects.filter(**mine).values("rule", "subject", *FINDING):
        yield (row.pop("rule"), row.pop("subject")), row


def _differing(before: Kept, after: Kept) -> Iterable[str]:
    for (kind, name), row in after.items():
        kept = before.get((kind, name))
        if kept is None:
            yield f"There is no {kind.removeprefix('the ')} {name}, but the rows call for it."
            continue
        for key, value in row.items():
            if kept[key] != value:
                yield f"{kind.capitalize()} {name}: {key} is kept as {_short(kept[key])}, the rows say {_short(value)}."
    for kind, name in before.keys() - after.keys():
        yield f"{kind.capitalize()} {name} is kept, but nothing calls for it."


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 160 else f"{text[:150]}… ({len(text):,} characters)"
