"""Documents of a project: the list, one with its versions, writing, handing in, deciding, and the PDF."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.analysis.document_fields import blocks, shown
from pmo.kit.errors import NotFound
from pmo.kit.paper import Paper
from pmo.kit.parameters import parse_value
from pmo.selectors.actors import Actor
from pmo.selectors.document_templates import newest_templates
from pmo.web.forms import attempt, done, form_page
from pmo.web.pages import OfficeRequest, page
from projects.models import Document, DocumentVersion, Project
from projects.selectors.documents import document_versions_for, documents_for, sees_money
from projects.services.documents import LONGEST, document_create, document_decide, document_submit, document_write
from projects.web.subpage import subpage

VIEW: Final = "document.view"
EDIT: Final = "document.edit"


class DocumentForm(forms.Form):
    template = forms.TypedChoiceField(label=gettext_lazy("Template"), coerce=int)
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=200, required=False,
        help_text=gettext_lazy("The template's name where this is left empty."),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].choices = [(str(row.pk), row.name) for row in newest_templates(actor)]  # type: ignore[attr-defined]


class BodyForm(forms.Form):
    body = forms.CharField(
        label=gettext_lazy("Text"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 24}),
        help_text=gettext_lazy(
            "# and ## begin headings, - an item. Amounts in {{= … }} show only to those who may see money."
        ),
    )  # fmt: skip


@page(VIEW, post=EDIT)
def documents(request: OfficeRequest, org: str, code: str) -> HttpResponse:
    """Every document with its newest version; posting makes one from a template."""
    action = EDIT if request.method == "POST" else VIEW
    project, context = subpage(request, code, action, "documents")
    form = DocumentForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        change = {"project_id": project.pk, "template_id": sent["template"], "name": sent["name"]}
        made = attempt(form, lambda: document_create(actor=request.actor, **change))
        if made is not None:
            return done(request, _("“%s” is made.") % made.name, _place(org, code, made.pk))
    newest: dict[int, DocumentVersion] = {}
    for row in document_versions_for(request.actor, VIEW).filter(project=project).order_by("document__name", "-number"):
        newest.setdefault(row.document_id, row)
    return form_page(request, "projects/documents.html", form, {**context, "newest": list(newest.values())})


@page(VIEW, post=EDIT)
def document(request: OfficeRequest, org: str, code: str, pk: int) -> HttpResponse:
    """One version of a document (`?number=`, else the newest); posting saves the text or hands it in."""
    action = EDIT if request.method == "POST" else VIEW
    project, context = subpage(request, code, action, "documents")
    row, versions = _found(request.actor, project, pk)
    last = versions[0]
    number = parse_value("number", request.GET["number"], "id") if request.GET.get("number") else last.number
    version = next((each for each in versions if each.number == number), None)
    if version is None:
        raise NotFound(_("There is no such version here."))
    form = BodyForm(request.POST or None, initial={"body": last.body})
    if request.method == "POST":
        seen = parse_value("version", request.POST.get("version", ""), "id")
        if request.POST.get("act") == "submit":
            document_submit(actor=request.actor, document_id=row.pk, seen=seen)
            return done(request, _("“%s” waits for approval.") % row.name, _place(org, code, row.pk))
        if form.is_valid():
            change = {"document_id": row.pk, "body": form.cleaned_data["body"], "seen": seen}
            if attempt(form, lambda: document_write(actor=request.actor, **change)) is not None:
                return done(request, _("“%s” is saved.") % row.name, _place(org, code, row.pk))
    text = shown(version.body, money=sees_money(request.actor, project))
    context |= {
        "row": row, "versions": versions, "version": version, "last": last, "blocks": list(blocks(text)),
        "may_edit": context["can"].get("document_edit") and last.state != "submitted" and version.pk == last.pk,
        "may_decide": context["can"].get("document_decide") and last.state == "submitted"
        and last.made_by_id != request.actor.user.pk,
        "editing": bool(request.GET.get("edit")) or form.is_bound,
    }  # fmt: skip
    return form_page(request, "projects/document.html", form, context)


@page(VIEW, post="document.decide")
def document_decision(request: OfficeRequest, org: str, code: str, pk: int) -> HttpResponse:
    """Approve or return what waits."""
    if request.method != "POST":
        return redirect("projects:document", org, code, pk)
    project, _context = subpage(request, code, "document.decide")
    row, _versions = _found(request.actor, project, pk)
    approve = request.POST.get("decision") == "approve"
    document_decide(
        actor=request.actor, document_id=row.pk, approve=approve, reason=request.POST.get("reason", ""),
        seen=parse_value("version", request.POST.get("version", ""), "id"),
    )  # fmt: skip
    said = _("“%s” is approved.") if approve else _("“%s” is returned.")
    return done(request, said % row.name, _place(org, code, row.pk))


@page(VIEW)
def document_pdf(request: OfficeRequest, org: str, code: str, pk: int, number: int) -> HttpResponse:
    """One version as PDF, with its state in the foot."""
    project, _context = subpage(request, code, VIEW)
    row, versions = _found(request.actor, project, pk)
    version = next((each for each in versions if each.number == number), None)
    if version is None:
        raise NotFound(_("There is no such version here."))
    target = BytesIO()
    write_pdf(version, sees_money(request.actor, project)).save(target)
    response = HttpResponse(target.getvalue(), content_type="application/pdf")
    name = f"{slugify(project.code)}-{slugify(row.name) or 'document'}-{number}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def write_pdf(version: DocumentVersion, money: bool) -> Paper:
    """The version laid out on pages."""
    row, state = version.document, str(version.get_state_display())
    paper = Paper(row.name, f"{version.project.code} · {row.name} · {_('version %d') % version.number} · {state}")
    levels = {"heading": 1, "subheading": 2}
    for block in blocks(shown(version.body, money=money)):
        if block.kind in levels:
            paper.heading(block.text, levels[block.kind])
        else:
            paper.text(f"•  {block.text}" if block.kind == "item" else block.text)
    return paper


def _found(actor: Actor, project: Project, pk: int) -> tuple[Document, list[DocumentVersion]]:
    row = documents_for(actor, VIEW).filter(project=project, pk=pk).first()
    if row is None:
        raise NotFound(_("There is no such document here."))
    return row, list(document_versions_for(actor, VIEW).filter(document=row).order_by("-number"))


def _place(org: str, code: str, pk: int) -> str:
    return reverse("projects:document", args=[org, code, pk])
