"""Skills: frameworks with levels in words, what a role needs at a tier, and what people were seen to be able to do."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmo.models.people import Person, User
from pmo.models.tenant import TenantRow


class SkillFramework(TenantRow):
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=300, blank=True)
    licence = models.CharField(max_length=300, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="skill_framework_key_once")]

    def __str__(self) -> str:
        return self.name


class Skill(TenantRow):
    framework = models.ForeignKey(SkillFramework, on_delete=models.PROTECT, related_name="skills")
    order = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    group = models.CharField(max_length=100, blank=True)
    description = models.TextField(blank=True)

    class Meta:
        ordering = ["framework", "order"]
        constraints = [models.UniqueConstraint(fields=["framework", "key"], name="skill_key_once")]

    def __str__(self) -> str:
        return self.name


class SkillLevel(TenantRow):
    """What level 0 to 5 of a skill means, in words one can observe."""

    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="levels")
    level = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    description = models.TextField()

    class Meta:
        ordering = ["skill", "level"]
        constraints = [
            models.UniqueConstraint(fields=["skill", "level"], name="skill_level_once"),
            models.CheckConstraint(condition=Q(level__lte=5), name="skill_level_is_0_to_5"),
        ]


class Benchmark(TenantRow):
    """Which level a role needs at a tier."""

    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="benchmarks")
    role = models.CharField(max_length=30)  # project_manager, sponsor, budget_owner or another role
    tier = models.PositiveSmallIntegerField()
    level = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["role", "tier", "skill"]
        constraints = [
            models.UniqueConstraint(fields=["skill", "role", "tier"], name="benchmark_once"),
            models.CheckConstraint(condition=Q(level__lte=5), name="benchmark_level_is_0_to_5"),
        ]


class Assessment(TenantRow):
    """A dated judgement of one person's level in one skill. Never changed; a newer one follows."""

    append_only = True

    class Kind(models.TextChoices):
        SELF = "self", _("Self-assessment")
        PEER = "peer", _("By a peer")
        ASSESSOR = "assessor", _("By an assessor")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="assessments")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="assessments")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    level = models.PositiveSmallIntegerField()
    assessed_on = models.DateField()
    evidence = models.TextField(blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["person", "skill", "-assessed_on", "-id"]
        constraints = [models.CheckConstraint(condition=Q(level__lte=5), name="assessment_level_is_0_to_5")]
        indexes = [models.Index(fields=["organisation", "person", "skill", "assessed_on"], name="assessment_latest")]


class Certificate(TenantRow):
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="certificates")
    name = models.CharField(max_length=200)
    issuer = models.CharField(max_length=200, blank=True)
    number = models.CharField(max_length=100, blank=True)
    issued_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    skill = models.ForeignKey(Skill, null=True, blank=True, on_delete=models.PROTECT, related_name="certificates")
    level = models.PositiveSmallIntegerField(null=True, blank=True)  # the level it evidences
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["person", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("issued_on")),
                name="certificate_expires_after_issue",
            )
        ]

    def __str__(self) -> str:
        return self.name


class DevelopmentAction(TenantRow):
    """What somebody does to close a gap."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        UNDER_WAY = "under_way", _("Under way")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="development_actions")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    target_level = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500)
    due = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["person", "due"]

    def __str__(self) -> str:
        return self.text


class PeerRequest(TenantRow):
    """Somebody is asked to judge a colleague as a peer. Answered once; who is asked sees no other's words."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="peer_requests")
    peer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="asked_as_peer")
    asked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "peer"], condition=Q(answered_at__isnull=True), name="peer_request_open_once"
            ),
            models.CheckConstraint(condition=~Q(person=F("peer")), name="peer_request_is_of_another"),
        ]
