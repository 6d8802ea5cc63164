"""Hears that figures or requirements of projects changed, and owes what rests on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from pmo.models import Person
from pmo.services.policy_marks import policy_changed
from pmo.services.skill_marks import skill_changed
from portfolio.services.compliance import compliance_owe, compliance_owe_policies
from portfolio.services.findings_handover import findings_handed_over
from portfolio.services.skill_standings import standings_owe_skills
from portfolio.services.standings import standings_owe
from projects.services.handover import person_handed_over
from projects.services.lifecycle_marks import lifecycle_changed
from projects.services.performance import performance_changed


@receiver(performance_changed, dispatch_uid="portfolio")
def on_performance_changed(*, organisation_id: int, project_ids: Sequence[int], **kwargs: Any) -> None:
    standings_owe(organisation_id, project_ids)


@receiver(lifecycle_changed, dispatch_uid="portfolio-compliance")
def on_lifecycle_changed(*, organisation_id: int, project_ids: Sequence[int], **kwargs: Any) -> None:
    compliance_owe(organisation_id, project_ids)
    standings_owe(organisation_id, project_ids)


@receiver(policy_changed, dispatch_uid="portfolio-policies")
def on_policy_changed(*, organisation_id: int, user_id: int | None, **kwargs: Any) -> None:
    compliance_owe_policies(organisation_id, user_id)


@receiver(skill_changed, dispatch_uid="portfolio-skills")
def on_skill_changed(*, organisation_id: int, person_id: int | None, **kwargs: Any) -> None:
    standings_owe_skills(organisation_id, person_id)


@receiver(person_handed_over, dispatch_uid="portfolio-findings")
def on_person_handed_over(*, organisation_id: int, from_person: Person, to_person: Person, **kwargs: Any) -> None:
    findings_handed_over(organisation_id, from_person, to_person)
