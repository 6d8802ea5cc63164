"""Who answers for what: RACI of a project, a phase, a deliverable or a gate."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pmo.models import Person, TenantRow
from projects.models.lifecycle import ProjectDeliverable, ProjectGate
from projects.models.projects import Project, ProjectPhase


class Responsibility(TenantRow):
    """One letter of one person. About the whole project where no phase, deliverable or gate is named."""

    class Letter(models.TextChoices):
        RESPONSIBLE = "R", _("Responsible")
        ACCOUNTABLE = "A", _("Accountable")
        CONSULTED = "C", _("Consulted")
        INFORMED = "I", _("Informed")

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="responsibilities")
    project_phase = models.ForeignKey(
        ProjectPhase, null=True, blank=True, on_delete=models.PROTECT, related_name="responsibilities"
    )
    deliverable = models.ForeignKey(
        ProjectDeliverable, null=True, blank=True, on_delete=models.PROTECT, related_name="responsibilities"
    )
    gate = models.ForeignKey(
        ProjectGate, null=True, blank=True, on_delete=models.PROTECT, related_name="responsibilities"
    )
    subject = models.CharField(max_length=40)  # "project", "phase:7", "deliverable:3", "gate:9": what is unique
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="responsibilities")
    letter = models.CharField(max_length=1, choices=Letter.choices)

    class Meta:
        ordering = ["project", "subject", "letter"]
        verbose_name_plural = "responsibilities"
        constraints = [
            models.UniqueConstraint(fields=["project", "subject", "person"], name="responsibility_once"),
            models.UniqueConstraint(
                fields=["project", "subject"], condition=Q(letter="A"), name="responsibility_one_accountable"
            ),
        ]
