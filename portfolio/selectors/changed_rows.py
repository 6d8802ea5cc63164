"""The rows that may lie between two moments: entries, statements, approvals, requests, findings, changes of the log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.kit.errors import ApplicationError
from pmo.kit.sums import ExactSum
from pmo.models import AuditEvent, Organisation, Person
from pmo.selectors.actors import Actor
from portfolio.models import FindingProject, Portfolio, Programme
from portfolio.selectors.findings import visible_to as findings_visible_to
from projects.analysis.changes import BudgetRow, EntryRow, EventRow, FieldRow, Moment, StatementRow
from projects.models import (
    Baseline,
    Budget,
    BudgetLine,
    ChangeRequest,
    CostEntry,
    Forecast,
    HealthDeclaration,
    Progress,
    Project,
    ProjectPhase,
)
from projects.selectors.projects import ids_for

ENTRY_LIMIT: Final = 100_000
PEOPLE: Final = ("project_manager", "sponsor", "budget_owner")
UPDATES: Final = ("project.update", "project.move", "project_phase.update", "project.archive", "project.restore")
LABELS: Final[Mapping[str, Any]] = {
    "name": gettext_lazy("Name"),
    "status": gettext_lazy("Status"),
    "tier": gettext_lazy("Tier"),
    "project_manager": gettext_lazy("Project manager"),
    "sponsor": gettext_lazy("Sponsor"),
    "budget_owner": gettext_lazy("Budget owner"),
    "start": gettext_lazy("Start, planned"),
    "finish": gettext_lazy("Finish, planned"),
    "actual_start": gettext_lazy("Started"),
    "actual_finish": gettext_lazy("Finished"),
    "forecast_finish": gettext_lazy("Finish, forecast"),
    "phase": gettext_lazy("Phase"),
    "programme": gettext_lazy("Programme"),
    "portfolio": gettext_lazy("Portfolio"),
    "eac_method": gettext_lazy("Method of the estimate at completion"),
    "method": gettext_lazy("Measured by"),
    "milestones": gettext_lazy("Milestones"),
}
PLACES: Final = {name: place for place, name in enumerate(LABELS)}
TOLD_BY_MONEY: Final = frozenset({"eac_method", "eac_method_reason"})
Key = tuple[str, int, str]


class Detail(NamedTuple):
    """What a row says beside its place in the changes: the day it is of, when and by whom it was recorded."""

    on: date | None
    at: datetime
    who: str
    text: str = ""
    code: str = ""  # the category of an entry


@dataclass
class Rows:
    """Of one project, by kind; `details` by (subject, id, what happened to it or "")."""

    entries: list[EntryRow] = field(default_factory=list)
    statements: list[StatementRow] = field(default_factory=list)
    budgets: list[BudgetRow] = field(default_factory=list)
    fields: list[FieldRow] = field(default_factory=list)
    events: list[EventRow] = field(default_factory=list)
    details: dict[Key, Detail] = field(default_factory=dict)


def rows_between(
    actor: Actor, first: Moment, second: Moment, project_ids: Collection[int], money: Collection[int]
) -> dict[int, Rows]:
    """By project. Of those in `money` everything the actor may see, of the others progress, health and, where the log
    is open to them, people and dates. At most seventeen queries. Raises ApplicationError above ENTRY_LIMIT entries.
    """
    found: dict[int, Rows] = defaultdict(Rows)
    organisation = actor.organisation
    currencies = dict(Project.objects.filter(pk__in=money).values_list("pk", "currency")) if money else {}
    if money:
        _entries(found, organisation, first, second, money)
        _budgets(found, organisation, second, money)
        _baselines(found, organisation, first, money, currencies)
        _requests(found, organisation, first, money, currencies)
        _forecasts(found, organisation, first, second, money, currencies)
        if actor.allows("finding.view"):
            _findings(found, actor, first, money)
    _progress(found, organisation, first, second, project_ids)
    _health(found, organisation, first, second, project_ids)
    if actor.allows("audit.view"):
        _fields(found, organisation, first, ids_for(actor, "audit.view", project_ids), money)
    return found


def _new(rows: QuerySet[Any], day: str, first: Moment, second: Moment, at: str = "recorded_at") -> QuerySet[Any]:
    """Those that count at the second moment and may not have at the first; the pure code looks exactly."""
    rows = rows.filter(**{f"{day}__lte": second.as_of})
    if second.known_at is not None:
        rows = rows.filter(**{f"{at}__lte": second.known_at})
    return rows.filter(Q(**{f"{day}__gt": first.as_of}) | _after(first, at))


def _after(first: Moment, at: str) -> Q:
    return Q(**{f"{at}__gt": first.known_at}) if first.known_at is not None else Q(pk__in=())


def _entries(
    found: dict[int, Rows], organisation: Organisation, first: Moment, second: Moment, ids: Collection[int]
) -> None:
    mine = CostEntry.objects.filter(organisation=organisation, project__in=ids)
    fields = (
        "project_id", "id", "kind", "amount", "incurred_on", "recorded_at", "reverses_id", "recorded_by__name",
        "vendor__name", "description", "reference", "category",
    )  # fmt: skip
    rows = list(_new(mine, "incurred_on", first, second).order_by("id").values_list(*fields)[: ENTRY_LIMIT + 1])
    if len(rows) > ENTRY_LIMIT:
        raise ApplicationError(
            _("More than %d ledger entries lie between the two moments; choose a later first one or a portfolio.")
            % ENTRY_LIMIT,
            field="from",
            code="too_many_rows",
        )
    for project, pk, kind, amount, on, at, reverses, who, vendor, description, reference, category in rows:
        mine_rows = found[project]
        mine_rows.entries.append(EntryRow(pk, kind, amount, on, at, reverses))
        text = ", ".join(part for part in (reference, vendor, description) if part) or f"#{pk}"
        mine_rows.details["entry", pk, ""] = Detail(on, at, who or "", text, category)


def _budgets(found: dict[int, Rows], organisation: Organisation, second: Moment, ids: Collection[int]) -> None:
    """All approved ones: the one in force before is told beside the new one."""
    approved = Budget.objects.filter(
        organisation=organisation, project__in=ids, state=Budget.State.APPROVED, effective_on__lte=second.as_of
    ).order_by("number")
    rows = list(approved.values_list("project_id", "id", "number", "effective_on", "approved_at", "approved_by__name"))
    lines = BudgetLine.objects.filter(budget__in=approved.order_by().values("pk")).order_by()
    bac = dict(lines.values_list("budget_id").annotate(total=ExactSum("amount")))
    for project, pk, number, on, at, who in rows:
        if on is None or at is None:  # the database refuses an approved budget without its moment
            continue
        found[project].budgets.append(BudgetRow(pk, number, bac.get(pk, Decimal(0)), on, at))
        found[project].details["budget", pk, ""] = Detail(on, at, who or "")


def _baselines(
    found: dict[int, Rows], organisation: Organisation, first: Moment, ids: Collection[int], currencies: dict[int, str]
) -> None:
    mine = Baseline.objects.filter(_after(first, "recorded_at"), organisation=organisation, project__in=ids)
    fields = ("project_id", "id", "number", "bac", "effective_on", "recorded_at", "recorded_by__name", "finish")
    for project, pk, number, bac, on, at, who, finish in mine.order_by("id").values_list(*fields):
        text = _("Baseline %(number)d: %(bac)s") % {"number": number, "bac": _amount(bac, currencies[project])}
        if finish is not None:
            text += _(", finish %s") % finish.isoformat()
        _event(found[project], EventRow(pk, "baseline", text, at), on, who)


def _requests(
    found: dict[int, Rows], organisation: Organisation, first: Moment, ids: Collection[int], currencies: dict[int, str]
) -> None:
    mine = ChangeRequest.objects.filter(organisation=organisation, project__in=ids, submitted_at__isnull=False)
    mine = mine.filter(_after(first, "submitted_at") | _after(first, "decided_at")).order_by("id")
    fields = (
        "project_id", "id", "number", "title", "state", "cost_effect", "submitted_at", "proposed_by__name",
        "decided_at", "decided_by__name",
    )  # fmt: skip
    states = dict(ChangeRequest.State.choices)
    for project, pk, number, title, state, cost, asked, asker, decided, decider in mine.values_list(*fields):
        name = f"CR-{number} {title} ({_amount(cost, currencies[project], sign=True)})"
        _event(found[project], EventRow(pk, "request", _("Handed in: %s") % name, asked), None, asker)
        if decided is not None:
            _event(found[project], EventRow(pk, "request", f"{states[state]}: {name}", decided), None, decider)


def _forecasts(
    found: dict[int, Rows], organisation: Organisation, first: Moment, second: Moment, ids: Collection[int],
    currencies: dict[int, str],
) -> None:  # fmt: skip
    mine = Forecast.objects.filter(organisation=organisation, project__in=ids)
    fields = ("project_id", "id", "eac", "status_date", "recorded_at", "recorded_by__name", "note")
    for project, pk, eac, on, at, who, note in (
        _new(mine, "status_date", first, second).order_by("id").values_list(*fields)
    ):
        text = _("Cost at completion %s") % _amount(eac, currencies[project])
        row = StatementRow(pk, "forecast", f"{text} ({note})" if note else text, on, at)
        _statement(found[project], row, who)


def _progress(
    found: dict[int, Rows], organisation: Organisation, first: Moment, second: Moment, ids: Collection[int]
) -> None:
    mine = Progress.objects.filter(organisation=organisation, project__in=ids)
    fields = (
        "project_id", "id", "project_phase__name", "percent_complete", "status_date", "recorded_at",
        "recorded_by__name",
    )  # fmt: skip
    for project, pk, phase, percent, on, at, who in (
        _new(mine, "status_date", first, second).order_by("id").values_list(*fields)
    ):
        text = f"{phase or _('Whole project')} {percent.normalize():f} %"
        _statement(found[project], StatementRow(pk, "progress", text, on, at), who)


def _health(
    found: dict[int, Rows], organisation: Organisation, first: Moment, second: Moment, ids: Collection[int]
) -> None:
    mine = HealthDeclaration.objects.filter(organisation=organisation, project__in=ids)
    words = dict(HealthDeclaration._meta.get_field("health").choices or ())
    fields = ("project_id", "id", "health", "reason", "status_date", "recorded_at", "declared_by__name")
    for project, pk, health, reason, on, at, who in (
        _new(mine, "status_date", first, second).order_by("id").values_list(*fields)
    ):
        word = str(words.get(health, health))
        text = f"{word}: {reason.rstrip('.')}" if reason else word
        _statement(found[project], StatementRow(pk, "health", text, on, at), who)


def _findings(found: dict[int, Rows], actor: Actor, first: Moment, ids: Collection[int]) -> None:
    seen = findings_visible_to(actor).filter(_after(first, "first_seen") | _after(first, "resolved_at"))
    links = FindingProject.objects.filter(
        organisation=actor.organisation, project__in=ids, finding__in=seen.order_by().values("pk")
    )
    fields = ("project_id", "finding_id", "finding__title", "finding__first_seen", "finding__resolved_at")
    for project, pk, title, opened, resolved in links.order_by("finding_id").values_list(*fields):
        _event(found[project], EventRow(pk, "finding", _("Opened: %s") % title, opened), None, "")
        if resolved is not None:
            _event(found[project], EventRow(pk, "finding", _("Resolved: %s") % title, resolved), None, "")


def _fields(
    found: dict[int, Rows], organisation: Organisation, first: Moment, ids: Collection[int], money: Collection[int]
) -> None:
    mine = AuditEvent.objects.filter(
        _after(first, "at"), organisation=organisation, project_ref__in=ids, action__in=(*UPDATES, "project.create")
    )
    fields = ("project_ref", "id", "action", "object_type", "label", "before", "after", "at", "user__name")
    events = list(mine.order_by("id").values_list(*fields))
    names = _names(organisation, [(before, after) for *_rest, before, after, _at, _who in events])
    told = set(money)
    for project, pk, action, kind, label, before, after, at, who in events:
        mine_rows = found[project]
        if action in ("project.create", "project.archive", "project.restore"):
            words = {"create": _("Project entered"), "archive": _("Archived"), "restore": _("Taken out of the archive")}
            _event(mine_rows, EventRow(pk, "project", words[action.partition(".")[2]], at), None, who)
            continue
        phase = f"{label.partition(': ')[2]}: " if kind == "project_phase" else ""
        for name, value in sorted((after or {}).items(), key=_place):  # a JSON object has no order of its own
            was = (before or {}).get(name)
            if was == value or name in TOLD_BY_MONEY and project not in told:
                continue
            words_of = (str(LABELS.get(name, name.replace("_", " ").capitalize())), *(
                _shown(name, part, names) for part in (was, value)
            ))  # fmt: skip
            mine_rows.fields.append(FieldRow(pk, phase + words_of[0], words_of[1], words_of[2], at))
        mine_rows.details["field", pk, ""] = Detail(None, at, who or "")


def _place(item: tuple[str, Any]) -> tuple[int, str]:
    """Changes of one step in the order of LABELS, what is not among them after those, by its name."""
    return PLACES.get(item[0], len(PLACES)), item[0]


def _names(organisation: Organisation, pairs: Iterable[tuple[Any, Any]]) -> dict[tuple[str, int], str]:
    """Names of the people, phases, programmes and portfolios that the log knows by number: one query a kind named."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for values in _dicts(pairs):
        for name, value in values.items():
            if isinstance(value, int) and name in (*PEOPLE, "phase", "programme", "portfolio"):
                wanted["person" if name in PEOPLE else name].add(value)
    models: dict[str, Any] = {
        "person": Person, "phase": ProjectPhase, "programme": Programme, "portfolio": Portfolio,
    }  # fmt: skip
    names: dict[tuple[str, int], str] = {}
    for kind, keys in wanted.items():
        rows = models[kind].objects.filter(organisation=organisation, pk__in=keys)
        names.update({(kind, pk): name for pk, name in rows.values_list("pk", "name")})
    return names


def _dicts(pairs: Iterable[tuple[Any, Any]]) -> Iterator[Mapping[str, Any]]:
    for pair in pairs:
        for values in pair:
            if isinstance(values, dict):
                yield values


def _shown(name: str, value: Any, names: Mapping[tuple[str, int], str]) -> str:
    if value is None or value == "":
        return ""
    kind = "person" if name in PEOPLE else name
    if isinstance(value, int) and (kind, value) in names:
        return names[kind, value]
    text = ", ".join(_part(part) for part in value) if isinstance(value, list) else str(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


def _part(part: Any) -> str:
    """One of a list: of a milestone its name, weight and day."""
    if not isinstance(part, dict):
        return str(part)
    on = f", {part['planned_on']}" if part.get("planned_on") else ""
    return f"{part.get('name', '')} ({Decimal(str(part.get('weight', 0))).normalize():f}{on})"


def _statement(rows: Rows, row: StatementRow, who: str | None) -> None:
    rows.statements.append(row)
    rows.details[row.subject, row.id, ""] = Detail(row.status_date, row.recorded_at, who or "")


def _event(rows: Rows, row: EventRow, on: date | None, who: str | None) -> None:
    rows.events.append(row)
    rows.details[row.subject, row.id, row.text] = Detail(on, row.recorded_at, who or "")


def _amount(value: Decimal, currency: str, *, sign: bool = False) -> str:
    text = f"{value:+,}" if sign else f"{value:,}"
    return f"{text.replace('-', '−')} {currency}"
