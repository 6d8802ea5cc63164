"""The pages of imports: what was sent, a new file, its columns, what it would do or did, taking it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.kit.errors import ApplicationError
from pmo.kit.export import CSV_TYPE
from pmo.web.listing import ListPage, list_page
from pmo.web.pages import OfficeRequest, page
from projects.imports.mapping import DATE_ORDERS, DUPLICATES
from projects.imports.targets import TARGETS
from projects.listings.imports import IMPORT_ROWS, IMPORTS, rejects_lines
from projects.models import ImportBatch, ImportTarget
from projects.selectors.imports import batch_get, batches_for, mapping_named, recipe_in_use, recipes, rows_of
from projects.selectors.matching import waiting_count
from projects.services.imports import (
    import_apply,
    import_cancel,
    import_create,
    import_remap,
    import_start,
    import_undo,
    mapping_save,
    propose,
)
from projects.web.import_columns import lines_of, mapping_from, options_from, options_shown

State = ImportBatch.State
WORKING = (State.QUEUED, State.RUNNING)
RUN = "import.run"
QUEUE = {"unmatched": "queue"}  # cost entries of unknown projects wait for a person instead of being lost


@page(RUN, post=RUN)
def imports(request: OfficeRequest, org: str) -> HttpResponseBase:
    """Send a file; below, what was sent before."""
    if request.method == "POST":
        return _send(request, org)
    shown = list_page(request, IMPORTS, batches_for(request.actor), request.actor.allows, menus=("state", "target"))
    if not isinstance(shown, ListPage):
        return shown
    ready = [recipe for recipe in recipes(request.actor) if recipe.ready]
    context = {"list": shown, "ready": ready, "waiting": waiting_count(request.actor), "nav_active": "imports"}
    return render(request, "projects/imports.html", context)


def _send(request: OfficeRequest, org: str) -> HttpResponse:
    upload = request.FILES.get("file")
    if upload is None:
        raise ApplicationError(_("Choose a file first."), field="file", code="required")
    batch = import_create(actor=request.actor, file=upload, file_name=upload.name or "", options=QUEUE, mode="preview")
    return redirect("projects:import", org, batch.pk)


@page(RUN)
def import_detail(request: OfficeRequest, org: str, pk: int) -> HttpResponseBase:
    """One import: its progress, its outcome, its rows. Asked with a stamp, it answers only what is new."""
    batch = batch_get(request.actor, pk)
    stamp = stamp_of(batch)
    if "stamp" in request.GET:
        if request.GET["stamp"] == stamp:
            finished = batch.state not in WORKING
            return redirect("projects:import", org, pk) if finished else HttpResponse(status=204)
        return render(request, "projects/_import.html", _context(request, batch, stamp))
    rows = list_page(request, IMPORT_ROWS, rows_of(batch), request.actor.allows)
    if not isinstance(rows, ListPage):
        return rows
    return render(request, "projects/import.html", _context(request, batch, stamp) | {"list": rows})


def stamp_of(batch: ImportBatch) -> str:
    """Changes whenever the page of the import would look different."""
    return f"{batch.state}-{batch.progress}-{int(batch.cancel_requested)}"


def _context(request: OfficeRequest, batch: ImportBatch, stamp: str) -> dict[str, Any]:
    counts = [(key, str(label), getattr(batch, key)) for key, label in rows_outcomes()]
    views = [{"name": _("All rows"), "href": "?", "count": batch.total, "current": not request.GET.get("outcome")}]
    views += [
        {"name": label, "href": f"?outcome={key}", "count": count, "current": request.GET.get("outcome") == key}
        for key, label, count in counts
        if count
    ]
    labels = {key: spec.label for key, spec in TARGETS[batch.target].fields.items()}
    sums = [(labels.get(key, key), total) for key, total in batch.sums.items()]
    return {
        "batch": batch,
        "stamp": stamp,
        "working": batch.state in WORKING,
        "counts": counts,
        "sums": sums,
        "views": views,
        "recipe": recipe_in_use(batch),
        "has_rows": batch.state in (State.PREVIEWED, State.APPLIED, State.UNDONE) and batch.total,
        "may_apply": batch.state == State.PREVIEWED and batch.created + batch.updated > 0,
        "remappable": batch.state in (State.PREVIEWED, State.FAILED, State.CANCELLED),
        "waiting": waiting_count(request.actor, batch) if batch.state == State.APPLIED else 0,
        "nav_active": "imports",
        "currency": _currency(batch),
    }


def _currency(batch: ImportBatch) -> str:
    """The one currency of the file's sums, where the mapping names it."""
    rule = batch.mapping.get("currency")
    return str(rule.get("default") or "") if isinstance(rule, dict) else ""


def rows_outcomes() -> list[tuple[str, Any]]:
    """Outcomes with their words, the best first."""
    return [
        ("created", _("Created")),
        ("updated", _("Updated")),
        ("unchanged", _("Unchanged")),
        ("rejected", _("Rejected")),
    ]


@page(RUN, post=RUN)
def import_columns(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """Which column becomes which field; with a preview, or kept under a name."""
    batch = batch_get(request.actor, pk)
    target, mapping, options = _shown_mapping(request, batch)
    if request.method == "POST":
        target = request.POST.get("target", batch.target)
        if target not in TARGETS:
            raise ApplicationError(_("“%s” cannot be imported.") % target[:50], field="target", code="unknown_choice")
        mapping = mapping_from(request.POST, target, mapping)
        options = options_from(request.POST, options)
        try:
            return _keep(request, org, batch, target, mapping, options)
        except ApplicationError as refusal:
            context = _columns_context(request, batch, target, mapping, options)
            context |= {
                "refusal": refusal.message,
                "refused": (refusal.field or "").removeprefix("mapping.").partition(".")[0],
            }
            return render(request, "projects/import_columns.html", context, status=422)
    return render(request, "projects/import_columns.html", _columns_context(request, batch, target, mapping, options))


def _keep(
    request: OfficeRequest, org: str, batch: ImportBatch, target: str, mapping: dict[str, Any], options: dict[str, Any]
) -> HttpResponse:
    if request.POST.get("save"):
        name = request.POST.get("mapping_name", "")
        saved = mapping_save(actor=request.actor, name=name, target=target, mapping=mapping, options=options)
        messages.success(request, _("Kept as “%s”.") % saved.name)
        return redirect(reverse("projects:import-columns", args=[org, batch.pk]) + f"?use=saved-{saved.pk}")
    import_remap(actor=request.actor, batch_id=batch.pk, target=target, mapping=mapping, options=options)
    import_start(actor=request.actor, batch_id=batch.pk, mode="preview")
    return redirect("projects:import", org, batch.pk)


def _shown_mapping(request: OfficeRequest, batch: ImportBatch) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """The batch's own mapping; or one chosen by name (`use`), or guessed anew for another target (`target`)."""
    use, target = request.GET.get("use"), request.GET.get("target")
    if use:
        recipe = mapping_named(request.actor, use)
        return recipe.target, dict(recipe.mapping), dict(recipe.options)
    if target in TARGETS and target != batch.target:
        trial = ImportBatch(organisation=batch.organisation, file=batch.file.name, target=target)
        propose(trial, target=target)
        return trial.target, trial.mapping, trial.options
    return batch.target, batch.mapping, batch.options


def _columns_context(
    request: OfficeRequest, batch: ImportBatch, target: str, mapping: dict[str, Any], options: dict[str, Any]
) -> dict[str, Any]:
    lines = lines_of(target, mapping, batch.columns)
    return {
        "batch": batch,
        "target": target,
        "targets": ImportTarget.choices,
        "lines": [line for line in lines if line.mapped or line.spec.required],
        "more": [line for line in lines if not (line.mapped or line.spec.required)],
        "options": options_shown(options, batch.columns),
        "date_orders": DATE_ORDERS,
        "duplicates": [(value, DUPLICATE_WORDS[value]) for value in DUPLICATES],
        "recipes": recipes(request.actor),
        "use": request.GET.get("use", ""),
        "recipe": recipe_in_use(batch),
        "editable": batch.state in (State.PREVIEWED, State.FAILED, State.CANCELLED),
        "nav_active": "imports",
    }


DUPLICATE_WORDS = {
    "reject": gettext_lazy("Reject the later rows"),
    "merge": gettext_lazy("Merge them; the later row holds"),
    "newest": gettext_lazy("Keep the newest report"),
}


@page(RUN, post=RUN)
def import_act(request: OfficeRequest, org: str, pk: int, act: str) -> HttpResponse:
    """Apply, take back or stop."""
    if request.method == "POST":
        {"apply": import_apply, "undo": import_undo, "cancel": import_cancel}[act](actor=request.actor, batch_id=pk)
    return redirect("projects:import", org, pk)


@page(RUN)
def import_rejects(request: OfficeRequest, org: str, pk: int) -> StreamingHttpResponse:
    """The rejected rows as a file to correct and send again."""
    batch = batch_get(request.actor, pk)
    response = StreamingHttpResponse(rejects_lines(batch), content_type=CSV_TYPE)
    response["Content-Disposition"] = f'attachment; filename="rejects-{batch.pk}.csv"'
    return response
