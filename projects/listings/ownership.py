"""Who answers for what, as rows."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Filter, Listing
from projects.models import Responsibility

KINDS: Final = (
    ("project", _("Project")),
    ("phase", _("Phase")),
    ("deliverable", _("Deliverable")),
    ("gate", _("Gate")),
)


def subject_name(row: Any) -> str:
    """What the letter is about, by name."""
    named = row.gate or row.deliverable or row.project_phase or row.project
    return str(named.name)


def subject_kind(row: Any) -> str:
    return str(row.subject).partition(":")[0]


RESPONSIBILITIES: Final = Listing(
    name="responsibilities",
    label=_("Responsibilities"),
    columns=(
        Column("project", _("Project"), "project.code", sort="project__code"),
        Column("kind", _("Kind"), subject_kind, kind="choice", choices=KINDS),
        Column("subject", _("Of what"), subject_name, sort="subject"),
        Column("person", _("Person"), "person.name", sort="person__name"),
        Column("letter", _("Letter"), sort="letter", kind="choice", choices=tuple(Responsibility.Letter.choices)),
    ),
    filters=(
        Filter("project", path="project_id", kind="id", lookups=("exact", "in"), label=_("Project")),
        Filter("person", path="person_id", kind="id", lookups=("exact", "in"), label=_("Person")),
        Filter(
            "letter", kind="choice", lookups=("exact", "in"), choices=tuple(Responsibility.Letter.choices),
            label=_("Letter"),
        ),
        Filter("subject", lookups=("exact",), label=_("Of what")),
    ),
    search=("person__name", "project__code", "project__name"),
    default_sort=("project", "subject", "letter"),
)  # fmt: skip
