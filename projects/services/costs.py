"""The ledger: posting and reversing. One transaction inserts the entry and owes the project's figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError, Forbidden, NotFound
from pmo.selectors.actors import Actor
from pmo.services.audit import audit_record
from pmo.services.periods import period_require_open
from projects.models import Category, CostEntry, Project, ProjectPhase, Vendor
from projects.selectors.commitments import open_amount
from projects.selectors.projects import project_get
from projects.services.conversion import entered, entered_back
from projects.services.performance import performance_owed
from projects.services.settlement import settlement_check

LARGEST = Decimal("999999999999.99")
EARLIEST, LATEST = date(1970, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True)
class Posting:
    """One cost to be posted. `amount` in `currency`, at most two decimals, not zero; negative for a credit.

    `settles_id`: the commitment that an actual cost settles (a part of). `reverse_on`: the day on which an accrual
    reverses itself. `import_batch_id`, `import_line`: the file and line it came from.
    """

    project_id: int
    amount: Decimal
    incurred_on: date
    kind: str = "actual"
    category: str = "other"
    currency: str = ""
    project_phase_id: int | None = None
    vendor_name: str = ""
    reference: str = ""
    description: str = ""
    source: str = ""
    external_id: str = ""
    settles_id: int | None = None
    reverse_on: date | None = None
    import_batch_id: int | None = None
    import_line: int | None = None


@dataclass(frozen=True)
class Posted:
    """The entry, and whether this call made it or found it posted already."""

    entry: CostEntry
    created: bool


@transaction.atomic
def cost_entry_post(*, actor: Actor, posting: Posting) -> Posted:
    """Post one cost entry.

    The same (source, external_id) with the same content is the same entry, posted once; with other content it is
    refused (409). Raises NotFound, Forbidden or ApplicationError naming field and value; then nothing is changed.
    """
    project = project_get(actor, action="cost.post", pk=posting.project_id)
    entry = _entry(actor, project, posting)
    if entry.external_id:
        known = _already_posted(entry)
        if known is not None:
            return Posted(_same(known, entry), created=False)
    period_require_open(project.organisation_id, entry.incurred_on)
    if posting.settles_id is not None:
        entry.settles = settlement_check(entry, posting.settles_id)
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError:
        known = _already_posted(entry)  # somebody posted it in the same instant
        if known is None:
            raise
        return Posted(_same(known, entry), created=False)
    performance_owed(project.organisation_id, [project.pk])
    audit_record(
        actor=actor,
        action="cost.post",
        object_type="cost_entry",
        object_id=entry.pk,
        label=f"{project.code}: {entry.amount} {entry.currency}",
        project_id=project.pk,
        after={"kind": entry.kind, "amount": entry.amount, "incurred_on": entry.incurred_on},
    )
    return Posted(entry, created=True)


@transaction.atomic
def cost_entries_post(*, actor: Actor, postings: Sequence[Posting]) -> list[Posted]:
    """Post several entries, all or none. An error carries the index of its row in `extra`."""
    posted = []
    for index, posting in enumerate(postings):
        try:
            posted.append(cost_entry_post(actor=actor, posting=posting))
        except ApplicationError as error:
            error.extra["index"] = index
            raise
    return posted


@transaction.atomic
def cost_entry_reverse(*, actor: Actor, entry_id: int, reason: str, incurred_on: date | None = None) -> CostEntry:
    """Correct a posting by an entry of the opposite amount that names it. Once; nobody reverses what they posted
    themselves, but for the PMO director and the budget owner."""
    entry = CostEntry.objects.filter(pk=entry_id, organisation=actor.organisation).select_related("project").first()
    if entry is None:
        raise NotFound(_("There is no such cost entry here."))
    project = project_get(actor, action="cost.reverse", pk=entry.project_id)
    if entry.recorded_by_id == actor.user.pk and "pmo_director" not in actor.roles:
        raise Forbidden(_("You posted this entry; somebody else has to reverse it."))
    if entry.reverses_id is not None:
        raise ApplicationError(
            _("This entry is itself a reversal; post a new entry instead."), code="is_reversal", status=409
        )
    if not reason.strip():
        raise ApplicationError(_("Say why the entry is reversed."), field="reason", code="required")
    day = date_checked(incurred_on or entry.incurred_on, field="incurred_on")
    period_require_open(project.organisation_id, day)
    amount = -entry.amount
    if entry.kind == CostEntry.Kind.COMMITMENT:
        CostEntry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
        amount = -open_amount(entry.pk)  # what was invoiced of an order stays; the rest of it is taken back
        if not amount and not hasattr(entry, "reversed_by"):
            raise ApplicationError(_("Nothing of this commitment is open."), code="nothing_open", status=409)
        amount = amount or -entry.amount  # reversed before: refused below
    reversal = CostEntry(
        organisation=entry.organisation,
        project=project,
        project_phase_id=entry.project_phase_id,
        kind=entry.kind,
        category=entry.category,
        amount=amount,
        currency=entry.currency,
        **entered_back(entry, amount),
        incurred_on=day,
        recorded_by=actor.user,
        vendor_id=entry.vendor_id,
        reference=entry.reference,
        description=reason.strip()[:500],
        reverses=entry,
        settles_id=entry.settles_id,
    )
    try:
        with transaction.atomic():
            reversal.save(force_insert=True)
    except IntegrityError as error:
        raise ApplicationError(
            _("This entry has been reversed already."), code="already_reversed", status=409
        ) from error
    performance_owed(project.organisation_id, [project.pk])
    audit_record(
        actor=actor,
        action="cost.reverse",
        object_type="cost_entry",
        object_id=reversal.pk,
        label=f"{project.code}: {reversal.amount} {reversal.currency}",
        project_id=project.pk,
        before={"entry": entry.pk, "amount": entry.amount},
        after={"reason": reason.strip()},
    )
    return reversal


def vendor_named(organisation_id: int, name: str) -> Vendor | None:
    """The vendor of that name, made on first mention; None for an empty name."""
    name = " ".join(name.split())[:200]
    if not name:
        return None
    return Vendor.objects.get_or_create(organisation_id=organisation_id, name=name)[0]


def amount_checked(amount: Decimal, *, field: str = "amount", zero: bool = False) -> Decimal:
    """An amount the ledger can hold. Raises ApplicationError naming the value."""
    if not amount.is_finite() or abs(amount) > LARGEST:
        raise ApplicationError(_("%s is more than can be kept here.") % amount, field=field, code="out_of_range")
    if amount != amount.quantize(Decimal("0.01")):
        raise ApplicationError(_("%s has more than two decimals.") % amount, field=field, code="too_precise")
    if amount == 0 and not zero:
        raise ApplicationError(_("An amount of zero says nothing."), field=field, code="zero")
    return amount


def date_checked(day: date, *, field: str) -> date:
    """A date between 1970 and 2200. Raises ApplicationError naming the value."""
    if not EARLIEST <= day < LATEST:
        raise ApplicationError(_("%s is not a date anybody means.") % day.isoformat(), field=field, code="out_of_range")
    return day


def phase_checked(project: Project, phase_id: int | None) -> int | None:
    """The phase, if it is one of this project's. Raises ApplicationError; a foreign one is no different from none."""
    if phase_id is not None and not ProjectPhase.objects.filter(project=project, pk=phase_id).exists():
        raise ApplicationError(
            _("“%s” is not a phase of this project.") % phase_id, field="project_phase", code="does_not_exist"
        )
    return phase_id


def _entry(actor: Actor, project: Project, posting: Posting) -> CostEntry:
    if posting.kind not in CostEntry.Kind.values:
        raise ApplicationError(
            _("“%s” is not a kind of cost entry.") % posting.kind, field="kind", code="unknown_choice"
        )
    if posting.category not in Category.values:
        raise ApplicationError(
            _("“%s” is not a cost category.") % posting.category, field="category", code="unknown_choice"
        )
    if posting.reverse_on is not None:
        _reverse_on_checked(posting)
    incurred_on = date_checked(posting.incurred_on, field="incurred_on")
    money = entered(project, amount_checked(posting.amount), posting.currency, incurred_on)
    return CostEntry(
        organisation_id=project.organisation_id,
        project=project,
        project_phase_id=phase_checked(project, posting.project_phase_id),
        kind=posting.kind,
        category=posting.category,
        amount=amount_checked(money.amount),
        currency=project.currency,
        entry_amount=money.entry_amount,
        entry_currency=money.entry_currency,
        rate=money.rate,
        incurred_on=incurred_on,
        recorded_by=actor.user,
        vendor=vendor_named(project.organisation_id, posting.vendor_name),
        reference=posting.reference.strip()[:120],
        description=posting.description.strip()[:500],
        source=posting.source.strip()[:60],
        external_id=posting.external_id.strip()[:120],
        reverse_on=posting.reverse_on,
        import_batch_id=posting.import_batch_id,
        import_line=posting.import_line,
    )


def _reverse_on_checked(posting: Posting) -> None:
    if posting.kind != CostEntry.Kind.ACCRUAL:
        raise ApplicationError(_("Only an accrual reverses itself."), field="reverse_on", code="not_an_accrual")
    if posting.reverse_on is None or date_checked(posting.reverse_on, field="reverse_on") <= posting.incurred_on:
        raise ApplicationError(_("An accrual reverses after its own date."), field="reverse_on", code="too_early")


def _already_posted(entry: CostEntry) -> CostEntry | None:
    return CostEntry.objects.filter(
        organisation_id=entry.organisation_id, source=entry.source, external_id=entry.external_id
    ).first()


def _same(known: CostEntry, entry: CostEntry) -> CostEntry:
    said = ("entry_amount", "entry_currency") if known.entry_currency else ("amount",)
    for field in ("project_id", "kind", *said, "incurred_on", "category"):
        if getattr(known, field) != getattr(entry, field):
            raise ApplicationError(
                _("“%(id)s” of %(source)s was posted before with another %(field)s.")
                % {"id": entry.external_id, "source": entry.source or "–", "field": field.removesuffix("_id")},
                field="external_id",
                code="already_posted",
                status=409,
                extra={"id": str(known.pk)},
            )
    return known
