"""Importing projects: deciding what each record creates or changes. Reads only; import_projects_write.py writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from projects.imports.grouping import Record
from projects.imports.headers import shorten
from projects.imports.rows import ParsedRow, Value
from projects.models import Project
from projects.selectors.imports import KnownProject, known_projects
from projects.selectors.projects import projects_for
from projects.services.import_plan import Context, money_text
from projects.services.import_references import Missing, code_from

SIMPLE = (
    "name",
    "description",
    "status",
    "tier",
    "start",
    "finish",
    "actual_start",
    "actual_finish",
    "forecast_finish",
    "tags",
)
PEOPLE = ("project_manager", "sponsor", "budget_owner")
STATEMENTS = ("reported_eac", "percent_complete", "health")


@dataclass(slots=True)
class BudgetDraft:
    """A budget version: amounts by phase name (None: the whole project)."""

    lines: list[tuple[str | None, Decimal]]
    effective_on: date

    @property
    def total(self) -> Decimal:
        return sum((amount for _name, amount in self.lines), Decimal(0))


@dataclass(slots=True)
class ProjectChange:
    """One project, new or known, with all that the file says about it."""

    project: Project
    known: KnownProject | None
    outcome: str = "unchanged"
    fields: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    phases: list[tuple[str, ParsedRow]] = field(default_factory=list)
    current_phase: str | None = None
    budgets: list[BudgetDraft] = field(default_factory=list)
    ledger: list[tuple[str | None, Decimal, date]] = field(default_factory=list)
    forecasts: list[tuple[date, Decimal]] = field(default_factory=list)
    progress: list[tuple[date, Decimal]] = field(default_factory=list)
    health: list[tuple[date, str]] = field(default_factory=list)


def decide_projects(context: Context, records: Sequence[Record]) -> tuple[list[ProjectChange], list[Record]]:
    """Changes to be written (with the unchanged left out) and the accepted records. Verdicts go to the context."""
    directory = known_projects(context.actor.organisation.pk, source=context.source)
    allowed = set(projects_for(context.actor, "import.run").values_list("pk", flat=True))
    changes: list[ProjectChange] = []
    accepted: list[Record] = []
    seen: dict[int, int] = {}
    for record in records:
        source = str(record.values.get("source") or context.source)
        external = _external_id(record)
        known = directory.find(source, external, _text(record, "code"), str(record.values["name"]))
        try:
            if known is not None:
                if known.project.pk not in allowed:
                    raise Missing(_("You may not import into “%s”.") % record.key)
                if known.project.pk in seen:
                    raise Missing(_("Line %s is about the same project already.") % seen[known.project.pk])
                change = _changed(context, known, record)
                seen[known.project.pk] = record.lines[0]
            else:
                change = _created(context, directory.codes, record, source, external)
        except Missing as problem:
            context.reject(record, str(problem))
            continue
        accepted.append(record)
        context.accept(record, change.outcome, change.project, change.before or None, _told(record, change))
        if change.outcome != "unchanged":
            changes.append(change)
    return changes, accepted


def _told(record: Record, change: ProjectChange) -> str:
    """What the import does to the project, for the person who looks at the preview."""
    name = shorten(str(record.values["name"]), 90) if record.key != record.values["name"] else ""
    if change.outcome == "unchanged":
        return name
    if change.known is not None:
        parts = [f"{key.replace('_', ' ')}: {_brief(pair)}" for key, pair in change.before.items()]
        return (f"{name}: " if name else "") + "; ".join(parts)
    days = [day.isoformat() for day in (change.project.start, change.project.finish) if day is not None]
    amounts = [
        f"{label} {value:,.2f}"
        for key, label in (("budget", _("budget")), ("actual_cost", _("spent")), ("reported_eac", _("estimate")))
        if isinstance(value := record.values.get(key), Decimal)
    ]
    return ", ".join([*([name] if name else []), *amounts, *([" – ".join(days)] if days else [])])


def _brief(pair: Any) -> str:
    old, new = pair if len(pair) == 2 and not isinstance(pair[0], list) else ("…", "…")
    return f"{shorten(str(old if old is not None else '–'), 40)} → {shorten(str(new if new is not None else '–'), 40)}"


def _external_id(record: Record) -> str:
    given = record.values.get("external_id")
    return str(given) if given else "/".join(part for part in record.identity if part)[:120]


def _text(record: Record, name: str) -> str:
    value = record.values.get(name)
    return str(value) if value else ""


def _created(context: Context, codes: dict[str, Any], record: Record, source: str, external: str) -> ProjectChange:
    values, references = record.values, context.references
    if not (context.actor.everywhere("import.run") or context.actor.portfolio_ids):
        raise Missing(_("Your role may import into your own projects, but not create new ones."))
    programme_name = _text(record, "programme")
    named = _text(record, "portfolio") or None
    home = references.programme_home(programme_name) if programme_name and named is None else None
    portfolio = home or references.portfolio(named, _text(record, "currency"))
    if not context.actor.everywhere("import.run") and portfolio.pk not in context.actor.portfolio_ids:
        raise Missing(_("You may not create projects in the portfolio “%s”.") % portfolio.name)
    code = _text(record, "code")
    if code and code.casefold() in codes:
        raise Missing(_("The code “%s” is taken by another project.") % code)
    project = Project(
        organisation=context.actor.organisation,
        code=code or code_from(external or f"P-{len(codes) + 1:04d}", codes, limit=60),
        portfolio=portfolio,
        programme=references.programme(programme_name, portfolio) if programme_name else None,
        currency=_text(record, "currency") or portfolio.currency or context.actor.organisation.currency,
        source=source if external else _text(record, "source"),
        external_id=external,
        import_batch=context.batch,
        **{name: values[name] for name in SIMPLE if values.get(name) is not None},
    )
    for name in PEOPLE:
        if person := _text(record, name):
            setattr(project, name, references.person(person))
    _check_dates(project.start, project.finish)
    change = ProjectChange(project=project, known=None, outcome="created")
    _money_and_statements(context, change, record)
    for older in reversed(record.older):
        _history(change, older)
    codes[project.code.casefold()] = project
    return change


def _check_dates(start: Any, finish: Any) -> None:
    if start and finish and finish < start:
        raise Missing(
            _("The finish %(finish)s is before the start %(start)s.")
            % {"finish": finish.isoformat(), "start": start.isoformat()}
        )


def _changed(context: Context, known: KnownProject, record: Record) -> ProjectChange:
    """Only what the file says counts: an empty cell never empties a field."""
    project, values = known.project, record.values
    change = ProjectChange(project=project, known=known)
    wanted: dict[str, Any] = {name: values[name] for name in SIMPLE if values.get(name) is not None}
    for name in PEOPLE:
        if person := _text(record, name):
            wanted[name] = context.references.person(person)
    if (programme := _text(record, "programme")) and project.portfolio:
        wanted["programme"] = context.references.programme(programme, project.portfolio)
    if project.archived_at is not None:
        wanted["archived_at"] = None
    if (currency := _text(record, "currency")) and currency != project.currency:
        raise Missing(
            _("%(project)s is kept in %(own)s, not in %(other)s.")
            % {"project": project.code, "own": project.currency, "other": currency}
        )
    for name, value in wanted.items():
        current = getattr(project, name)
        if value != current:
            change.fields[name] = value
            change.before[name] = [_plain(current), _plain(value)]
    _check_dates(change.fields.get("start", project.start), change.fields.get("finish", project.finish))
    _money_and_statements(context, change, record)
    if change.fields or change.budgets or change.ledger or change.forecasts or change.progress or change.health:
        change.outcome = "updated"
    return change


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.pk if hasattr(value, "pk") else value


def _money_and_statements(context: Context, change: ProjectChange, record: Record) -> None:
    known = change.known
    stamp = record.stamp or context.today
    if stamp > context.today:
        raise Missing(_("The status date %s lies in the future.") % stamp.isoformat())
    parts = [part for part in record.parts if part.values.get("phase")]
    change.phases = [(str(part.values["phase"]), part) for part in parts]
    if not parts:
        change.current_phase = _text(record, "phase") or None
    budget = _by_phase(record, parts, "budget")
    if budget and (known is None or not _same_budget(budget, known.budget)):
        day = record.stamp or min(change.project.start or context.today, context.today)
        change.budgets.append(BudgetDraft(budget, day))
        if known is not None:
            change.before["budget"] = [money_text(known.budget_total), money_text(change.budgets[-1].total)]
    spent = _by_phase(record, parts, "actual_cost")
    for phase, amount in spent:
        already = known.spent.get(phase, Decimal(0)) if known else Decimal(0)
        if amount != already:
            change.ledger.append((phase, amount - already, stamp))
            if known is not None:
                change.before.setdefault("actual_cost", []).append([phase, money_text(already), money_text(amount)])
    statements: tuple[tuple[str, list[Any], Any], ...] = (
        ("reported_eac", change.forecasts, known.eac if known else None),
        ("percent_complete", change.progress, known.percent if known else None),
        ("health", change.health, known.health if known else None),
    )
    for name, target, latest in statements:
        value = record.values.get(name)
        if value is not None and (latest is None or latest != value):
            target.append((stamp, value))
            if known is not None:
                change.before[name] = [_statement(latest), _statement(value)]


def _statement(value: Any) -> Any:
    return money_text(value) if isinstance(value, Decimal) else value


def _by_phase(record: Record, parts: Sequence[ParsedRow], name: str) -> list[tuple[str | None, Decimal]]:
    """Amounts by phase in the order of the file; of the whole where there are no phases; only what is said."""
    if not parts:
        whole = record.values.get(name)
        return [(None, whole)] if isinstance(whole, Decimal) else []
    sums: dict[str | None, Decimal] = {}
    for part in record.parts:
        amount: Value = part.values.get(name)
        if isinstance(amount, Decimal):
            phase = str(part.values["phase"]) if part.values.get("phase") else None
            sums[phase] = sums.get(phase, Decimal(0)) + amount
    return list(sums.items())


def _same_budget(lines: Sequence[tuple[str | None, Decimal]], current: Mapping[str | None, Decimal]) -> bool:
    wanted: dict[str | None, Decimal] = defaultdict(Decimal)
    for phase, amount in lines:
        wanted[phase] += amount
    return {k: v for k, v in wanted.items() if v} == {k: v for k, v in current.items() if v} and bool(current)


def _history(change: ProjectChange, older: ParsedRow) -> None:
    """An earlier report: its budget becomes an earlier version (where it differs), its statements dated ones."""
    if older.stamp is None:
        return
    budget, latest = older.values.get("budget"), change.budgets
    if isinstance(budget, Decimal) and latest and (len(latest) == 1 or latest[-2].total != budget):
        latest.insert(len(latest) - 1, BudgetDraft([(None, budget)], older.stamp))
    for name, target in (
        ("reported_eac", change.forecasts),
        ("percent_complete", change.progress),
        ("health", change.health),
    ):
        value: Any = older.values.get(name)
        if value is not None and target:
            target.insert(len(target) - 1, (older.stamp, value))
