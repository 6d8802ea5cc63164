"""A new day: planned value moves with the date even where nobody wrote anything."""

from __future__ import annotations

from django.db import transaction

from pmo.models import Organisation
from pmo.selectors.clock import status_date_of
from portfolio.models import ProjectCompliance
from portfolio.services.compliance import compliance_owe
from portfolio.services.standings import standings_owe
from projects.models import Project, ProjectPerformance
from projects.services.accruals import accruals_owe
from projects.services.performance import performance_owed


def day_begin() -> int:
    """Owe the reversals of accruals whose day has come, and the figures and compliance of every project where they are
    of another date than its organisation's. Answers how many projects."""
    total = 0
    for organisation in Organisation.objects.all():
        with transaction.atomic():
            accruals_owe(organisation)
            judged = ProjectCompliance.objects.filter(
                organisation=organisation, as_of=status_date_of(organisation)
            ).values("project_id")
            unjudged = Project.objects.filter(organisation=organisation).exclude(pk__in=judged)
            compliance_owe(organisation.pk, list(unjudged.values_list("pk", flat=True)))
            current = ProjectPerformance.objects.filter(
                organisation=organisation, status_date=status_date_of(organisation)
            ).values("project_id")
            behind = list(
                Project.objects.filter(organisation=organisation).exclude(pk__in=current).values_list("pk", flat=True)
            )
            if behind:
                performance_owed(organisation.pk, behind)
                standings_owe(organisation.pk)
        total += len(behind)
    return total
