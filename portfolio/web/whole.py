"""How a total over several currencies was made, or what it lacks, in words and figures for the page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import ngettext

from pmo.kit import figures
from pmo.selectors.actors import Actor
from portfolio.selectors.whole import SHOWN, Lacks, Whole


def whole_told(whole: Whole | None, actor: Actor) -> dict[str, Any] | None:
    """What `portfolio/_whole.html` shows; None where there is one currency only."""
    if whole is None:
        return None
    currency = actor.organisation.currency
    rows = [
        {
            "currency": part.currency,
            "projects": part.projects,
            "own": [figures.money(part.own[key], part.currency) for key in SHOWN],
            "converted": [figures.money(part.converted[key], currency) for key in SHOWN],
        }
        for part in whole.parts
    ]
    return {
        "currency": currency,
        "total": whole.total,
        "rows": rows,
        "sums": [figures.money(getattr(whole.total, key), currency) for key in SHOWN] if whole.total else [],
        "lacks": [_lack(each) for each in whole.lacks],
        "may_record": actor.allows("rate.edit"),
        "may_see": actor.allows("rate.view"),
    }


def _lack(each: Lacks) -> str:
    if each.on is None:
        return ngettext(
            "%(n)d project in %(base)s is being converted.", "%(n)d projects in %(base)s are being converted.",
            each.projects,
        ) % {"n": each.projects, "base": each.base}  # fmt: skip
    return ngettext(
        "No exchange rate from %(base)s to %(quote)s is known on %(day)s; %(n)d project waits for it.",
        "No exchange rate from %(base)s to %(quote)s is known on %(day)s; %(n)d projects wait for it.",
        each.projects,
    ) % {"base": each.base, "quote": each.quote, "day": figures.day(each.on), "n": each.projects}
