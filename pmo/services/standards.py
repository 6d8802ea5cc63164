"""Standards: begun, imported, copied into a draft, published, retired. A published version never changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.analysis.standard_check import problems
from pmo.analysis.standard_content import StandardContent
from pmo.analysis.standard_fields import Problem, read
from pmo.analysis.standard_file import standard_from_yaml
from pmo.kit.errors import ApplicationError, Forbidden, NotFound, StaleVersion
from pmo.models import Standard, StandardVersion
from pmo.selectors.actors import Actor
from pmo.selectors.shipped import SHIPPED, shipped_standard
from pmo.selectors.standard_content import content_of
from pmo.selectors.standards import standard_get, version_get
from pmo.services.audit import audit_record
from pmo.services.standard_writing import standard_put, version_empty, version_fill, version_freeze


def refused(problem: Problem) -> ApplicationError:
    """A pure refusal as a door shows it: the place stands in the sentence."""
    return ApplicationError(str(problem), field=problem.field or None, code="invalid")


@transaction.atomic
def standard_create(*, actor: Actor, values: Mapping[str, Any]) -> StandardVersion:
    """A new standard with an empty draft. `values`: slug, name, description, source, licence."""
    actor.require("standard.edit")
    try:
        clean = read("standard", values)
    except Problem as problem:
        raise refused(problem) from None
    _slug_free(actor, clean["slug"])
    version = standard_put(actor.organisation, StandardContent(**clean))
    _tell(actor, version, "standard.create")
    return version


@transaction.atomic
def standard_update(*, actor: Actor, standard_id: int, values: Mapping[str, Any]) -> Standard:
    """Change what a standard is called and where it comes from; its versions stay as they are."""
    standard = standard_get(actor, standard_id, action="standard.edit")
    try:
        clean = read("standard", values, partial=True)
    except Problem as problem:
        raise refused(problem) from None
    clean.pop("summary", None)
    if clean.get("slug", standard.slug) != standard.slug:
        _slug_free(actor, clean["slug"])
    before = {name: getattr(standard, name) for name in clean}
    for name, value in clean.items():
        setattr(standard, name, value)
    standard.save(update_fields=list(clean) or None)
    audit_record(
        actor=actor, action="standard.update", object_type="standard", object_id=standard.pk, label=standard.name,
        before=before, after=clean,
    )  # fmt: skip
    return standard


@transaction.atomic
def standard_install(*, actor: Actor, slug: str) -> StandardVersion:
    """Take a shipped standard over: as a standard of its own, or, where it is there already, as a draft of it."""
    actor.require("standard.edit")
    if slug not in SHIPPED:
        raise NotFound()
    return _take(actor, shipped_standard(slug), "standard.install")


@transaction.atomic
def standard_import(*, actor: Actor, data: bytes) -> StandardVersion:
    """Take a standard from its YAML file: as a new standard, or as the draft of the one with its slug.

    Raises ApplicationError naming the place and the value; 409 where a draft is being edited.
    """
    actor.require("standard.edit")
    try:
        content = standard_from_yaml(data)
    except Problem as problem:
        raise ApplicationError(str(problem), field="file", code="invalid") from None
    return _take(actor, content, "standard.import")


def _take(actor: Actor, content: StandardContent, action: str) -> StandardVersion:
    standard = Standard.objects.filter(organisation=actor.organisation, slug=content.slug).first()
    if standard is None:
        version = standard_put(actor.organisation, content)
    else:
        version = _next(standard, latest=standard.versions.order_by("-number").first())
        version.summary = content.summary
        version.save(update_fields=["summary"])
        version_fill(version, content)
    _tell(actor, version, action)
    return version


@transaction.atomic
def draft_begin(*, actor: Actor, standard_id: int) -> StandardVersion:
    """The next version as a draft: a copy of the latest. 409 where there is a draft already."""
    standard = standard_get(actor, standard_id, action="standard.edit")
    latest = standard.versions.filter(published_at__isnull=False).order_by("-number").first()
    version = _next(standard, latest)
    if latest is not None:
        version_fill(version, content_of(latest))
    _tell(actor, version, "standard.draft")
    return version


def _next(standard: Standard, latest: StandardVersion | None) -> StandardVersion:
    Standard.objects.select_for_update().get(pk=standard.pk)
    draft = standard.versions.filter(published_at__isnull=True).first()
    if draft is not None:
        raise ApplicationError(
            _("%(standard)s has a draft already, version %(number)d: publish or discard it first.")
            % {"standard": standard.name, "number": draft.number},
            code="draft_exists",
            status=409,
        )
    return StandardVersion.objects.create(
        organisation_id=standard.organisation_id,
        standard=standard,
        number=(latest.number if latest else 0) + 1,
        copied_from=latest,
    )


@transaction.atomic
def draft_discard(*, actor: Actor, version_id: int, revision: int) -> None:
    """Throw a draft away; a standard without any other version goes with it."""
    version = draft_held(actor, version_id, revision)
    _tell(actor, version, "standard.discard")
    version_empty(version)
    standard = version.standard
    version.delete()
    if not standard.versions.exists():
        standard.delete()


@transaction.atomic
def version_publish(*, actor: Actor, version_id: int, revision: int, summary: str) -> StandardVersion:
    """Put a draft in force for new projects; those that run stay on theirs until they are moved. Never by token.

    Raises ApplicationError with the first thing that is not right in the draft, StaleVersion, Forbidden.
    """
    version = version_get(actor, version_id, action="standard.publish")
    if actor.is_token:
        raise Forbidden(_("A token cannot publish a standard."))
    if not summary.strip():
        raise ApplicationError(_("Say in a sentence what is new in it."), field="summary", code="required")
    version = draft_held(actor, version_id, revision, action="standard.publish")
    for problem in problems(content_of(version)):
        raise refused(problem)
    version.summary = summary.strip()[:10_000]
    version.save(update_fields=["summary"])
    version_freeze(version, actor.user)
    _tell(actor, version, "standard.publish")
    return version


@transaction.atomic
def standard_retire(*, actor: Actor, standard_id: int, retired: bool) -> Standard:
    """Let no new project follow it, or let them again. Projects that follow it go on."""
    standard = standard_get(actor, standard_id, action="standard.publish")
    if actor.is_token:
        raise Forbidden(_("A token cannot retire a standard."))
    others = Standard.objects.filter(
        organisation=actor.organisation, retired_at__isnull=True, versions__published_at__isnull=False
    ).exclude(pk=standard.pk)
    if retired and not others.exists():
        raise ApplicationError(
            _("%s is the only standard that new projects can follow.") % standard.name, code="last_standard", status=409
        )
    standard.retired_at = timezone.now() if retired else None
    standard.save(update_fields=["retired_at"])
    action = "standard.retire" if retired else "standard.restore"
    audit_record(actor=actor, action=action, object_type="standard", object_id=standard.pk, label=standard.name)
    return standard


def draft_held(actor: Actor, version_id: int, revision: int, *, action: str = "standard.edit") -> StandardVersion:
    """The draft, with its revision counted up: of two who read the same revision, one gets it.

    Raises NotFound, Forbidden, ApplicationError 409 where it is published, StaleVersion where somebody was sooner.
    """
    version = version_get(actor, version_id, action=action)
    held = StandardVersion.objects.filter(pk=version.pk, published_at__isnull=True, revision=revision)
    if held.update(revision=F("revision") + 1):
        version.refresh_from_db(fields=["revision", "published_at"])
        return version
    version.refresh_from_db(fields=["revision", "published_at"])
    if version.published_at is not None:
        raise ApplicationError(
            _("%s is published; published versions never change. Begin a new version.") % version,
            code="published",
            status=409,
        )
    raise StaleVersion(
        _("Somebody else changed this draft meanwhile. Nothing of yours was kept: look at what is there now."),
        current_version=version.revision,
    )


def _slug_free(actor: Actor, slug: str) -> None:
    if Standard.objects.filter(organisation=actor.organisation, slug=slug).exists():
        raise ApplicationError(_("There is a standard with the key “%s” already.") % slug, field="slug", code="taken")


def _tell(actor: Actor, version: StandardVersion, action: str) -> None:
    audit_record(
        actor=actor, action=action, object_type="standard_version", object_id=version.pk, label=str(version),
        after={"number": version.number, "summary": version.summary},
    )  # fmt: skip
