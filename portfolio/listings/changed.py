"""What changed, one line a change: the columns of the file."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Listing
from projects.models import Category

KIND_WORDS: Final[dict[str, Any]] = {
    "added": _("Entry added"),
    "late": _("Entry recorded late"),
    "reversed": _("Entry reversed"),
    "ordered": _("Ordered"),
    "budget": _("Budget approved"),
    "baseline": _("Baseline"),
    "request": _("Change request"),
    "progress": _("Progress"),
    "forecast": _("Forecast"),
    "health": _("Health declared"),
    "finding": _("Finding"),
    "field": _("People, dates, names"),
    "project": _("Project"),
}
CHANGES = Listing(
    name="changed",
    label=_("What changed"),
    columns=(
        Column("code", _("Code"), value="project.code"),
        Column("name", _("Project"), value="project.name"),
        Column("kind", _("What"), kind="choice", choices=tuple(KIND_WORDS.items())),
        Column("text", _("Text")),
        Column("category", _("Category"), kind="choice", choices=tuple(Category.choices)),
        Column("amount", _("Amount"), kind="money", currency="project.currency"),
        Column("currency", _("Currency"), value="project.currency"),
        Column("on", _("Date"), kind="date"),
        Column("at", _("Recorded"), kind="datetime"),
        Column("who", _("By")),
        Column("id", _("Number"), kind="int"),
    ),
)
