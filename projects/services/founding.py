"""A project from an idea: kept as a sketch between the steps, then created in its tier with the checklist of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction

from pmo.kit.errors import NotFound
from pmo.selectors.actors import Actor
from projects.models import Project, ProjectSketch
from projects.selectors.tailoring import plans_for, tier_model_now
from projects.services.checklists import plans_apply
from projects.services.projects import ProjectDraft, project_create
from projects.services.tailoring import assessment_record, tier_found

MOST = 20


@transaction.atomic
def project_found(*, actor: Actor, draft: ProjectDraft, answers: Mapping[str, Any], size: Mapping[str, Any]) -> Project:
    """Create the project in the tier that size and complexity give, with the assessment on record and its checklist
    tailored by both. Raises as `project_create` and `complexity_assess` do; then nothing is created."""
    model = tier_model_now(actor.organisation.pk)
    tier = tier_found(model, answers, size).tier if model is not None else None
    project = project_create(actor=actor, draft=replace(draft, values={**draft.values, "tier": tier}))
    assessment_record(actor, project, answers, size)
    plans_apply([plan for plan in plans_for(project.organisation_id, [project.pk]) if plan.changes])
    return project


@transaction.atomic
def sketch_keep(*, actor: Actor, sketch_id: int | None, step: str, values: Mapping[str, Any]) -> ProjectSketch:
    """Keep what was filled in at one step. The oldest sketches of a person go when there are more than MOST."""
    actor.require("project.create")
    if sketch_id is None:
        mine = ProjectSketch.objects.filter(organisation=actor.organisation, owner=actor.user)
        stale = list(mine.order_by("-changed_at").values_list("pk", flat=True)[MOST - 1 :])
        mine.filter(pk__in=stale).delete()
        sketch = ProjectSketch(organisation=actor.organisation, owner=actor.user)
    else:
        sketch = sketch_get(actor, sketch_id)
    sketch.values = {**sketch.values, step: dict(values)}
    sketch.name = str(sketch.values.get("idea", {}).get("name", ""))[:300]
    sketch.save()
    return sketch


@transaction.atomic
def sketch_forget(*, actor: Actor, sketch_id: int) -> None:
    """Throw a sketch away."""
    sketch_get(actor, sketch_id).delete()


def sketch_get(actor: Actor, sketch_id: int) -> ProjectSketch:
    """One's own sketch. Raises NotFound for any other."""
    rows = ProjectSketch.objects.filter(organisation=actor.organisation, owner=actor.user)
    sketch = rows.filter(pk=sketch_id).first()
    if sketch is None:
        raise NotFound
    return sketch
