"""Frameworks of skills: shipped, imported, retired; and the levels that a role needs at each tier."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.analysis.skill_file import FrameworkContent, framework_from_file
from pmo.analysis.skills import HIGHEST
from pmo.analysis.standard_fields import RESPONSIBLE, TIERS, Problem
from pmo.kit.errors import ApplicationError, NotFound, StaleVersion
from pmo.models import Benchmark, Organisation, Skill, SkillFramework, SkillLevel
from pmo.selectors.actors import Actor
from pmo.selectors.shipped import SHIPPED_SKILLS, shipped_framework
from pmo.selectors.skills import benchmarks_for, benchmarks_seen, framework_get, skills_for
from pmo.services.audit import audit_record
from pmo.services.skill_marks import skills_changed

MOST_FRAMEWORKS: Final = 20


@transaction.atomic
def frameworks_install(organisation: Organisation) -> None:
    """The shipped frameworks with their benchmarks; those that are there already stay as they are."""
    have = set(SkillFramework.objects.filter(organisation=organisation).values_list("key", flat=True))
    for key in SHIPPED_SKILLS:
        if key not in have:
            framework_put(organisation, shipped_framework(key))


@transaction.atomic
def framework_install(*, actor: Actor, key: str) -> SkillFramework:
    """Take a shipped framework over; where it is there, its words become the shipped ones again."""
    actor.require("skill.edit")
    if key not in SHIPPED_SKILLS:
        raise NotFound()
    return _take(actor, shipped_framework(key), "skill_framework.install")


@transaction.atomic
def framework_import(*, actor: Actor, data: bytes) -> SkillFramework:
    """Take a framework from its file: a new one, or newer words and further skills of the one with its key.

    Skills that the file does not name stay, since people may have been assessed in them; benchmarks that were set here
    stay too. Raises ApplicationError naming the place and the value.
    """
    actor.require("skill.edit")
    try:
        content = framework_from_file(data)
    except Problem as problem:
        raise ApplicationError(str(problem), field="file", code="invalid") from None
    return _take(actor, content, "skill_framework.import")


def _take(actor: Actor, content: FrameworkContent, action: str) -> SkillFramework:
    mine = SkillFramework.objects.filter(organisation=actor.organisation)
    if mine.count() >= MOST_FRAMEWORKS and not mine.filter(key=content.key).exists():
        raise ApplicationError(
            _("There are %d frameworks already; no more are taken.") % MOST_FRAMEWORKS, field="file", code="too_many"
        )
    framework = framework_put(actor.organisation, content)
    audit_record(
        actor=actor, action=action, object_type="skill_framework", object_id=framework.pk, label=framework.name,
        after={"key": content.key, "skills": len(content.skills)},
    )  # fmt: skip
    skills_changed(actor.organisation.pk)
    return framework


def framework_put(organisation: Organisation, content: FrameworkContent) -> SkillFramework:
    """Write a framework, its skills by key, their levels and the benchmarks that are not set yet."""
    about = {"name": content.name, "source": content.source, "licence": content.licence, "retired_at": None}
    framework, _new = SkillFramework.objects.update_or_create(
        organisation=organisation, key=content.key, defaults=about
    )
    known = {skill.key: skill for skill in Skill.objects.filter(framework=framework)}
    for order, each in enumerate(content.skills, start=1):
        skill = known.get(each.key) or Skill(organisation=organisation, framework=framework, key=each.key)
        skill.order, skill.name, skill.group, skill.description = order, each.name, each.group, each.description
        skill.save()
        known[each.key] = skill
    named = [(known[each.key], each) for each in content.skills]
    SkillLevel.objects.filter(skill__in=[skill for skill, _each in named]).delete()
    SkillLevel.objects.bulk_create(
        SkillLevel(
            organisation=organisation, skill=skill, level=level.level, name=level.name, description=level.description
        )
        for skill, each in named
        for level in each.levels
    )
    Benchmark.objects.bulk_create(
        (
            Benchmark(organisation=organisation, skill=skill, role=role, tier=tier, level=level)
            for skill, each in named
            for role, levels in each.benchmarks.items()
            for tier, level in zip(TIERS, levels, strict=True)
        ),
        ignore_conflicts=True,
    )
    return framework


@transaction.atomic
def framework_retire(*, actor: Actor, framework_id: int, retired: bool) -> SkillFramework:
    """Ask for its skills no more, or again. What was assessed stays on record."""
    framework = framework_get(actor, framework_id, action="skill.edit")
    framework.retired_at = timezone.now() if retired else None
    framework.save(update_fields=["retired_at"])
    skills_changed(actor.organisation.pk)
    audit_record(
        actor=actor, action="skill_framework.retire" if retired else "skill_framework.restore",
        object_type="skill_framework", object_id=framework.pk, label=framework.name,
    )  # fmt: skip
    return framework


@transaction.atomic
def benchmarks_set(
    *, actor: Actor, role: str, levels: Mapping[tuple[int, int], int | None], seen: str | None = None
) -> int:
    """Set what a role needs: (skill, tier) -> level, None for nothing. Answers how many were changed.

    `seen`: as `benchmarks_seen` said when the grid was shown; 409 where somebody changed it since. All or nothing.
    """
    actor.require("skill.edit")
    if role not in RESPONSIBLE:
        raise ApplicationError(_("There is no role “%s”.") % role[:40], field="role", code="invalid")
    names = dict(skills_for(actor, "skill.view").values_list("pk", "name"))
    Organisation.objects.select_for_update().get(pk=actor.organisation.pk)
    rows = {(row.skill_id, row.tier): row for row in Benchmark.objects.filter(skill__in=names, role=role)}
    if seen is not None and seen != benchmarks_seen(rows.values()):
        raise ApplicationError(
            _("Somebody else changed these benchmarks meanwhile. Nothing of yours was kept; look at what is there."),
            code="stale_version",
            status=409,
        )
    changed: list[str] = []
    for (skill, tier), level in levels.items():
        if skill not in names or tier not in TIERS:
            raise ApplicationError(_("There is no such skill or tier."), field="levels", code="invalid")
        if level is not None and not 0 <= level <= HIGHEST:
            raise ApplicationError(
                _("%(skill)s at tier %(tier)d: “%(level)d” is not a level from 0 to 5.")
                % {"skill": names[skill], "tier": tier, "level": level},
                field="levels",
                code="invalid",
            )
        row = rows.get((skill, tier))
        if (row.level if row else None) == level:
            continue
        changed.append(f"{names[skill]}, tier {tier}: {row.level if row else '–'} → {'–' if level is None else level}")
        if level is None:
            Benchmark.objects.filter(skill_id=skill, role=role, tier=tier).delete()
        elif row is None:
            Benchmark.objects.create(organisation=actor.organisation, skill_id=skill, role=role, tier=tier, level=level)
        else:
            Benchmark.objects.filter(pk=row.pk).update(level=level, version=row.version + 1)
    if changed:
        skills_changed(actor.organisation.pk)
        audit_record(
            actor=actor, action="benchmark.set", object_type="benchmark", object_id=role, label=role,
            after={"changed": changed},
        )  # fmt: skip
    return len(changed)


@transaction.atomic
def benchmark_create(*, actor: Actor, skill_id: int, role: str, tier: int, level: int) -> Benchmark:
    """Say what a role needs where nothing was said; 409 where something was."""
    if Benchmark.objects.filter(organisation=actor.organisation, skill_id=skill_id, role=role, tier=tier).exists():
        raise ApplicationError(_("This benchmark is there already: change its level."), code="taken", status=409)
    benchmarks_set(actor=actor, role=role, levels={(skill_id, tier): level})
    return Benchmark.objects.get(organisation=actor.organisation, skill_id=skill_id, role=role, tier=tier)


@transaction.atomic
def benchmark_change(*, actor: Actor, benchmark_id: int, version: int, level: int) -> Benchmark:
    """Set another level: of two who read the same version, one does. Raises StaleVersion, NotFound, Forbidden."""
    actor.require("skill.edit")
    row = benchmarks_for(actor, "skill.edit").filter(pk=benchmark_id).first()
    if row is None:
        raise NotFound()
    if not Benchmark.objects.filter(pk=row.pk, version=version).update(level=level, version=version + 1):
        raise StaleVersion(_("Somebody else changed this benchmark meanwhile."), current_version=row.version)
    before, row.level, row.version = row.level, level, version + 1
    skills_changed(actor.organisation.pk)
    audit_record(
        actor=actor, action="benchmark.set", object_type="benchmark", object_id=row.pk,
        label=f"{row.role}: {row.skill}", before={"level": before}, after={"level": level},
    )  # fmt: skip
    return row
