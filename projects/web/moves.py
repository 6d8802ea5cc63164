"""Moving projects to another version of their standard: what it changes for each, the work, and taking it back."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext

from pmo.kit.errors import NotFound
from pmo.kit.parameters import parse_value
from pmo.models import StandardVersion
from pmo.web.forms import done
from pmo.web.pages import OfficeRequest, page
from projects.models import Project, TailoringChange
from projects.selectors.tailoring import plans_for
from projects.services.standard_moves import standard_move, standard_move_undo, version_open
from projects.web.tailoring import diff_shown

SHOWN = 500


@page("standard.move", post="standard.move")
def moves(request: OfficeRequest, org: str) -> HttpResponse:
    """Choose a version and see, project by project, what would change; posting moves the ticked ones."""
    organisation = request.actor.organisation
    if request.method == "POST":
        version_id = parse_value("version", request.POST.get("version", ""), "id")
        ids = [parse_value("ids", each, "id") for each in request.POST.getlist("ids")]
        batch = standard_move(actor=request.actor, version_id=version_id, project_ids=ids)
        return redirect("projects:move", org, batch)
    versions = StandardVersion.objects.filter(
        organisation=organisation, published_at__isnull=False, standard__retired_at__isnull=True
    ).select_related("standard").order_by("standard__name", "-number")  # fmt: skip
    asked = request.GET.get("version", "")
    context: dict[str, Any] = {"nav_active": "standards", "versions": versions, "batches": _batches(request)}
    if asked:
        version = version_open(request.actor, parse_value("version", asked, "id"))
        mine = Project.objects.filter(organisation=organisation, archived_at__isnull=True)
        if not request.GET.get("every"):
            mine = mine.filter(standard_version__standard=version.standard)
        mine = mine.exclude(standard_version=version).exclude(status__in=("closed", "cancelled"))
        ids = list(mine.order_by("code").values_list("pk", flat=True)[:SHOWN])
        plans = plans_for(organisation.pk, ids, version=version)
        names = {
            pk: f"{name}, {number}"
            for pk, name, number in StandardVersion.objects.filter(organisation=organisation).values_list(
                "pk", "standard__name", "number"
            )
        }
        context |= {
            "version": version,
            "plans": [
                {
                    "plan": plan,
                    "from": names.get(plan.version_before, ""),
                    "diff": diff_shown(plan.told),
                    "counts": Counter(each["change"] for each in plan.told),
                }
                for plan in plans
            ],
            "every": bool(request.GET.get("every")),
            "most": SHOWN,
        }
    return render(request, "projects/moves.html", context)


@page("standard.move", post="standard.move")
def move(request: OfficeRequest, org: str, batch: str) -> HttpResponse:
    """How far a move is, and what it did; posting takes it back as a whole."""
    if request.method == "POST":
        count = standard_move_undo(actor=request.actor, batch=batch)
        said = (
            ngettext("The move of %d project is taken back.", "The move of %d projects is taken back.", count) % count
        )
        return done(request, said, reverse("projects:move", args=[org, batch]))
    rows = TailoringChange.objects.filter(organisation=request.actor.organisation, batch=batch).exclude(batch="")
    states = Counter(rows.values_list("state", flat=True))
    total = sum(states.values())
    if not total:
        raise NotFound
    first = rows.select_related("proposed_by").order_by("pk").first()
    assert first is not None
    context = {
        "nav_active": "standards",
        "batch": batch,
        "total": total,
        "moved": states["accepted"],
        "undone": states["undone"],
        "waiting": states["proposed"],
        "first": first,
        "version": StandardVersion.objects.select_related("standard").filter(pk=first.after.get("version")).first(),
        "rows": [
            {"row": row, "diff": diff_shown(row.diff)}
            for row in rows.select_related("project").order_by("project__code")[:SHOWN]
        ],
    }
    return render(request, "projects/_move_state.html" if request.htmx else "projects/move.html", context)


def _batches(request: OfficeRequest) -> list[dict[str, Any]]:
    """The last moves, newest first."""
    rows = TailoringChange.objects.filter(organisation=request.actor.organisation).exclude(batch="")
    found: dict[str, dict[str, Any]] = {}
    for row in rows.order_by("-pk").values("batch", "state", "proposed_at", "proposed_by__name")[:2_000]:
        one = found.setdefault(row["batch"], {"batch": row["batch"], "at": row["proposed_at"], "count": 0, "undone": 0,
                                              "by": row["proposed_by__name"]})  # fmt: skip
        one["count"] += 1
        one["undone"] += row["state"] == "undone"
    return list(found.values())[:10]
