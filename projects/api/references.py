"""References that a request may make: to rows of the caller's own organisation and within the reach of the action."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from pmo.kit.api import ReferenceField
from pmo.selectors.actors import Actor
from pmo.selectors.office import people_for
from projects.selectors.checklist import gates_for
from projects.selectors.projects import projects_for
from projects.selectors.rows import (
    budgets_for,
    cost_entries_for,
    phase_milestones_for,
    portfolios_open_to,
    programmes_open_to,
    project_phases_for,
    vendors_for,
)
from projects.selectors.stakeholders import stakeholders_for

Scope = Callable[[Actor], Any]


@cache  # one function per action: references of a bulk request are looked up once each
def _scope(selector: Callable[[Actor, str], Any], action: str) -> Scope:
    def scope(actor: Actor) -> Any:
        return selector(actor, action)

    return scope


@extend_schema_field({"type": "string"})
class TaskField(serializers.Field[Any, Any, Any, Any]):
    """The task a row belongs to: always null until projects have tasks, so that integrations may name the field."""

    default_error_messages = {"none": _("Projects have no tasks yet; leave this out or null.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, allow_null=True, source="*", **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data is not serializers.empty and data is not None:
            self.fail("none")
        raise serializers.SkipField

    def to_representation(self, value: Any) -> None:
        return None


def project_in(action: str, **kwargs: Any) -> ReferenceField:
    """A project to which the caller may do `action`."""
    return ReferenceField(_scope(projects_for, action), **kwargs)


def project_phase_in(action: str, **kwargs: Any) -> ReferenceField:
    """A phase of such a project."""
    return ReferenceField(_scope(project_phases_for, action), required=False, allow_null=True, **kwargs)


def milestone_in(action: str, **kwargs: Any) -> ReferenceField:
    """A milestone of a phase of such a project."""
    return ReferenceField(_scope(phase_milestones_for, action), required=False, allow_null=True, **kwargs)


def gate_in(action: str) -> ReferenceField:
    """A gate of such a project."""
    return ReferenceField(_scope(gates_for, action))


def budget_in(action: str, **kwargs: Any) -> ReferenceField:
    """A budget of such a project."""
    return ReferenceField(_scope(budgets_for, action), **kwargs)


def person_in(*, required: bool = False) -> ReferenceField:
    """Somebody named in the organisation."""
    return ReferenceField(_scope(people_for, "people.view"), required=required, allow_null=not required)


def vendor_in() -> ReferenceField:
    """A vendor that the caller may see."""
    return ReferenceField(_scope(vendors_for, "cost.post"), required=False, allow_null=True)


def commitment_in() -> ReferenceField:
    """An entry of a project to which the caller may post."""
    return ReferenceField(_scope(cost_entries_for, "cost.post"), required=False, allow_null=True)


def portfolio_in(action: str) -> ReferenceField:
    """A portfolio into which the caller may put a project."""
    return ReferenceField(_scope(portfolios_open_to, action))


def programme_in(action: str) -> ReferenceField:
    """A programme of such a portfolio."""
    return ReferenceField(_scope(programmes_open_to, action), required=False, allow_null=True)


def stakeholder_in(action: str) -> ReferenceField:
    """Somebody in the register of such a project."""
    return ReferenceField(_scope(stakeholders_for, action))
