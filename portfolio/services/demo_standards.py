"""The office of the demo at work: a newer version of the standard that projects have yet to move to, and policies."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

from pmo.models import (
    Activity,
    Organisation,
    Person,
    Policy,
    PolicyAcknowledgement,
    PolicyVersion,
    Role,
    Standard,
    StandardVersion,
    User,
)
from pmo.selectors.shipped import SHIPPED, shipped_standard
from pmo.services.standard_writing import version_fill
from portfolio.analysis.demo_policies import DRAFT, POLICIES, DemoPolicy


def standards_work(organisation: Organisation, users: dict[str, User], today: date) -> None:
    """Version 2 of the first standard, published after the projects began; a draft of the small one; the policies."""
    first = Standard.objects.get(organisation=organisation, slug=SHIPPED[0])
    if first.versions.count() == 1:
        second = _copy(first, "The site is visited before money is promised, and the communication is planned always.")
        phases = list(second.phases.order_by("order"))
        Activity.objects.create(
            organisation=organisation, phase=phases[1], order=90, key="site-visit", name="Visit the site",
            responsible_role="project_manager", why="Plans made at a desk forget the doors.",
            how="Half a day with those who will work there; photographs into the plan.",
        )  # fmt: skip
        Activity.objects.filter(phase=phases[2], key="progress").update(
            how="Percent complete per phase or work package, dated, with one sentence on what comes next."
        )
        Activity.objects.filter(phase=phases[1], key="communication").update(obligation="mandatory")
        second.published_at, second.published_by = timezone.now(), users[Role.PMO_DIRECTOR]
        second.save(update_fields=["published_at", "published_by"])
    small = Standard.objects.get(organisation=organisation, slug=SHIPPED[-1])
    if small.versions.count() == 1:
        draft = _copy(small, "")
        Activity.objects.filter(phase__version=draft, key="effects").update(obligation="mandatory")
    for each in POLICIES:
        _policy(organisation, users, today, each)
    _policy(organisation, users, today, DRAFT, draft=True)


def _copy(standard: Standard, summary: str) -> StandardVersion:
    version = StandardVersion.objects.create(
        organisation_id=standard.organisation_id, standard=standard, number=2, summary=summary,
        copied_from=standard.versions.get(number=1),
    )  # fmt: skip
    version_fill(version, shipped_standard(standard.slug))
    return version


def _policy(
    organisation: Organisation, users: dict[str, User], today: date, each: DemoPolicy, *, draft: bool = False
) -> None:
    director = users[Role.PMO_DIRECTOR]
    policy = Policy.objects.create(
        organisation=organisation, slug=each.slug, name=each.name, kind=each.kind,
        owner=Person.objects.filter(organisation=organisation, user=director).first(),
    )  # fmt: skip
    day = today - timedelta(days=each.days)
    version = PolicyVersion.objects.create(
        organisation=organisation, policy=policy, number=1, text=each.text, summary=each.summary,
        binds_roles=list(each.binds), acknowledge_within_days=each.within,
        **({} if draft else {"effective_on": day, "published_at": _at(day), "published_by": director}),
    )  # fmt: skip
    read = [users[role] for role in each.read if role in users]
    PolicyAcknowledgement.objects.bulk_create(
        PolicyAcknowledgement(
            organisation=organisation, version=version, user=user, acknowledged_at=_at(day + timedelta(days=place))
        )
        for place, user in enumerate(read, start=1)
    )


def _at(day: date) -> datetime:
    return min(datetime.combine(day, time(10), tzinfo=UTC), timezone.now())
