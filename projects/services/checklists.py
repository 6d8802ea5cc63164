"""Laying and changing checklists, of many projects in a handful of statements. What was done stays with its row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from django.db import connection
from django.db.models import F, OuterRef, Subquery

from pmo.kit.bulk import insert_rows, reserve_ids
from projects.analysis.checklist import KINDS, Change
from projects.models import Project, ProjectPhase
from projects.selectors.tailoring import ROWS, SOURCES, Plan, Target, plans_for, values_of
from projects.services.lifecycle_marks import requirements_changed

CHUNK: Final = 500
Done = dict[int, dict[str, Any]]  # project -> what is needed to undo it


def checklists_lay(organisation_id: int, project_ids: Iterable[int]) -> int:
    """Lay the tailored checklist of each project that has none yet. Answers how many got one. Call in a transaction."""
    ids, laid = sorted(set(project_ids)), 0
    for start in range(0, len(ids), CHUNK):
        plans = plans_for(organisation_id, ids[start : start + CHUNK], empty_only=True)
        plans_apply([plan for plan in plans if plan.changes])
        laid += sum(1 for plan in plans if plan.changes)
    return laid


def plans_apply(plans: Sequence[Plan]) -> Done:
    """Make the plans true. Answers, by project, `before` and `after` as a TailoringChange keeps them."""
    if not plans:
        return {}
    done: Done = {
        plan.project_id: {
            "before": {"version": plan.version_before, "tier": plan.tier_before, "rows": {}, "phases": {}},
            "after": {"version": plan.target.id, "tier": plan.tier, "added": {}},
        }
        for plan in plans
    }
    by_target: dict[int, list[Plan]] = defaultdict(list)
    for plan in plans:
        by_target[plan.target.id].append(plan)
    for mine in by_target.values():
        target = mine[0].target
        phase_ids = _phases_follow(target, mine, done)
        _change(mine, phase_ids, done)
        _add(target, mine, phase_ids, done)
        _sources_follow(target, [plan.project_id for plan in mine if plan.version_before != target.id])
    by_values: dict[tuple[int, int | None], list[int]] = defaultdict(list)
    for plan in plans:
        if (plan.version_before, plan.tier_before) != (plan.target.id, plan.tier):
            by_values[plan.target.id, plan.tier].append(plan.project_id)
    for (version, tier), ids in by_values.items():
        Project.objects.filter(pk__in=ids).update(standard_version_id=version, tier=tier, version=F("version") + 1)
    requirements_changed(plans[0].organisation_id, [plan.project_id for plan in plans])
    return done


def _phases_follow(target: Target, plans: Sequence[Plan], done: Done) -> dict[tuple[int, str], int]:
    """Phases take the names and places of the new version; missing ones are made. Ids by project and key."""
    ids = {(plan.project_id, key): phase.id for plan in plans for key, phase in plan.phases.items()}
    moved: dict[tuple[int, str, int], list[int]] = defaultdict(list)
    for plan in plans:
        if plan.version_before == target.id:
            continue
        taken = {phase.name for phase in plan.phases.values()}
        for key, phase in plan.phases.items():
            if key not in target.phases:
                continue
            pk, name, order = target.phases[key]
            name = name if name not in taken else phase.name
            if (phase.phase_id, phase.name, phase.order) != (pk, name, order):
                moved[pk, name, order].append(phase.id)
                done[plan.project_id]["before"]["phases"][str(phase.id)] = [phase.phase_id, phase.name, phase.order]
    for (pk, name, order), rows in moved.items():
        ProjectPhase.objects.filter(pk__in=rows).update(phase_id=pk, name=name, order=order)
    wanted = [(plan, key) for plan in plans for key in plan.phases_new]
    fresh = ProjectPhase.objects.bulk_create(
        [
            ProjectPhase(
                organisation_id=plan.organisation_id, project_id=plan.project_id, phase_id=target.phases[key][0],
                name=target.phases[key][1], order=target.phases[key][2],
            )
            for plan, key in wanted
        ],
        batch_size=CHUNK,
    )  # fmt: skip
    ids.update({(plan.project_id, key): row.pk for (plan, key), row in zip(wanted, fresh, strict=True)})
    return ids


def _change(plans: Sequence[Plan], phase_ids: dict[tuple[int, str], int], done: Done) -> None:
    """Rows that are to have the same values are changed together."""
    groups: dict[tuple[str, tuple[tuple[str, Any], ...]], list[int]] = defaultdict(list)
    for plan in plans:
        for each in plan.changes:
            if each.id is None:
                continue
            values = _stored(plan, each, each.values, phase_ids)
            before = _stored(plan, each, each.before, phase_ids)
            groups[each.kind, tuple(sorted(values.items()))].append(each.id)
            kept = {name: [_plain(before.get(name)), _plain(value)] for name, value in values.items()}
            done[plan.project_id]["before"]["rows"].setdefault(each.kind, {})[str(each.id)] = kept
    for (kind, pairs), ids in groups.items():
        rows_update(kind, ids, dict(pairs))


def rows_update(kind: str, ids: Sequence[int], values: dict[str, Any]) -> None:
    """Set the same values in many rows, and say that they changed."""
    for start in range(0, len(ids), 5_000):
        rows = ROWS[kind]._default_manager.filter(pk__in=ids[start : start + 5_000])
        rows.update(**values, version=F("version") + 1)


def _stored(plan: Plan, each: Change, values: Any, phase_ids: dict[tuple[int, str], int]) -> dict[str, Any]:
    found = dict(values)
    if "phase" in found:
        found["project_phase_id"] = phase_ids.get((plan.project_id, found.pop("phase")))
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _add(target: Target, plans: Sequence[Plan], phase_ids: dict[tuple[int, str], int], done: Done) -> None:
    truth = int if connection.vendor == "sqlite" else bool
    for kind in KINDS:
        fresh = [(plan, each) for plan in plans for each in plan.changes if each.id is None and each.kind == kind]
        ids = reserve_ids(ROWS[kind], len(fresh))
        names = values_of(kind)
        rows = []
        for pk, (plan, each) in zip(ids, fresh, strict=True):
            values = [each.values.get(name) for name in names]
            plain = [truth(v) if isinstance(v, bool) else _plain(v) for v in values]
            phase = phase_ids[plan.project_id, each.phase]
            rows.append((pk, plan.organisation_id, plan.project_id, phase, each.key, target.sources[kind, each.key], 1,
                         ROWS[kind]._meta.get_field("state").default, *plain))  # fmt: skip
            done[plan.project_id]["after"]["added"].setdefault(kind, []).append(pk)
        columns = ("id", "organisation_id", "project_id", "project_phase_id", "key", f"{kind}_id", "version", "state")
        if rows:
            insert_rows(ROWS[kind], (*columns, *names), rows)


def _sources_follow(target: Target, ids: Sequence[int]) -> None:
    """The rows point to the same requirement in the new version; those it no longer has keep the old one."""
    for kind, model in SOURCES.items() if ids else ():
        known = [key for of_kind, key in target.sources if of_kind == kind]
        same = model._default_manager.filter(phase__version_id=target.id, key=OuterRef("key")).values("pk")[:1]
        rows = ROWS[kind]._default_manager.filter(project_id__in=ids, key__in=known)
        rows.update(**{f"{kind}_id": Subquery(same)})


def changes_undo(target: Target, kept: Sequence[tuple[int, dict[str, Any], dict[str, Any]]]) -> None:
    """Turn applied plans back, given (project, before, after) of each, all from the version `target`. Rows that were
    added stay, not applying, with whatever was done in them; a due day that somebody changed since stays as it is."""
    groups: dict[tuple[str, tuple[tuple[str, Any], ...]], list[int]] = defaultdict(list)
    phases: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for _project, before, after in kept:
        for kind, rows in before.get("rows", {}).items():
            for pk, fields in rows.items():
                values = {name: pair[0] for name, pair in fields.items()}
                dated = "due" in values
                if dated:
                    due, set_to = fields["due"]
                    values.pop("due")
                    ROWS[kind]._default_manager.filter(pk=pk, due=set_to).update(due=due)
                if values:
                    groups[kind, tuple(sorted(values.items()))].append(int(pk))
        for kind, ids in after.get("added", {}).items():
            groups[kind, (("applies", False),)] += ids
        for pk, row in before.get("phases", {}).items():
            phases[tuple(row)].append(int(pk))
    for (kind, pairs), ids in groups.items():
        rows_update(kind, ids, dict(pairs))
    for (phase, name, order), ids in phases.items():
        ProjectPhase.objects.filter(pk__in=ids).update(phase_id=phase, name=name, order=order)
    _sources_follow(target, [project for project, _before, _after in kept])
    by_tier: dict[int | None, list[int]] = defaultdict(list)
    for project, before, _after in kept:
        by_tier[before["tier"]].append(project)
    for tier, ids in by_tier.items():
        Project.objects.filter(pk__in=ids).update(standard_version_id=target.id, tier=tier, version=F("version") + 1)
