"""The cockpit as at an earlier day or moment of knowledge: the same table, its figures computed for this answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from pmo.kit.export import rows_response
from pmo.kit.listing import Page, Query
from pmo.selectors.actors import Actor
from pmo.selectors.clock import status_date_of
from portfolio.listings.projects import ALWAYS, FIELDS, PROJECTS
from portfolio.selectors import cockpit as read
from portfolio.selectors import past
from portfolio.selectors.rules import stale_after
from portfolio.web import cells
from portfolio.web.cockpit_table import feet_of, head_of, scale_of, sees_all_money
from portfolio.web.whole import whole_told
from projects.selectors.projects import ids_for, projects_for


def moment_asked(actor: Actor, query: Query) -> past.Moment | None:
    """The moment in the address; None for the current figures."""
    if query.as_of is None and query.known_at is None:
        return None
    return past.Moment(query.as_of or status_date_of(actor.organisation), query.known_at)


def past_table(actor: Actor, query: Query, moment: past.Moment) -> dict[str, Any]:
    """What `build_table` answers, for the moment; nothing of it changes by itself, so that nothing polls for it."""
    rows = _rows(actor, query, moment)
    ids = [row["id"] for row in rows]
    pages = max(1, -(-len(rows) // query.page_size))
    if query.page > pages:
        PROJECTS.apply(read.portfolio_rows(actor).none(), query, count=len(rows))  # says which pages there are
    first = (query.page - 1) * query.page_size
    shown = Page(rows[first : first + query.page_size], len(rows), query.page, pages, query)
    everything = sees_all_money(actor)
    totals = past.past_totals(rows, moment)
    totals.sort(key=lambda total: total.currency != actor.organisation.currency)  # one's own money first
    whole = past.past_whole(rows, totals, actor.organisation.currency) if everything else None
    look = cells.Look(
        org=actor.organisation.slug,
        scale=scale_of(totals),
        today=moment.as_of,
        stale_after=stale_after(actor.organisation),
        money=None if actor.everywhere("money.view") else frozenset(ids_for(actor, "money.view", ids)),
        columns=query.columns,
        moment=urlencode({k: v for k, v in query.pairs().items() if k in ("as_of", "known_at")}),
    )
    currencies = {row["currency"] for row in shown.rows}
    return {
        "page": shown,
        "headers": [head_of(header, look, currencies) for header in query.headers()],
        "rows": cells.rows_of(shown.rows, query.columns, look, {}),
        "feet": feet_of(totals, query, look, whole) if everything else [],
        "strip": totals,
        "whole": whole_told(whole, actor),
        "days": {},
        "computed_at": None,
        "left_out": sum(total.without_eac for total in totals) if everything else 0,
        "unmeasured": sum(total.projects - total.measured for total in totals) if everything else 0,
        "stamp": "",
        "moment": moment,
        "status_date": moment.as_of,
    }


def past_export(actor: Actor, query: Query, moment: past.Moment) -> HttpResponseBase:
    """The download of exactly what the page of the moment shows."""
    rows = _rows(actor, query, moment)
    if not actor.everywhere("money.view"):
        allowed = set(projects_for(actor, "money.view").values_list("pk", flat=True))
        guarded = [c.value for c in PROJECTS.columns if c.requires and isinstance(c.value, str)]
        for row in rows:
            if row["id"] not in allowed:
                row.update(dict.fromkeys(guarded))
    return rows_response(
        query, rows, title=str(PROJECTS.label), file_format=query.extras["format"],
        stem=f"{actor.organisation.slug}-projects-{moment.as_of.isoformat()}",
    )  # fmt: skip


def _rows(actor: Actor, query: Query, moment: past.Moment) -> list[dict[str, Any]]:
    found = read.portfolio_rows(actor)
    by_money = any(item.filter.requires for item in query.filters) or any(o.column.requires for o in query.ordering)
    if by_money and not sees_all_money(actor):  # a place in the list tells the figure
        found = found.filter(pk__in=projects_for(actor, "money.view").values("pk"))
    if not any(item.filter.key == "status" for item in query.filters):
        found = past.under_way_at(found, moment)
    found = PROJECTS.filter(past.there_at(found, moment), replace(query, filters=tuple(past.in_database(query))))
    rows = past.past_rows(actor.organisation, found, tuple(dict.fromkeys((*ALWAYS, *FIELDS))), moment)
    return past.ordered(past.matching(rows, query, moment), query)


def views_of(query: Query) -> list[dict[str, Any]]:
    """The way back, and the list of the moment without further filters."""
    kept = urlencode({name: text for name, text in query.pairs().items() if name in ("as_of", "known_at")})
    return [
        {"name": _("Under way then"), "href": f"?{kept}", "count": None, "current": query.saved == kept},
        {"name": _("Now"), "href": "?", "count": None, "current": False},
    ]
