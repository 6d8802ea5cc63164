"""The scoreboard of estimates as a file: a line a project, checkpoint and method."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Listing
from portfolio.selectors.scoreboard import Finished
from projects.analysis.estimates import NAMES

SCOREBOARD = Listing(
    name="scoreboard",
    label=_("Forecast scoreboard"),
    columns=(
        Column("code", _("Code")),
        Column("name", _("Project")),
        Column("kind", _("Type")),
        Column("finished_on", _("Finished"), kind="date"),
        Column("final", _("Final cost"), kind="money"),
        Column("currency", _("Currency")),
        Column("at", _("At percent"), kind="int"),
        Column("on", _("Month end"), kind="date"),
        Column("percent", _("Percent then"), kind="percent"),
        Column("method", _("Method"), kind="choice", choices=tuple(NAMES.items())),
        Column("estimate", _("Estimate"), kind="money"),
        Column("error", _("Off by percent"), kind="percent"),
        Column("best", _("Closest"), kind="bool"),
        Column("reason", _("Why undefined")),
    ),
)


def lines_of(projects: Iterable[Finished]) -> Iterator[dict[str, Any]]:
    """One for each project, checkpoint and method; for a checkpoint not reached one that says why."""
    for one in projects:
        shared = {
            "code": one.code,
            "name": one.name,
            "kind": ", ".join(one.kinds),
            "finished_on": one.finished_on,
            "final": one.score.final,
            "currency": one.currency,
        }
        for point in one.score.checkpoints:
            place = shared | {"at": int(point.at), "on": point.on, "percent": point.percent}
            for miss in point.misses:
                yield place | {
                    "method": miss.method,
                    "estimate": miss.estimate,
                    "error": miss.error_percent,
                    "best": miss.method == point.best,
                    "reason": miss.reason or "",
                }
            if not point.misses:
                yield place | {
                    "method": None, "estimate": None, "error": None, "best": None, "reason": point.reason or "",
                }  # fmt: skip
