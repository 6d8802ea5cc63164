"""Frameworks: shipped with new organisations, imported, retired; benchmarks as a grid."""

from __future__ import annotations

from datetime import date

import pytest

from pmo.analysis.skill_file import framework_to_yaml
from pmo.kit.errors import ApplicationError, Forbidden, StaleVersion
from pmo.models import Assessment, Benchmark, Skill, SkillFramework
from pmo.selectors.shipped import shipped_framework
from pmo.selectors.skills import benchmarks_seen, framework_content, skills_for, wanted_levels
from pmo.services.skill_frameworks import (
    benchmark_change,
    benchmarks_set,
    framework_import,
    framework_install,
    framework_retire,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def skill(alder):
    return Skill.objects.get(organisation=alder.organisation, key="scheduling")


def test_a_new_organisation_has_the_shipped_framework_with_its_benchmarks(alder, skill):
    framework = SkillFramework.objects.get(organisation=alder.organisation)
    assert framework_content(framework) == shipped_framework("gapps")
    assert wanted_levels(alder.organisation.pk)[3][skill.pk] == 4
    assert skill.levels.count() == 6


def test_a_file_brings_newer_words_and_loses_neither_assessments_nor_benchmarks(alder, skill):
    Assessment.objects.create(
        organisation=alder.organisation, person=alder.person("project_manager"), skill=skill, kind="self", level=2,
        assessed_on=date(2026, 1, 1),
    )  # fmt: skip
    Benchmark.objects.filter(skill=skill, role="project_manager", tier=3).update(level=5)
    content = shipped_framework("gapps")
    data = framework_to_yaml(content).replace("name: Scheduling", "name: Time planning").encode()
    framework_import(actor=alder.actor("pmo_analyst"), data=data)
    skill.refresh_from_db()
    assert (skill.name, skill.assessments.count(), skill.levels.count()) == ("Time planning", 1, 6)
    assert wanted_levels(alder.organisation.pk)[3][skill.pk] == 5
    assert Skill.objects.filter(organisation=alder.organisation).count() == len(content.skills)
    framework_install(actor=alder.actor("pmo_analyst"), key="gapps")
    skill.refresh_from_db()
    assert skill.name == "Scheduling"


def test_a_file_that_is_wrong_changes_nothing_and_says_where(alder):
    with pytest.raises(ApplicationError, match="begins with “format: plumbline-skills-1”"):
        framework_import(actor=alder.actor("pmo_analyst"), data=b"nonsense: yes")
    with pytest.raises(Forbidden):
        framework_import(actor=alder.actor("project_manager"), data=b"")
    assert SkillFramework.objects.filter(organisation=alder.organisation).count() == 1


def test_the_skills_of_a_retired_framework_are_asked_of_nobody(alder):
    actor = alder.actor("pmo_director")
    framework = SkillFramework.objects.get(organisation=alder.organisation)
    framework_retire(actor=actor, framework_id=framework.pk, retired=True)
    assert not skills_for(actor, "skill.view").exists()
    assert wanted_levels(alder.organisation.pk) == {}
    framework_retire(actor=actor, framework_id=framework.pk, retired=False)
    assert skills_for(actor, "skill.view").exists()


def test_a_grid_is_set_all_or_nothing_and_counts_what_changed(alder, skill):
    actor = alder.actor("pmo_analyst")
    rows = Benchmark.objects.filter(skill__framework=skill.framework, role="project_manager")
    seen = benchmarks_seen(rows)
    levels = {(skill.pk, 1): 2, (skill.pk, 2): 5, (skill.pk, 3): None}
    assert benchmarks_set(actor=actor, role="project_manager", levels=levels, seen=seen) == 2
    wanted = wanted_levels(alder.organisation.pk)
    assert (wanted[2][skill.pk], skill.pk in wanted[3]) == (5, False)
    with pytest.raises(ApplicationError, match="Somebody else changed these benchmarks"):
        benchmarks_set(actor=actor, role="project_manager", levels={(skill.pk, 1): 0}, seen=seen)
    with pytest.raises(ApplicationError, match="Scheduling at tier 2: “7” is not a level"):
        benchmarks_set(actor=actor, role="project_manager", levels={(skill.pk, 1): 0, (skill.pk, 2): 7})
    assert wanted_levels(alder.organisation.pk)[1][skill.pk] == 2
    with pytest.raises(Forbidden):
        benchmarks_set(actor=alder.actor("portfolio_manager"), role="sponsor", levels={})


def test_of_two_who_change_one_benchmark_one_is_told(alder, skill):
    actor = alder.actor("pmo_analyst")
    row = Benchmark.objects.get(skill=skill, role="project_manager", tier=2)
    assert benchmark_change(actor=actor, benchmark_id=row.pk, version=1, level=1).version == 2
    with pytest.raises(StaleVersion):
        benchmark_change(actor=actor, benchmark_id=row.pk, version=1, level=4)


def test_a_benchmark_of_another_organisation_cannot_be_set(alder, birch, skill):
    with pytest.raises(ApplicationError, match="no such skill"):
        benchmarks_set(actor=birch.actor("pmo_director"), role="sponsor", levels={(skill.pk, 1): 1})
