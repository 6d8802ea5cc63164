"""The facts that rules, health and roll-ups are computed from, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.db.models import Q, QuerySet
from django.db.models.functions import TruncDate

from pmo.kit.among import among
from pmo.kit.sums import ExactSum
from pmo.models import Organisation
from pmo.selectors.clock import status_date_of
from portfolio.analysis.facts import Invoice, PortfolioFacts, ProjectFigures, VendorSpend
from portfolio.models import Finding, FindingProject
from portfolio.selectors.ledger_facts import (
    ByProject,
    like_invoices,
    open_accruals,
    portfolio_spend,
    spend_apart,
)
from portfolio.selectors.lifecycle_facts import with_accountable, with_lifecycle
from portfolio.selectors.skill_facts import with_skills
from projects.models import Budget, BudgetLine, Category, CostEntry, Forecast, Project, Vendor

OWN: Final = (
    "id", "code", "name", "status", "portfolio_id", "portfolio__name", "programme_id", "programme__name", "currency",
    "project_manager__name", "sponsor__name", "budget_owner__name", "start", "finish",
)  # fmt: skip
MEASURED: Final = (
    "bac", "pv", "ev", "ac", "committed", "cv", "cv_percent", "cpi", "spi", "sv", "sv_percent", "eac", "vac",
    "vac_percent", "spend_percent", "percent_complete", "eac_method", "last_progress_on", "last_cost_on",
    "spend_since_progress",
)  # fmt: skip
# In the order of ProjectFigures, which has one more after OWN: whether there is a baseline.
COLUMNS: Final = (*OWN, *(f"performance__{name}" for name in MEASURED))

EMPTY: Final[tuple[tuple[int, Any], ...]] = (  # what stands for no value
    (COLUMNS.index("programme__name"), ""),
    (COLUMNS.index("performance__eac_method"), ""),
    (COLUMNS.index("performance__spend_since_progress"), Decimal(0)),
)


class WideFacts(NamedTuple):
    """What rules across projects need of the ledger: it rests on no computed figure."""

    vendor_spend: tuple[VendorSpend, ...]
    invoices: tuple[Invoice, ...]


def wide_facts(organisation: Organisation) -> WideFacts:
    """Of all projects of the organisation. Four queries."""
    status_date = status_date_of(organisation)
    return WideFacts(_vendor_spend(organisation, status_date, Q()), like_invoices(organisation, status_date))


def inner_facts(organisation: Organisation, project_ids: Collection[int]) -> PortfolioFacts:
    """Facts for the rules about one project, of these projects. Fourteen queries."""
    status_date, changed = status_date_of(organisation), frozenset(project_ids)
    figures = _figures(organisation, status_date, among(changed, "pk"), changed)
    facts = PortfolioFacts(status_date, figures, changed=changed, subjects=frozenset())
    return with_skills(organisation, with_lifecycle(organisation, facts))


def across_facts(organisation: Organisation, wide: WideFacts) -> PortfolioFacts:
    """Facts for the rules across projects, of all projects, without what only rules about one project read. Three
    queries beside those of `wide`."""
    status_date = status_date_of(organisation)
    facts = PortfolioFacts(
        status_date,
        _figures(organisation, status_date, Q(), frozenset()),
        wide.vendor_spend,
        portfolio_spend=portfolio_spend(organisation),
        invoices=wide.invoices,
    )
    return with_accountable(organisation, facts)


def portfolio_facts(organisation: Organisation, project_ids: Collection[int] | None = None) -> PortfolioFacts:
    """Facts of all projects of the organisation (to 22 queries), or of `project_ids` and of whatever the rules across
    projects need to judge them: their whole portfolios and programmes, and the vendors they pay (to 25 queries).

    Archived projects are left out, so that what was found about them resolves. For the system, not for a person: the
    caller shows nothing of it that somebody may not see.
    """
    status_date = status_date_of(organisation)
    if project_ids is None:
        wide = wide_facts(organisation)
        whole = PortfolioFacts(
            status_date,
            _figures(organisation, status_date, Q(), None),
            wide.vendor_spend,
            portfolio_spend=portfolio_spend(organisation),
            invoices=wide.invoices,
        )
        return with_skills(organisation, with_lifecycle(organisation, whole))
    changed = frozenset(project_ids)
    subjects = _subjects(organisation, changed)
    spend = _vendor_spend(organisation, status_date, Q(vendor_id__in=subjects["vendor"]))
    wanted = (
        Q(pk__in=changed | {item.project_id for item in spend})
        | Q(portfolio_id__in=subjects["portfolio"])
        | Q(programme_id__in=subjects["programme"])
    )
    some = PortfolioFacts(
        status_date,
        _figures(organisation, status_date, wanted, changed),
        spend,
        portfolio_spend=portfolio_spend(organisation),
        invoices=like_invoices(organisation, status_date, subjects["vendor"]),
        changed=changed,
        subjects=frozenset(f"{kind}:{pk}" for kind, pks in subjects.items() for pk in pks),
    )
    return with_skills(organisation, with_lifecycle(organisation, some))


def _figures(
    organisation: Organisation, status_date: date, wanted: Q, changed: frozenset[int] | None
) -> tuple[ProjectFigures, ...]:
    """Of the `wanted` projects. What only rules about one project read is loaded for the `changed` ones (None: all)."""
    mine = Project.objects.filter(wanted, organisation=organisation, archived_at__isnull=True)
    approved = Budget.objects.filter(
        among(changed), organisation=organisation, state=Budget.State.APPROVED, effective_on__lte=status_date
    )
    baselines = dict(approved.order_by("number").values_list("project_id", "id"))
    more = (
        _contingency(organisation, baselines, changed),
        _reported(organisation, status_date, changed),
        spend_apart(organisation, status_date, changed),
        open_accruals(organisation, status_date, changed),
    )
    return tuple(
        _project(row, row[0] in baselines, {name: x for part in more for name, x in part.get(row[0], {}).items()})
        for row in mine.order_by("id").values_list(*COLUMNS, TruncDate("created_at", tzinfo=UTC))
    )


def _contingency(organisation: Organisation, baselines: dict[int, int], projects: Collection[int] | None) -> ByProject:
    """By project, what its approved budget holds in contingency. One query."""
    mine = BudgetLine.objects.filter(among(projects), organisation=organisation, category=Category.CONTINGENCY)
    sums = mine.order_by().values_list("project_id", "budget_id").annotate(total=ExactSum("amount"))
    return {project: {"contingency": total} for project, budget, total in sums if baselines.get(project) == budget}


def _reported(organisation: Organisation, day: date, projects: Collection[int] | None) -> ByProject:
    """By project, the cost at completion reported last, and the one of the status date before it. One query."""
    mine = Forecast.objects.filter(among(projects), organisation=organisation, status_date__lte=day)
    said = mine.order_by("status_date", "id")
    found: dict[int, dict[str, Any]] = {}
    for project, on, eac in said.values_list("project_id", "status_date", "eac"):
        known = found.setdefault(project, {})
        if known.get("reported_eac_on") not in (None, on):
            known |= {"reported_before": known["reported_eac"], "reported_before_on": known["reported_eac_on"]}
        known |= {"reported_eac": eac, "reported_eac_on": on}
    return found


def _project(row: tuple[Any, ...], has_baseline: bool, more: dict[str, Any]) -> ProjectFigures:
    values = list(row)
    for place, empty in EMPTY:
        values[place] = values[place] or empty
    values.insert(len(OWN), has_baseline)
    return ProjectFigures(*values, **more)


def _spent(organisation: Organisation) -> QuerySet[CostEntry]:
    return CostEntry.objects.filter(organisation=organisation, vendor__isnull=False).exclude(
        kind=CostEntry.Kind.COMMITMENT
    )


def _vendor_spend(organisation: Organisation, status_date: date, wanted: Q) -> tuple[VendorSpend, ...]:
    sums = (
        _spent(organisation)
        .filter(wanted, incurred_on__lte=status_date)
        .order_by("vendor_id", "project_id")
        .values_list("vendor_id", "project_id")
        .annotate(total=ExactSum("amount"))
    )
    rows = list(sums)  # by ids alone: grouping a million entries by a joined name takes more than twice as long
    names = dict(Vendor.objects.filter(organisation=organisation).values_list("id", "name")) if rows else {}
    return tuple(VendorSpend(vendor, names[vendor], project, total) for vendor, project, total in rows)


def _subjects(organisation: Organisation, changed: frozenset[int]) -> dict[str, set[int]]:
    """What is wider than a project and may have to be judged anew: what the projects belong to and whom they pay, and
    the subjects of findings that concern them (they may have left a programme since)."""
    subjects: dict[str, set[int]] = defaultdict(set, {"portfolio": set(), "programme": set(), "vendor": set()})
    homes = Project.objects.filter(organisation=organisation, pk__in=changed).values_list(
        "portfolio_id", "programme_id"
    )
    for portfolio_id, programme_id in homes:
        subjects["portfolio"].add(portfolio_id)
        if programme_id is not None:
            subjects["programme"].add(programme_id)
    vendors = _spent(organisation).filter(project_id__in=changed).values_list("vendor_id", flat=True).distinct()
    subjects["vendor"].update(vendors)
    known = FindingProject.objects.filter(
        organisation=organisation, project_id__in=changed, finding__scope=Finding.Scope.PORTFOLIO
    ).exclude(finding__status=Finding.Status.RESOLVED)
    for subject in known.values_list("finding__subject", flat=True):
        kind, pk = subject.split(":")[:2]
        subjects[kind].add(int(pk))
    return subjects


def project_codes(organisation: Organisation, project_ids: Iterable[int]) -> dict[int, str]:
    """Codes by id, for evidence that names projects by id: one query."""
    mine = Project.objects.filter(organisation=organisation, pk__in=set(project_ids))
    return dict(mine.values_list("pk", "code"))
