"""People and their skills against the hardest tier they lead."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Filter, Listing

GAPS = (
    ("wide", _("Two levels or more")),
    ("some", _("Any gap")),
    ("none", _("No gap")),
    ("unknown", _("Not assessed")),
)


def _short(lookup: str, value: str) -> Q:
    return {
        "wide": Q(largest__gte=2),
        "some": Q(largest__gte=1),
        "none": Q(largest=0),
        "unknown": Q(assessed_on__isnull=True),
    }[value]


def _met(row: Any) -> str | None:
    return None if row.met is None else f"{row.met} / {row.wanted}"


SKILL_PEOPLE = Listing(
    name="skill-people",
    label=_("People and skills"),
    columns=(
        Column("name", _("Name"), sort="name"),
        Column("in_hand", _("Leads now"), kind="int", sort="in_hand", hint=_("Live projects led.")),
        Column("hardest", _("Hardest tier"), kind="int", sort="hardest", hint=_("The highest tier led now.")),
        Column("met", _("Skills met"), value=_met, sort="met", hint=_("Of those that this tier asks for.")),
        Column("largest", _("Largest gap"), kind="int", sort="largest", hint=_("Levels below, where it is known.")),
        Column("assessed_on", _("Last assessed"), kind="date", sort="assessed_on"),
    ),
    filters=(
        Filter("gap", kind="choice", choices=GAPS, label=_("Gap"), condition=_short),
        Filter(
            "hardest", kind="choice", choices=tuple((str(n), str(n)) for n in (1, 2, 3, 4)), label=_("Hardest tier")
        ),
    ),
    search=("name",),
    default_sort=("-largest", "name"),
)
