"""What a file can be imported into, and the fields of each: their kind, the words people use for them, the choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal[
    "text", "code", "money", "date", "month", "percent", "choice", "reference", "person", "vendor", "tags", "number"
]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a target. `edge` says which day "June 2026" means; `synonyms` are plain words (headers.py)."""

    key: str
    label: str
    kind: Kind
    required: bool = False
    choices: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    edge: Literal["start", "finish"] = "start"
    limit: int = 0
    help: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """`key_fields`: the first mapped one identifies a row where the options name no key."""

    key: str
    label: str
    fields: Mapping[str, Field]
    key_fields: tuple[str, ...]
    money: tuple[str, ...]


CATEGORIES: Final = ("labour", "material", "equipment", "services", "travel", "facilities", "contingency", "other")
EXPENSE_TYPES: Final = ("capital", "operating")
COST_KINDS: Final = ("actual", "commitment", "accrual")
STATUSES: Final = ("proposed", "active", "on_hold", "closed", "cancelled")
HEALTHS: Final = ("green", "amber", "red")

# Words that mean a choice wherever they stand, compared without case, spaces and hyphens.
CHOICE_WORDS: Final[Mapping[str, str]] = {
    "g": "green", "a": "amber", "r": "red", "yellow": "amber", "ontrack": "green", "atrisk": "amber", "offtrack": "red",
    "amberred": "amber", "ambergreen": "amber",
    "inprogress": "active", "open": "active", "ongoing": "active", "execution": "active", "started": "active",
    "planned": "proposed", "notstarted": "proposed", "proposal": "proposed", "planning": "proposed",
    "onhold": "on_hold", "paused": "on_hold", "suspended": "on_hold",
    "complete": "closed", "completed": "closed", "finished": "closed", "done": "closed",
    "canceled": "cancelled", "terminated": "cancelled", "withdrawn": "cancelled",
    "capex": "capital", "opex": "operating", "operational": "operating",
    "labor": "labour", "staff": "labour", "personnel": "labour", "people": "labour", "salaries": "labour",
    "materials": "material", "goods": "material", "hardware": "equipment", "service": "services",
    "consulting": "services", "contractor": "services", "contractors": "services", "facility": "facilities",
    "rent": "facilities", "misc": "other",
    "miscellaneous": "other", "actuals": "actual", "invoice": "actual", "spent": "actual", "committed": "commitment",
    "po": "commitment", "purchaseorder": "commitment", "order": "commitment", "accrued": "accrual",
}  # fmt: skip


def _fields(*fields: Field) -> Mapping[str, Field]:
    return {field.key: field for field in fields}


_PROJECT: Final = Field(
    "project", "Project", "reference", required=True, limit=200, help="code, external id or name of the project",
    synonyms=("project code", "project id", "project", "project number", "project name", "code", "pid"),
)  # fmt: skip
_CURRENCY: Final = Field("currency", "Currency", "code", limit=3, synonyms=("currency", "currency code", "ccy"))
_SOURCE: Final = Field("source", "Source system", "text", limit=60, synonyms=("source", "source system", "system"))
_CATEGORY: Final = Field(
    "category", "Cost category", "choice", choices=CATEGORIES,
    synonyms=("cost category", "category", "cost type", "account", "cost element"),
)  # fmt: skip

PROJECTS: Final = _fields(
    Field("code", "Code", "code", limit=60, synonyms=("project code", "code", "project number", "project no", "ref")),
    Field(
        "name", "Name", "text", required=True, limit=300,
        synonyms=("project name", "name", "project title", "title", "project", "nome", "nom", "bezeichnung"),
    ),
    Field(
        "description", "Description", "text", limit=20_000,
        synonyms=("description", "project description", "description aims", "summary", "aims", "scope", "descricao"),
    ),
    Field("portfolio", "Portfolio", "reference", limit=200, synonyms=("portfolio", "division", "business unit")),
    Field("programme", "Programme", "reference", limit=200, synonyms=("programme", "program", "investment title")),
    Field(
        "status", "Status", "choice", choices=STATUSES,
        synonyms=("status", "project status", "delivery status", "state", "project status name", "situacao"),
    ),
    Field("tier", "Tier", "number", synonyms=("tier", "project tier", "size class")),
    Field(
        "project_manager", "Project manager", "person", limit=200,
        synonyms=("project manager", "pm", "project lead", "lead", "manager", "responsible"),
    ),
    Field(
        "sponsor", "Sponsor", "person", limit=200,
        synonyms=("sponsor", "project sponsor", "executive sponsor", "sro", "senior responsible owner"),
    ),
    Field("budget_owner", "Budget owner", "person", limit=200, synonyms=("budget owner", "budget holder")),
    Field(
        "start", "Start", "date",
        synonyms=(
            "start", "start date", "project start date", "planned start", "planned start date", "begin",
            "project start", "data inicial prevista",
        ),
    ),
    Field(
        "finish", "Finish", "date", edge="finish",
        synonyms=(
            "finish", "finish date", "end", "end date", "project end date", "planned finish", "planned end",
            "planned end date", "completion date", "planned completion date", "due date", "project end",
            "data final prevista", "deadline",
        ),
    ),
    Field(
        "actual_start", "Actual start", "date",
        synonyms=("actual start", "actual start date", "data inicial efetiva"),
    ),
    Field(
        "actual_finish", "Actual finish", "date", edge="finish",
        synonyms=("actual finish", "actual end", "actual end date", "actual finish date", "data final efetiva"),
    ),
    Field(
        "forecast_finish", "Forecast finish", "date", edge="finish",
        synonyms=("forecast finish", "forecast completion", "forecast end date", "projected finish", "expected finish"),
    ),
    _CURRENCY,
    Field("tags", "Tags", "tags", limit=400, synonyms=("tags", "labels", "keywords")),
    _SOURCE,
    Field(
        "external_id", "External id", "code", limit=120,
        synonyms=("external id", "id", "project id", "pid", "unique id", "identifier", "unique project id", "id unico"),
    ),
    Field(
        "budget", "Budget", "money", help="budget at completion (BAC)",
        synonyms=(
            "budget", "total budget", "planned cost", "project budget", "approved budget", "budget at completion",
            "bac", "whole life cost", "whole life costs", "baseline budget", "project budget amount", "baseline cost",
            "estimated cost", "orcamento",
        ),
    ),
    Field(
        "actual_cost", "Actual cost", "money", help="spent to date (AC)",
        synonyms=(
            "actual cost", "actuals", "spent", "spend to date", "cost to date", "actual", "expenditure", "spending",
            "actual spend", "amount spent", "actual cost to date",
        ),
    ),
    Field(
        "reported_eac", "Reported estimate at completion", "money",
        help="final cost as the source projects or reports it",
        synonyms=(
            "estimate at completion", "eac", "forecast", "forecast cost", "projected cost", "projected actual cost",
            "final cost", "forecast at completion", "budget forecast", "final estimate",
        ),
    ),
    Field(
        "percent_complete", "% complete", "percent",
        synonyms=(
            "percent complete", "complete", "progress", "completion", "done", "percentage complete",
            "physical progress",
        ),
    ),
    Field(
        "status_date", "Status date", "date",
        synonyms=("status date", "as of", "as at", "report date", "date reported as of", "updated", "updated date"),
    ),
    Field(
        "health", "Declared health", "choice", choices=HEALTHS,
        synonyms=("health", "rag", "rag status", "delivery confidence", "traffic light", "overall status"),
    ),
    Field("phase", "Phase", "text", limit=120, synonyms=("phase", "project phase", "project phase name", "phase name")),
)  # fmt: skip

BUDGET_LINES: Final = _fields(
    _PROJECT,
    Field("phase", "Phase", "text", limit=120, synonyms=("phase", "project phase", "phase name")),
    _CATEGORY,
    Field(
        "expense_type", "Capital or operating", "choice", choices=EXPENSE_TYPES,
        synonyms=("expense type", "capex opex", "capital or operating", "type of expense"),
    ),
    Field("period", "Month", "month", synonyms=("period", "month", "budget month", "date", "fiscal period")),
    Field(
        "amount", "Amount", "money", required=True,
        synonyms=("amount", "budget", "planned amount", "planned", "budget amount", "value", "cost"),
    ),
    _CURRENCY,
    Field("funding_source", "Funding source", "text", limit=120, synonyms=("funding source", "fund", "funding")),
)  # fmt: skip

COST_ENTRIES: Final = _fields(
    _PROJECT,
    Field("phase", "Phase", "text", limit=120, synonyms=("phase", "project phase", "phase name", "wbs")),
    Field("kind", "Kind", "choice", choices=COST_KINDS, synonyms=("kind", "entry type", "transaction type", "type")),
    _CATEGORY,
    Field(
        "amount", "Amount", "money", required=True,
        synonyms=("amount", "cost", "value", "net amount", "actual cost", "total", "invoice amount", "actual"),
    ),
    _CURRENCY,
    Field(
        "incurred_on", "Incurred on", "date", required=True,
        synonyms=("incurred on", "date", "posting date", "invoice date", "transaction date", "booking date"),
    ),
    Field("vendor", "Vendor", "vendor", limit=200, synonyms=("vendor", "supplier", "vendor name", "contractor")),
    Field(
        "reference", "Reference", "text", limit=120,
        synonyms=("reference", "invoice", "invoice number", "document", "document number", "po number"),
    ),
    Field("description", "Description", "text", limit=500, synonyms=("description", "text", "memo", "details")),
    _SOURCE,
    Field(
        "external_id", "External id", "code", limit=120,
        synonyms=("external id", "id", "entry id", "transaction id", "line id", "key"),
    ),
)  # fmt: skip

TARGETS: Final[Mapping[str, Target]] = {
    "projects": Target(
        "projects", "Projects", PROJECTS, ("external_id", "code", "name"), ("budget", "actual_cost", "reported_eac")
    ),
    "budget-lines": Target("budget-lines", "Budget lines", BUDGET_LINES, (), ("amount",)),
    "cost-entries": Target("cost-entries", "Cost entries", COST_ENTRIES, ("external_id",), ("amount",)),
}
