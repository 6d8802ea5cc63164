"""A lead far below the benchmark becomes a finding, and none where nothing is known."""

from __future__ import annotations

from datetime import date

import pytest

from pmo.models import Skill
from pmo.services.skills import assessments_record
from portfolio.models import Finding
from portfolio.selectors.facts import portfolio_facts
from projects.models import Project

pytestmark = pytest.mark.django_db


def judge(alder, level: int) -> None:
    skill = Skill.objects.get(organisation=alder.organisation, key="scheduling")
    assessments_record(
        actor=alder.actor("pmo_analyst"), person_id=alder.person("project_manager").pk, levels={skill.pk: level},
        assessed_on=date(2026, 9, 1), evidence="Seen.",
    )  # fmt: skip


def test_only_hard_projects_and_known_levels_are_facts(alder):
    judge(alder, 2)
    assert portfolio_facts(alder.organisation).lead_gaps == {}
    Project.objects.filter(pk=alder.project.pk).update(tier=3)
    [gaps] = portfolio_facts(alder.organisation).lead_gaps.values()
    assert [(gap.skill, gap.wanted, gap.level, gap.short) for gap in gaps] == [("Scheduling", 4, 2, 2)]
    assert portfolio_facts(alder.organisation, [0]).lead_gaps == {}


def test_a_judgement_opens_the_finding_and_a_better_one_resolves_it(alder, settle):
    Project.objects.filter(pk=alder.project.pk).update(tier=3)
    settle()
    judge(alder, 2)
    assert settle() > 0
    finding = Finding.objects.get(rule="lead-below-benchmark")
    assert finding.status == "open" and "Scheduling" not in finding.title
    judge(alder, 4)
    settle()
    finding.refresh_from_db()
    assert finding.status == "resolved"
