"""Looking with all rules, and writing down what became of the findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Concat
from django.utils import timezone

from pmo.models import Organisation
from portfolio.analysis.evaluation import Setting, evaluate
from portfolio.analysis.facts import PortfolioFacts
from portfolio.analysis.findings import Evidence, Known, Plan, fingerprint, fingerprint_of, reconcile
from portfolio.analysis.findings import Finding as Seen
from portfolio.analysis.registry import Scope, all_rules
from portfolio.models import SEVERITY_RANK, Finding, FindingEvent, FindingProject
from portfolio.selectors.rules import rule_settings
from projects.models import Project

CHUNK: Final = 2_000
RENEWED: Final = (
    "severity", "severity_rank", "title", "detail", "evidence", "status", "suppressed_until", "last_seen",
    "resolved_at", "version",
)  # fmt: skip


@transaction.atomic
def findings_refresh(organisation: Organisation, facts: PortfolioFacts, *, scope: Scope | None = None) -> set[int]:
    """Evaluate every rule over `facts`, or those of one `scope`, and bring the findings in line. Answers the projects
    whose findings changed.

    The caller holds the lock of the organisation's standings: two evaluations never run at once. Doing it again with
    the same facts writes nothing.
    """
    settings = {row.slug: _setting(row.enabled, row.severity, row.tolerance) for row in rule_settings(organisation)}
    rules = [rule for rule in all_rules() if scope in (None, rule.scope)]
    evaluation = evaluate(facts, rules, settings)
    kept = {row.fingerprint: row for row in _existing(organisation, facts, scope)}
    known = [Known(r.fingerprint, r.rule, r.subject, r.status, r.suppressed_until) for r in kept.values()]

    def evaluated(rule: str, subject: str) -> bool:
        """A rule that the product no longer has sees nothing either: a look at everything (of a scope) resolves what it
        left."""
        gone = (facts.changed is None or scope is not None) and rule not in evaluation.rules
        return gone or evaluation.evaluated(rule, subject)

    plan = reconcile(known, evaluation.seen, evaluated, facts.status_date)
    now = timezone.now()
    again = [(change, kept[change.known.fingerprint]) for change in plan.seen_again]
    _touch([row.pk for _, row in again], now)
    moved = [c for c, row in again if row.scope == Finding.Scope.PORTFOLIO or not row.shows(c.finding)]
    plan = replace(plan, seen_again=tuple(moved))
    codes = {project.id: project.code for project in facts.projects}
    return _carry_out(organisation, plan, _rows(plan, kept), codes, now)


def _setting(enabled: bool, severity: str, tolerance: Mapping[str, str]) -> Setting:
    limits = {name: Decimal(value) for name, value in tolerance.items()}
    return Setting(enabled=enabled, severity=severity or None, tolerance=limits)  # type: ignore[arg-type]


class Kept(NamedTuple):
    """A finding on record, as far as comparing needs it: thousands are read, few have changed."""

    pk: int
    fingerprint: str
    rule: str
    subject: str
    scope: str
    status: Any
    suppressed_until: date | None
    severity: str
    title: str
    detail: str
    evidence: list[dict[str, Any]]

    def shows(self, seen: Seen) -> bool:
        """Whether words and figures are those on record."""
        return (self.severity, self.title, self.detail) == (seen.severity, seen.title[:300], seen.detail) and (
            self.evidence == [evidence_json(item) for item in seen.evidence]
        )


def _existing(organisation: Organisation, facts: PortfolioFacts, scope: Scope | None) -> Iterable[Kept]:
    mine = Finding.objects.filter(organisation=organisation)
    if scope == "project" and facts.changed is not None:
        mine = mine.filter(scope=Finding.Scope.PROJECT, subject__in=[f"project:{pk}" for pk in facts.changed])
    elif scope == "portfolio":  # and those whose project is no more: no look at projects comes by
        there = Project.objects.filter(organisation=organisation).annotate(
            subject=Concat(Value("project:"), "pk", output_field=CharField())
        )
        left = mine.filter(~Exists(there.filter(subject=OuterRef("subject"))), scope=Finding.Scope.PROJECT)
        mine = mine.filter(Q(scope=Finding.Scope.PORTFOLIO) | Q(pk__in=list(left.values_list("pk", flat=True))))
    elif facts.changed is not None:
        slugs = [rule.slug for rule in all_rules() if rule.scope == "project"]
        keys = [fingerprint_of(slug, f"project:{pk}") for slug in slugs for pk in facts.changed]
        mine = mine.filter(Q(fingerprint__in=keys) | Q(scope=Finding.Scope.PORTFOLIO))
    return (Kept(*row) for row in mine.order_by("id").values_list(*Kept._fields))


def _rows(plan: Plan, kept: Mapping[str, Kept]) -> dict[str, Finding]:
    """The rows of the findings that something becomes of, by fingerprint."""
    known = [change.known for change in (*plan.seen_again, *plan.reopened, *plan.unsuppressed)] + list(plan.resolved)
    ids = [kept[item.fingerprint].pk for item in known]
    rows: dict[str, Finding] = {}
    for start in range(0, len(ids), CHUNK):
        for row in Finding.objects.filter(pk__in=ids[start : start + CHUNK]):
            rows[row.fingerprint] = row
    return rows


def _carry_out(
    organisation: Organisation, plan: Plan, rows: dict[str, Finding], codes: Mapping[int, str], now: datetime
) -> set[int]:
    events: list[FindingEvent] = []
    scopes = {rule.slug: rule.scope for rule in all_rules()}

    def tell(row: Finding, kind: str, text: str) -> None:
        events.append(FindingEvent(organisation=organisation, finding=row, at=now, kind=kind, text=text))

    opened = Finding.objects.bulk_create(
        [_new(organisation, seen, scopes[seen.rule], now) for seen in plan.opened], batch_size=CHUNK
    )
    for row in opened:
        tell(row, "opened", row.title)
    renewed: list[Finding] = []
    seen_by_row = list(zip(opened, plan.opened, strict=True))
    for kind, changes in (("reopened", plan.reopened), ("unsuppressed", plan.unsuppressed), ("", plan.seen_again)):
        for change in changes:
            row = rows[change.known.fingerprint]
            before = row.severity
            seen_by_row.append((row, change.finding))
            if kind:
                row.status, row.resolved_at, row.version = change.status, None, row.version + 1
                tell(row, kind, change.finding.title)
            if _renew(row, change.finding) or kind:
                row.last_seen = now
                renewed.append(row)
            if row.severity != before and not kind:
                tell(row, "severity", f"{before} → {row.severity}")
    resolved = [rows[item.fingerprint] for item in plan.resolved]
    for row in resolved:
        row.status, row.resolved_at, row.version = Finding.Status.RESOLVED, now, row.version + 1
        tell(row, "resolved", row.title)
    _write(renewed + resolved)
    touched = _link(organisation, seen_by_row, opened, codes, tell)
    FindingEvent.objects.bulk_create(events, batch_size=CHUNK)
    return touched | _projects_of(organisation, [row.pk for row in renewed + resolved])


def _new(organisation: Organisation, seen: Seen, scope: str, now: datetime) -> Finding:
    row = Finding(
        organisation=organisation,
        rule=seen.rule,
        scope=scope,
        fingerprint=fingerprint(seen),
        subject=seen.subject,
        first_seen=now,
        last_seen=now,
    )
    _renew(row, seen)
    return row


def _renew(row: Finding, seen: Seen) -> bool:
    """Bring words and figures up to date. Answers whether anything differs from what was there."""
    title, evidence = seen.title[:300], [evidence_json(item) for item in seen.evidence]
    if (row.severity, row.title, row.detail, row.evidence) == (seen.severity, title, seen.detail, evidence):
        return False
    row.severity, row.severity_rank = seen.severity, SEVERITY_RANK[seen.severity]
    row.title, row.detail, row.evidence = title, seen.detail, evidence
    return True


def evidence_json(item: Evidence) -> dict[str, Any]:
    """One figure as it is kept and answered: amounts as plain digits, dates as ISO text, project ids as text."""
    value: Any = item.value
    if isinstance(value, Decimal):
        value = decimal_digits(value)
    elif isinstance(value, date):
        value = value.isoformat()
    project = None if item.project_id is None else str(item.project_id)
    return {"label": item.label, "value": value, "unit": item.unit, "project": project, "metric": item.metric}


def decimal_digits(value: Decimal) -> str:
    """Plain digits, at most six decimals, no trailing zeros, never a negative nothing."""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _write(rows: list[Finding]) -> None:
    """Many changed rows in few statements: an insert that meets its own fingerprint becomes an update."""
    Finding.objects.bulk_create(
        rows,
        batch_size=CHUNK,
        update_conflicts=True,
        unique_fields=["organisation", "fingerprint"],
        update_fields=list(RENEWED),
    )


def _touch(ids: list[int], now: datetime) -> None:
    for start in range(0, len(ids), CHUNK):
        Finding.objects.filter(pk__in=ids[start : start + CHUNK]).update(last_seen=now)


def _link(
    organisation: Organisation,
    seen_by_row: list[tuple[Finding, Seen]],
    opened: list[Finding],
    codes: Mapping[int, str],
    tell: Callable[[Finding, str, str], None],
) -> set[int]:
    """Bring the concerned projects in line. Only a finding across projects can change them once it is there."""
    fresh = {row.pk for row in opened}
    wide = [row.pk for row, _ in seen_by_row if row.scope == Finding.Scope.PORTFOLIO and row.pk not in fresh]
    linked: dict[int, set[int]] = defaultdict(set)
    links = FindingProject.objects.filter(organisation=organisation, finding_id__in=wide)
    for finding_id, project_id in links.values_list("finding_id", "project_id"):
        linked[finding_id].add(project_id)
    new: list[FindingProject] = []
    touched: set[int] = set()
    for row, seen in seen_by_row:
        if row.pk not in fresh and row.scope != Finding.Scope.PORTFOLIO:
            continue
        wanted, there = set(seen.project_ids), linked[row.pk]
        joined, left = wanted - there, there - wanted
        new += [FindingProject(organisation=organisation, finding=row, project_id=pk) for pk in sorted(joined)]
        if left:
            FindingProject.objects.filter(finding=row, project_id__in=left).delete()
        if row.pk not in fresh and (joined or left):
            moves = [("+", pk) for pk in sorted(joined)] + [("−", pk) for pk in sorted(left)]
            tell(row, "projects", ", ".join(f"{sign}{codes.get(pk, pk)}" for sign, pk in moves[:20]))
        touched |= joined | left
    FindingProject.objects.bulk_create(new, batch_size=CHUNK)
    return touched


def _projects_of(organisation: Organisation, finding_ids: list[int]) -> set[int]:
    found: set[int] = set()
    for start in range(0, len(finding_ids), CHUNK):
        links = FindingProject.objects.filter(
            organisation=organisation, finding_id__in=finding_ids[start : start + CHUNK]
        )
        found |= set(links.values_list("project_id", flat=True))
    return found
