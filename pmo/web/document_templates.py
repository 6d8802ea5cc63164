"""Templates of documents: the list, one with its fields and versions, writing the next version."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.analysis.document_fields import FIELDS
from pmo.kit.errors import NotFound
from pmo.selectors.document_templates import document_templates_for, newest_templates
from pmo.services.document_templates import LONGEST, template_write, templates_put_in
from pmo.web.forms import attempt, done, form_page
from pmo.web.pages import OfficeRequest, page


class TemplateForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    body = forms.CharField(
        label=gettext_lazy("Text"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "true"}),
        help_text=gettext_lazy("# and ## begin headings, - an item; an empty line ends a paragraph."),
    )  # fmt: skip


@page("standard.view", post="standard.edit")
def document_templates(request: OfficeRequest, org: str) -> HttpResponse:
    """All templates; posting writes a new one."""
    form = TemplateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: template_write(actor=request.actor, **form.cleaned_data))
        if made is not None:
            place = reverse("pmo:document_template", args=[org, made.pk])
            return done(request, _("“%s” can be used.") % made.name, place)
    rows = list(newest_templates(request.actor))
    context = {"nav_active": "templates", "rows": rows, "fields": FIELDS}
    return form_page(request, "pmo/document_templates.html", form, context)


@page("standard.view", post="standard.edit")
def templates_shipped(request: OfficeRequest, org: str) -> HttpResponse:
    """Put in the templates that come along."""
    if request.method != "POST":
        return redirect("pmo:document_templates", org)
    made = templates_put_in(actor=request.actor)
    said = _("%d templates are put in.") % made if made else _("They are all there already.")
    return done(request, said, reverse("pmo:document_templates", args=[org]))


@page("standard.view", post="standard.edit")
def document_template(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """One version; posting writes the next."""
    rows = document_templates_for(request.actor, "standard.view")
    row = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound(_("There is no such template here."))
    versions = list(rows.filter(key=row.key).order_by("-number"))
    form = TemplateForm(request.POST or None, initial={"name": row.name, "body": row.body})
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form, lambda: template_write(actor=request.actor, key=row.key, seen=row.number, **form.cleaned_data)
        )
        if made is not None:
            return done(
                request, _("Version %d is in use.") % made.number, reverse("pmo:document_template", args=[org, made.pk])
            )
    context = {
        "nav_active": "templates", "row": row, "versions": versions, "newest": versions[0].pk == row.pk,
        "fields": FIELDS,
    }  # fmt: skip
    return form_page(request, "pmo/document_template.html", form, context)
