"""What a project leaves behind: lessons and owners of benefits; and projects that are still being thought up."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from pmo.models import Person, TenantRow, User
from projects.models.projects import Project


class Lesson(TenantRow):
    """What happened, and what others should do about it."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="lessons")
    title = models.CharField(max_length=200)
    happened = models.TextField()
    advice = models.TextField()
    tags = models.JSONField(default=list, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["project", "-id"]

    def __str__(self) -> str:
        return self.title


class BenefitOwner(TenantRow):
    """Who sees to it that a benefit comes about after the project is closed, and when that is looked at."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="benefit_owners")
    benefit = models.CharField(max_length=300)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="owns_benefits")
    review_on = models.DateField()
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["project", "review_on", "id"]
        constraints = [models.UniqueConstraint(fields=["project", "benefit"], name="benefit_owner_once")]

    def __str__(self) -> str:
        return self.benefit


class ProjectSketch(TenantRow):
    """A project that somebody is about to create, kept between the steps. Only its owner sees it."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=300, blank=True)
    values = models.JSONField(default=dict)  # step -> the fields as they were posted
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-changed_at"]
