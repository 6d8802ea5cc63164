"""Templates of documents."""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet, Subquery

from pmo.models import DocumentTemplate
from pmo.selectors.actors import Actor


def document_templates_for(actor: Actor, action: str) -> QuerySet[DocumentTemplate]:
    """Every version of every template."""
    rows = DocumentTemplate.objects.filter(organisation=actor.organisation)
    return rows if actor.allows(action) else rows.none()


def newest_templates(actor: Actor) -> QuerySet[DocumentTemplate]:
    """The version in use of each."""
    rows = document_templates_for(actor, "standard.view")
    newest = rows.filter(key=OuterRef("key")).order_by("-number").values("pk")[:1]
    return rows.filter(pk=Subquery(newest)).order_by("name")
