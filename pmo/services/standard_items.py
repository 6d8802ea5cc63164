"""Editing a draft: phases, activities, deliverables, gates, criteria and tailoring rules, one at a time.

Every change names the revision of the draft it was made on and answers the next one: of two editors the second is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import Case, F, IntegerField, Max, Model, QuerySet, Value, When
from django.utils.text import slugify
from django.utils.translation import gettext as _

from pmo.analysis.standard_check import MOST_CRITERIA, MOST_IN_A_PHASE, MOST_PHASES, MOST_RULES, rule_problems
from pmo.analysis.standard_content import RuleContent
from pmo.analysis.standard_fields import SPECS, Problem, read
from pmo.kit.errors import ApplicationError, NotFound
from pmo.models import (
    Activity,
    Deliverable,
    DocumentTemplate,
    Gate,
    GateCriterion,
    Phase,
    StandardVersion,
    TailoringRule,
)
from pmo.selectors.actors import Actor
from pmo.selectors.standard_content import content_of
from pmo.services.audit import audit_record
from pmo.services.standards import draft_held, refused

ASIDE: Final = 10_000  # orders are moved here while they change, since each is unique


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind is stored: what it stands in, the path to its version, how many may stand there."""

    model: type[Any]
    parent: str
    version: str
    most: int


KINDS: Final[Mapping[str, Kind]] = {
    "phase": Kind(Phase, "version", "version", MOST_PHASES),
    "activity": Kind(Activity, "phase", "phase__version", MOST_IN_A_PHASE),
    "deliverable": Kind(Deliverable, "phase", "phase__version", MOST_IN_A_PHASE),
    "gate": Kind(Gate, "phase", "phase__version", MOST_IN_A_PHASE),
    "criterion": Kind(GateCriterion, "gate", "gate__phase__version", MOST_CRITERIA),
    "rule": Kind(TailoringRule, "version", "version", MOST_RULES),
}
_PARENTS: Final[Mapping[str, str]] = {"phase": "phase", "gate": "gate"}


@transaction.atomic
def item_add(
    *, actor: Actor, version_id: int, revision: int, kind: str, values: Mapping[str, Any], parent_id: int | None = None
) -> Any:
    """Add one at the end of what it stands in. `parent_id`: the phase, or for a criterion the gate.

    A missing key is made from the name. Raises StaleVersion, NotFound, or ApplicationError naming the field.
    """
    version = draft_held(actor, version_id, revision)
    known = KINDS[kind]
    parent = _parent(version, kind, parent_id)
    siblings = _siblings(version, known, parent)
    if siblings.count() >= known.most:
        raise ApplicationError(_("There are %d already; no more are taken.") % known.most, code="too_many", status=409)
    given = dict(values)
    if "key" in SPECS[kind] and not given.get("key"):
        given["key"] = _free_key(version, kind, parent, str(given.get("name") or given.get("text") or ""))
    clean = _clean(version, kind, given, parent)
    place = (siblings.aggregate(last=Max("order"))["last"] or 0) + 1
    row = known.model.objects.create(
        organisation_id=version.organisation_id, order=place, **{known.parent: parent}, **_stored(version, kind, clean)
    )
    _tell(actor, version, kind, row, "standard.add", after=clean)
    return row


@transaction.atomic
def item_change(
    *, actor: Actor, version_id: int, revision: int, kind: str, item_id: int, values: Mapping[str, Any],
    parent_id: int | None = None,
) -> Any:  # fmt: skip
    """Change the fields given; `parent_id` moves it to the end of another phase of the same draft."""
    version = draft_held(actor, version_id, revision)
    known = KINDS[kind]
    row = _item(version, kind, item_id)
    parent = getattr(row, known.parent)
    if parent_id is not None and parent_id != parent.pk:
        parent = _parent(version, kind, parent_id)
        row.order = (_siblings(version, known, parent).aggregate(last=Max("order"))["last"] or 0) + 1
        setattr(row, known.parent, parent)
    before = {name: _shown(row, name) for name in SPECS[kind]}
    clean = _clean(version, kind, {**before, **values}, parent, but=row.pk)
    for name, value in _stored(version, kind, clean).items():
        setattr(row, name, value)
    if clean.get("key", "") != before.get("key", "") and kind in ("phase", "activity", "deliverable", "gate"):
        _aim(version, f"{kind}:{before['key']}", f"{kind}:{clean['key']}")
    row.save()
    changed = [name for name in clean if clean[name] != before[name]]
    _tell(
        actor, version, kind, row, "standard.change",
        before={name: before[name] for name in changed}, after={name: clean[name] for name in changed},
    )  # fmt: skip
    return row


@transaction.atomic
def item_delete(*, actor: Actor, version_id: int, revision: int, kind: str, item_id: int) -> None:
    """Take it out of the draft, with everything that stands in it; no rule aims at it any more."""
    version = draft_held(actor, version_id, revision)
    row = _item(version, kind, item_id)
    gone = [f"{kind}:{row.key}"] if kind in ("phase", "activity", "deliverable", "gate") else []
    if kind == "phase":
        for name in ("activity", "deliverable", "gate"):
            rows = KINDS[name].model.objects.filter(phase=row)
            gone += [f"{name}:{key}" for key in rows.values_list("key", flat=True)]
            if name == "gate":
                GateCriterion.objects.filter(gate__phase=row).delete()
            rows.delete()
    if kind == "gate":
        row.criteria.all().delete()
    for target in gone:
        _aim(version, target, None)
    _tell(actor, version, kind, row, "standard.remove")
    row.delete()


@transaction.atomic
def item_move(*, actor: Actor, version_id: int, revision: int, kind: str, item_id: int, to: int) -> Any:
    """Put it at place `to` (from 1) among those it stands with; beyond the end is the end."""
    version = draft_held(actor, version_id, revision)
    row = _item(version, kind, item_id)
    siblings = _siblings(version, KINDS[kind], getattr(row, KINDS[kind].parent))
    order = list(siblings.order_by("order", "pk").values_list("pk", flat=True))
    was = order.index(row.pk) + 1
    order.remove(row.pk)
    order.insert(max(0, to - 1), row.pk)
    _renumber(siblings, order)
    now = order.index(row.pk) + 1
    _tell(actor, version, kind, row, "standard.order", before={"place": was}, after={"place": now})
    return row


def _renumber(siblings: QuerySet[Any], order: Sequence[int]) -> None:
    siblings.update(order=F("order") + ASIDE)
    siblings.update(
        order=Case(
            *(When(pk=pk, then=Value(place)) for place, pk in enumerate(order, start=1)), output_field=IntegerField()
        )
    )


def _siblings(version: StandardVersion, known: Kind, parent: Model) -> QuerySet[Any]:
    rows: QuerySet[Any] = known.model.objects.filter(organisation_id=version.organisation_id, **{known.parent: parent})
    return rows


def _parent(version: StandardVersion, kind: str, parent_id: int | None) -> Any:
    known = KINDS[kind]
    if known.parent == "version":
        return version
    return _item(version, _PARENTS[known.parent], parent_id)


def _item(version: StandardVersion, kind: str, item_id: int | None) -> Any:
    known = KINDS[kind]
    row = known.model.objects.filter(pk=item_id, **{known.version: version}).first()
    if row is None:
        raise NotFound()
    return row


def _clean(
    version: StandardVersion, kind: str, values: Mapping[str, Any], parent: Model, but: int | None = None
) -> dict[str, Any]:
    try:
        clean = read(kind, values)
        if kind == "rule":
            known = content_of(version).targets()
            for problem in rule_problems(RuleContent(**clean), known):
                raise problem
        if kind == "gate" and clean["quorum"] > len(clean["approver_roles"]):
            raise Problem(
                "quorum", f"{clean['quorum']} approvals are asked for, but {len(clean['approver_roles'])} can give one."
            )
    except Problem as problem:
        raise refused(problem) from None
    name = "name" if kind == "rule" else "key"
    if _taken(version, kind, parent, name, clean[name], but):
        raise ApplicationError(
            _("“%s” is taken in this version; each has its own.") % clean[name], field=name, code="taken"
        )
    return clean


def _taken(version: StandardVersion, kind: str, parent: Model, name: str, value: str, but: int | None) -> bool:
    known = KINDS[kind]
    within = {known.parent: parent} if kind == "criterion" else {known.version: version}
    return bool(known.model.objects.filter(**within, **{name: value}).exclude(pk=but).exists())


def _free_key(version: StandardVersion, kind: str, parent: Model, text: str) -> str:
    most = SPECS[kind]["key"].most
    stem = slugify(text).replace("_", "-")[: most - 4].strip("-") or kind
    stem = "-".join(part for part in stem.split("-") if part)
    key, count = stem, 1
    while _taken(version, kind, parent, "key", key, None):
        count += 1
        key = f"{stem}-{count}"
    return key


def _stored(version: StandardVersion, kind: str, clean: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the row keeps them: lists for tuples, the template's row for its key."""
    values = {name: list(value) if isinstance(value, tuple) else value for name, value in clean.items()}
    if "template" in values:
        key = values["template"]
        rows = DocumentTemplate.objects.filter(organisation_id=version.organisation_id, key=key).order_by("-number")
        values["template"] = rows.first() if key else None
        if key and values["template"] is None:
            raise ApplicationError(
                _("There is no document template with the key “%s”.") % key, field="template", code="unknown_choice"
            )
    return values


def _shown(row: Any, name: str) -> Any:
    if name == "template":
        return row.template.key if row.template else ""
    value = getattr(row, name)
    return tuple(value) if isinstance(value, list) else value


def _aim(version: StandardVersion, old: str, new: str | None) -> None:
    """Have the rules that aim at `old` aim at `new`, or no longer."""
    for rule in TailoringRule.objects.filter(version=version):
        if old in rule.targets:
            rule.targets = [new if each == old else each for each in rule.targets if each != old or new]
            rule.save(update_fields=["targets"])


def _tell(
    actor: Actor, version: StandardVersion, kind: str, row: Any, action: str,
    before: Mapping[str, Any] | None = None, after: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    audit_record(
        actor=actor, action=action, object_type="standard_version", object_id=version.pk,
        label=f"{version}: {row}", before=before, after={"kind": kind, **(after or {})},
    )  # fmt: skip
