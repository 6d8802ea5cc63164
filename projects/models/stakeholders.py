"""Who has an interest in a project, and what is to be told to whom, when and by whom."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pmo.models import Person, TenantRow, User
from projects.models.projects import Project


class Stakeholder(TenantRow):
    class Stance(models.TextChoices):
        UNKNOWN = "unknown", _("Not known")
        AGAINST = "against", _("Against")
        NEUTRAL = "neutral", _("Neutral")
        SUPPORTS = "supports", _("Supports")
        LEADS = "leads", _("Leads the way")

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="stakeholders")
    name = models.CharField(max_length=200)
    group = models.CharField(max_length=200, blank=True)  # unit, company, public
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="stakes")
    interest = models.PositiveSmallIntegerField()  # 1 low … 5 high
    influence = models.PositiveSmallIntegerField()
    stance = models.CharField(max_length=10, choices=Stance.choices, default=Stance.UNKNOWN)
    wanted_stance = models.CharField(max_length=10, choices=Stance.choices, blank=True)
    expectations = models.TextField(blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["project", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "name"], condition=Q(removed_at__isnull=True), name="stakeholder_name_once"
            ),
            models.CheckConstraint(
                condition=Q(interest__gte=1, interest__lte=5, influence__gte=1, influence__lte=5),
                name="stakeholder_scales_are_1_to_5",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CommunicationPlanItem(TenantRow):
    """One message to one audience over one channel, again and again."""

    class Cadence(models.TextChoices):
        ONCE = "once", _("Once")
        WEEKLY = "weekly", _("Weekly")
        FORTNIGHTLY = "fortnightly", _("Every two weeks")
        MONTHLY = "monthly", _("Monthly")
        QUARTERLY = "quarterly", _("Quarterly")

    class Channel(models.TextChoices):
        MEETING = "meeting", _("Meeting")
        MAIL = "mail", _("Mail")
        REPORT = "report", _("Report")
        PAGE = "page", _("Web page")
        CALL = "call", _("Call")

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="communication_plan")
    message = models.CharField(max_length=300)
    purpose = models.TextField(blank=True)
    audience = models.ManyToManyField(Stakeholder, through="projects.CommunicationAudience", related_name="+")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    cadence = models.CharField(max_length=12, choices=Cadence.choices)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    responsible = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="communications"
    )
    stopped_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["project", "starts_on", "id"]

    def __str__(self) -> str:
        return self.message


class CommunicationAudience(TenantRow):
    item = models.ForeignKey(CommunicationPlanItem, on_delete=models.CASCADE, related_name="audiences")
    stakeholder = models.ForeignKey(Stakeholder, on_delete=models.PROTECT, related_name="hears")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "stakeholder"], name="communication_audience_once")]


class Communication(TenantRow):
    """One dated communication of the plan: due, then sent or left out, by whom."""

    class State(models.TextChoices):
        SENT = "sent", _("Sent")
        LEFT_OUT = "left_out", _("Left out")

    item = models.ForeignKey(CommunicationPlanItem, on_delete=models.PROTECT, related_name="communications")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="communications")
    due = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices)
    done_on = models.DateField()
    done_at = models.DateTimeField(auto_now_add=True)
    done_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["item", "due"]
        constraints = [models.UniqueConstraint(fields=["item", "due"], name="communication_once")]
