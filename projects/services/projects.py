"""Projects: created with the phases of their standard, changed under a version, archived, never deleted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.analysis.tailoring import tailored
from pmo.kit.errors import ApplicationError, Forbidden, StaleVersion
from pmo.models import Person, Phase, StandardVersion
from pmo.selectors.actors import Actor
from pmo.selectors.standard_content import content_of
from pmo.services.audit import audit_record
from projects.analysis.checklist import facts_for, phase_spans
from projects.models import EacMethod, Project, ProjectPhase, ProjectStatus
from projects.selectors.projects import project_get
from projects.services.checklists import checklists_lay
from projects.services.closing import closing_checked, phase_entry_checked
from projects.services.costs import date_checked
from projects.services.lifecycle_marks import requirements_changed
from projects.services.performance import performance_owed
from projects.services.placement import programme_checked
from projects.services.tailoring import tier_follow

PEOPLE = ("project_manager", "sponsor", "budget_owner")
DATES = ("start", "finish", "actual_start", "actual_finish", "forecast_finish")
EDITABLE = (
    "name", "description", "status", "tier", *PEOPLE, *DATES, "tags", "source", "external_id", "eac_method",
    "eac_method_reason", "programme", "phase",
)  # fmt: skip


@dataclass(frozen=True)
class ProjectDraft:
    """A project to be. `portfolio_id` and `programme_id` are checked by the caller's floor to be the actor's own."""

    code: str
    name: str
    portfolio_id: int
    currency: str
    programme_id: int | None = None
    standard_version_id: int | None = None  # None: that of `standard_of`
    values: Mapping[str, Any] = field(default_factory=dict)  # further EDITABLE fields


@transaction.atomic
def project_create(*, actor: Actor, draft: ProjectDraft) -> Project:
    """A new project, with the five phases of the organisation's standard laid between start and finish.

    Raises Forbidden where the actor may not create in that portfolio, ApplicationError naming field and value.
    """
    actor.require("project.create")
    if not actor.everywhere("project.create") and draft.portfolio_id not in actor.portfolio_ids:
        raise Forbidden(_("You may create projects only in the portfolios you manage."))
    code, name = draft.code.strip(), draft.name.strip()
    if not code or len(code) > 60:
        raise ApplicationError(_("A project needs a code of at most 60 characters."), field="code", code="required")
    if not name or len(name) > 300:
        raise ApplicationError(_("A project needs a name of at most 300 characters."), field="name", code="required")
    programme_checked(portfolio_id=draft.portfolio_id, programme_id=draft.programme_id)
    values = _checked(actor, None, draft.values)
    standard = _standard(actor, draft.standard_version_id)
    project = Project(
        organisation=actor.organisation,
        code=code,
        name=name,
        portfolio_id=draft.portfolio_id,
        programme_id=draft.programme_id,
        currency=draft.currency,
        standard_version=standard,
        **{key: value for key, value in values.items() if key not in ("name", "programme", "phase")},
    )
    try:
        with transaction.atomic():
            project.save(force_insert=True)
    except IntegrityError as error:
        raise _collision(project, error) from error
    phases_lay(project, standard)
    checklists_lay(project.organisation_id, [project.pk])
    performance_owed(project.organisation_id, [project.pk])
    requirements_changed(project.organisation_id, [project.pk])
    audit_record(
        actor=actor,
        action="project.create",
        object_type="project",
        object_id=project.pk,
        label=f"{code} {name}",
        project_id=project.pk,
        after={"code": code, "name": name, "portfolio": draft.portfolio_id},
    )
    return project


@transaction.atomic
def project_update(*, actor: Actor, project_id: int, version: int, values: Mapping[str, Any]) -> Project:
    """Change fields of EDITABLE. Raises StaleVersion where somebody changed the project since `version`."""
    project = project_get(actor, action="project.edit", pk=project_id)
    changes = _checked(actor, project, values)
    if "programme" in changes:
        programme_checked(portfolio_id=project.portfolio_id, programme_id=_key(changes["programme"]))
    if "phase" in changes:
        phase_entry_checked(project, _key(changes["phase"]), actor.organisation)
    if changes.get("status") == ProjectStatus.CLOSED and project.status != ProjectStatus.CLOSED:
        closing_checked(project, actor.organisation)
    before = {key: getattr(project, f"{key}_id" if key in (*PEOPLE, "programme", "phase") else key) for key in changes}
    stored = {f"{k}_id" if k in (*PEOPLE, "programme", "phase") else k: _key(v) for k, v in changes.items()}
    try:
        with transaction.atomic():
            done = Project.objects.filter(pk=project.pk, version=version).update(version=F("version") + 1, **stored)
    except IntegrityError as error:
        raise _collision(project, error) from error
    if not done:
        project.refresh_from_db(fields=["version"])
        raise StaleVersion(_("Somebody changed this project meanwhile."), current_version=project.version)
    if changes.get("tier", project.tier) != project.tier:
        tier_follow(actor, project.pk, project.organisation_id, project.tier)
    performance_owed(project.organisation_id, [project.pk])
    requirements_changed(project.organisation_id, [project.pk])
    audit_record(
        actor=actor,
        action="project.update",
        object_type="project",
        object_id=project.pk,
        label=f"{project.code} {project.name}",
        project_id=project.pk,
        before=before,
        after={key: _key(value) for key, value in changes.items()},
    )
    return _fresh(project.pk)


@transaction.atomic
def project_archive(*, actor: Actor, project_id: int, version: int, archived: bool = True) -> Project:
    """Take the project out of lists and roll-ups, or bring it back. Its rows stay."""
    project = project_get(actor, action="project.archive", pk=project_id)
    moment = timezone.now() if archived else None
    if not Project.objects.filter(pk=project.pk, version=version).update(archived_at=moment, version=F("version") + 1):
        project.refresh_from_db(fields=["version"])
        raise StaleVersion(_("Somebody changed this project meanwhile."), current_version=project.version)
    performance_owed(project.organisation_id, [project.pk])
    requirements_changed(project.organisation_id, [project.pk])
    audit_record(
        actor=actor,
        action="project.archive" if archived else "project.restore",
        object_type="project",
        object_id=project.pk,
        label=f"{project.code} {project.name}",
        project_id=project.pk,
    )
    project.refresh_from_db()
    return project


@transaction.atomic
def project_move(
    *, actor: Actor, project_id: int, version: int, portfolio_id: int, programme_id: int | None = None
) -> Project:
    """Move a project to another portfolio: a portfolio manager needs both. The caller's floor checks the target."""
    project = project_get(actor, action="project.move", pk=project_id)
    if not actor.everywhere("project.move") and portfolio_id not in actor.portfolio_ids:
        raise Forbidden(_("You may move projects only between portfolios you manage."))
    programme_checked(portfolio_id=portfolio_id, programme_id=programme_id)
    before = {"portfolio": project.portfolio_id, "programme": project.programme_id}
    done = Project.objects.filter(pk=project.pk, version=version).update(
        portfolio_id=portfolio_id, programme_id=programme_id, version=F("version") + 1
    )
    if not done:
        project.refresh_from_db(fields=["version"])
        raise StaleVersion(_("Somebody changed this project meanwhile."), current_version=project.version)
    performance_owed(project.organisation_id, [project.pk])
    requirements_changed(project.organisation_id, [project.pk])
    audit_record(
        actor=actor,
        action="project.move",
        object_type="project",
        object_id=project.pk,
        label=f"{project.code} {project.name}",
        project_id=project.pk,
        before=before,
        after={"portfolio": portfolio_id, "programme": programme_id},
    )
    return _fresh(project.pk)


def standard_of(organisation_id: int) -> StandardVersion:
    """The newest published version of the organisation's first standard that is not retired."""
    version = (
        StandardVersion.objects.filter(
            organisation_id=organisation_id, published_at__isnull=False, standard__retired_at__isnull=True
        )
        .order_by("standard_id", "-number")
        .first()
    )
    if version is None:
        raise ApplicationError(_("This organisation has no published standard yet."), code="no_standard", status=409)
    return version


def _standard(actor: Actor, version_id: int | None) -> StandardVersion:
    if version_id is None:
        return standard_of(actor.organisation.pk)
    version = StandardVersion.objects.filter(
        pk=version_id, organisation=actor.organisation, published_at__isnull=False, standard__retired_at__isnull=True
    ).first()
    if version is None:
        raise ApplicationError(
            _("That is no published version of a standard in use."), field="standard", code="does_not_exist"
        )
    return version


def phases_lay(project: Project, standard: StandardVersion) -> list[ProjectPhase]:
    """The phases of the standard that the tailoring keeps, one after another between the project's start and finish."""
    facts = facts_for(project.tier, {}, None, (project.start, project.finish))
    left_out = tailored(content_of(standard), facts).phases_left_out
    phases = [each for each in Phase.objects.filter(version=standard).order_by("order") if each.key not in left_out]
    spans = phase_spans([phase.key for phase in phases], (project.start, project.finish))
    laid = [
        ProjectPhase(
            organisation_id=project.organisation_id,
            project=project,
            phase=phase,
            order=phase.order,
            name=phase.name,
            start=spans[phase.key][0],
            finish=spans[phase.key][1],
        )
        for phase in phases
    ]
    laid = ProjectPhase.objects.bulk_create(laid)
    if laid:
        project.phase = laid[0]
        Project.objects.filter(pk=project.pk).update(phase=laid[0])
    return laid


def _fresh(pk: int) -> Project:
    """The project as it stands now, also for somebody who has just handed it over and sees it no more."""
    return Project.objects.select_related(
        "portfolio", "programme", "phase", "project_manager", "sponsor", "budget_owner", "standard_version__standard"
    ).get(pk=pk)


def _key(value: Any) -> Any:
    return getattr(value, "pk", value)


def _checked(actor: Actor, project: Project | None, values: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(values) - set(EDITABLE)
    if unknown:
        raise ApplicationError(
            _("“%s” cannot be set here.") % sorted(unknown)[0], field=sorted(unknown)[0], code="unknown_field"
        )
    checked = dict(values)
    for key in PEOPLE:
        person = checked.get(key)
        if person is not None and not Person.objects.filter(pk=_key(person), organisation=actor.organisation).exists():
            raise ApplicationError(_("“%s” is nobody here.") % _key(person), field=key, code="does_not_exist")
    for key in DATES:
        if checked.get(key) is not None:
            date_checked(checked[key], field=key)
    start = checked.get("start", project.start if project else None)
    finish = checked.get("finish", project.finish if project else None)
    if start and finish and finish < start:
        raise ApplicationError(
            _("The finish %(finish)s is before the start %(start)s.") % {"finish": finish, "start": start},
            field="finish",
            code="out_of_order",
        )
    if checked.get("status", "active") not in ProjectStatus.values:
        raise ApplicationError(_("“%s” is not a status.") % checked["status"], field="status", code="unknown_choice")
    method = checked.get("eac_method", "")
    if method not in EacMethod.values:
        raise ApplicationError(_("“%s” is not a way to estimate.") % method, field="eac_method", code="unknown_choice")
    if (
        method
        and "eac_method" in checked
        and not (checked.get("eac_method_reason") or (project and project.eac_method_reason))
    ):
        raise ApplicationError(
            _("Say why this way to estimate was chosen."), field="eac_method_reason", code="required"
        )
    if "name" in checked and not str(checked["name"]).strip():
        raise ApplicationError(_("A project needs a name."), field="name", code="required")
    return checked


def _collision(project: Project, error: IntegrityError) -> ApplicationError:
    taken = Project.objects.filter(organisation_id=project.organisation_id, code=project.code).exclude(pk=project.pk)
    if taken.exists():
        return ApplicationError(_("The code “%s” is taken.") % project.code, field="code", code="taken", status=409)
    if project.external_id:
        return ApplicationError(
            _("“%(id)s” of “%(source)s” is another project already.")
            % {"id": project.external_id, "source": project.source},
            field="external_id",
            code="taken",
            status=409,
        )
    return ApplicationError(_("The database refused this: %s") % error, code="integrity", status=409)
