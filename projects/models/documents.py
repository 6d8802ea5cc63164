"""Documents of a project, in versions that are approved."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmo.models import DocumentTemplate, TenantRow, User
from projects.models.lifecycle import ProjectActivity, ProjectDeliverable
from projects.models.projects import Project


class Document(TenantRow):
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="documents")
    name = models.CharField(max_length=200)
    template = models.ForeignKey(DocumentTemplate, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    activity = models.ForeignKey(
        ProjectActivity, null=True, blank=True, on_delete=models.PROTECT, related_name="documents"
    )
    deliverable = models.ForeignKey(
        ProjectDeliverable, null=True, blank=True, on_delete=models.PROTECT, related_name="documents"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["project", "name"]
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="document_name_once")]

    def __str__(self) -> str:
        return self.name


class DocumentVersion(TenantRow):
    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Waiting for approval")
        APPROVED = "approved", _("Approved")
        RETURNED = "returned", _("Returned")

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    body = models.TextField(blank=True)  # of a document made from a template
    file = models.CharField(max_length=300, blank=True)  # of an uploaded one, under the data folder
    filename = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decision_reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["document", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="document_version_once"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("made_by")),
                name="document_not_approved_by_its_maker",
            ),
        ]
