"""The score strip: eight figures, each with what changed in words, its history, and the way to its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pmo.kit import figures
from pmo.kit.listing import Query
from portfolio.selectors.cockpit import Totals


def score_strip(
    strip: Sequence[Totals], days: Sequence[Mapping[str, Any]], query: Query, *, money: bool
) -> list[dict[str, Any]]:
    """The items of `kit/score.html` for the first currency of `strip`. `days`: month ends, oldest first, today last."""
    total = strip[0]
    before = days[-2] if len(days) > 1 else None
    items = [
        _count(_("Projects"), sum(t.projects for t in strip), before, days, "projects_counted", href=_href(query)),
    ]
    if money:
        items += [
            _count(
                _("Computed red"), total.red, before, days, "red", worse=True, href=_href(query, health="red"),
                unit=_(" of %d") % total.projects,
            ),
            _count(
                _("Declared too green"), total.too_green, before, days, "declared_too_green", worse=True,
                href=_href(query, differs="true"),
            ),
        ]  # fmt: skip
    items.append(
        _count(
            _("Past their finish"),
            total.overdue,
            before,
            days,
            "overdue",
            worse=True,
            href=_href(query, overdue="true"),
        )
    )
    if money:
        spent = total.ac / total.bac * 100 if total.ac is not None and total.bac else None
        items += [
            _amount(_("Budget (BAC)"), total.bac, total.currency, _change(total.bac, before, "bac"), days, "bac",
                    href=_href(query, ordering="-bac")),
            _amount(_("Actual to date"), total.ac, total.currency,
                    _("%s %% of budget") % figures.number(spent) if spent is not None else "", days, "ac",
                    href=_href(query, ordering="-ac")),
            {
                **_amount(_("Forecast (EAC)"), total.eac, total.currency, "", days, "eac",
                          href=_href(query, ordering="vac_percent")),
                **_vac(total, before),
            },
            {"label": _("CPI"), "value": figures.ratio(total.cpi) or "–", "unit": "", "trend": _trend(days, "cpi"),
             "href": _href(query, ordering="cpi"), **_indices(total, before)},
        ]  # fmt: skip
    return items


COUNTS = ("projects_counted", "red", "declared_too_green", "overdue")


def counts_by_month(days: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """The history of the counts over all currencies, by month, oldest first. Money has none: past sums are kept in
    their own currencies."""
    found: dict[tuple[int, int], dict[str, Any]] = {}
    for history in days.values():
        for row in history:
            month = found.setdefault(
                (row["day"].year, row["day"].month),
                {**dict.fromkeys(COUNTS, 0), "figures": {}, "bac": None, "ac": None, "eac": None},
            )
            for key in COUNTS:
                month[key] += row[key]
    return [found[month] for month in sorted(found)]


def _href(query: Query, **changes: str) -> str:
    kept = {item.parameter: item.raw for item in query.filters if item.parameter in ("portfolio", "programme")}
    kept |= {name: text for name, text in query.pairs().items() if name in ("as_of", "known_at")}
    return "?" + query.urlencode(**{**dict.fromkeys(query.pairs()), **kept, **changes})


def _figure(day: Mapping[str, Any], key: str) -> Decimal | None:
    text = (day["figures"] or {}).get(key)
    return None if text is None else Decimal(text)


def _trend(days: Sequence[Mapping[str, Any]], key: str) -> list[float | None]:
    values = [day[key] if key in day else _figure(day, key) for day in days]
    found = [None if value is None else float(value) for value in values]
    return found if sum(value is not None for value in found) > 1 else []  # one point is no trend


def _count(
    label: str, value: int, before: Mapping[str, Any] | None, days: Sequence[Mapping[str, Any]], key: str, *,
    href: str, worse: bool = False, unit: str = "",
) -> dict[str, Any]:  # fmt: skip
    change, tone = "", ""
    if before is not None:
        step = value - before[key]
        if step == 0:
            change = _("unchanged")
        else:
            change = (
                ngettext("%d more", "%d more", step) % step
                if step > 0
                else ngettext("%d fewer", "%d fewer", -step) % -step
            )
            if worse:
                tone = "bad" if step > 0 else "good"
                change = f"{change}, {_('worse') if step > 0 else _('better')}"
    return {"label": label, "value": figures.number(value), "unit": unit, "change": change, "tone": tone, "href": href,
            "trend": _trend(days, key)}  # fmt: skip


def _amount(
    label: str,
    value: Decimal | None,
    currency: str,
    change: str,
    days: Sequence[Mapping[str, Any]],
    key: str,
    *,
    href: str,
) -> dict[str, Any]:
    scale = _scale(value)
    text = figures.money(value, currency, scale=scale, places=1 if scale else 0, symbol=True) or "–"
    if scale and value is not None:
        text = text.removesuffix(scale)
    return {
        "label": label,
        "value": text,
        "unit": scale,
        "change": change,
        "tone": "",
        "href": href,
        "trend": _trend(days, key),
    }


def _scale(value: Decimal | None) -> str:
    size = abs(value or 0)
    return "bn" if size >= 1_000_000_000 else "m" if size >= 1_000_000 else "k" if size >= 10_000 else ""


def _change(value: Decimal | None, before: Mapping[str, Any] | None, key: str) -> str:
    was = before[key] if before is not None else None
    if value is None or was is None:
        return ""
    step = value - was
    if step == 0:
        return _("unchanged")
    percent = step / was * 100 if was else None
    return _("%s %% since last month") % figures.percent(percent, sign=True) if percent is not None else ""


def _vac(total: Totals, before: Mapping[str, Any] | None) -> dict[str, Any]:
    if total.vac_percent is None:
        return {"change": _("no forecast yet"), "tone": ""}
    was = _figure(before, "vac_percent") if before is not None else None
    text = _("%s %% VAC") % figures.percent(total.vac_percent, sign=True)
    return _judged(text, total.vac_percent, was, Decimal("0.05"))


def _indices(total: Totals, before: Mapping[str, Any] | None) -> dict[str, Any]:
    was = _figure(before, "cpi") if before is not None else None
    text = _("SPI %s") % (figures.ratio(total.spi) or "–")
    if total.cpi is None:
        return {"change": text, "tone": ""}
    return _judged(text, total.cpi, was, Decimal("0.005"))


def _judged(text: str, value: Decimal, was: Decimal | None, least: Decimal) -> dict[str, Any]:
    """Words and tone for a figure of which more is better; a step below `least` says nothing."""
    if was is None or abs(value - was) < least:
        return {"change": text, "tone": ""}
    better = value > was
    return {"change": f"{text}, {_('better') if better else _('worse')}", "tone": "good" if better else "bad"}
