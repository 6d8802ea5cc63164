"""Computed health: a colour from three figures, with its reasons. Nobody's opinion goes in."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from portfolio.analysis.wording import index, percent

Colour = Literal["green", "amber", "red", "none"]
_RANK: Final[dict[Colour, int]] = {"red": 0, "amber": 1, "green": 2, "none": 3}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """A figure below its red line is red, below its amber line amber; on the line it is not. Percentages in points."""

    cpi_red: Decimal = Decimal("0.90")
    cpi_amber: Decimal = Decimal("0.95")
    spi_red: Decimal = Decimal("0.85")
    spi_amber: Decimal = Decimal("0.95")
    vac_red: Decimal = Decimal("-10")
    vac_amber: Decimal = Decimal("-5")


THRESHOLDS: Final = Thresholds()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: the metric's key, the colour it asks for, and the sentence."""

    metric: str
    colour: Colour
    text: str


@dataclass(frozen=True, slots=True)
class Health:
    colour: Colour
    reasons: tuple[Reason, ...]


def assess(
    *, cpi: Decimal | None, spi: Decimal | None, vac_percent: Decimal | None, thresholds: Thresholds = THRESHOLDS
) -> Health:
    """The worst colour any defined figure asks for; the reasons of that colour and worse first, then the others.

    `vac_percent` in percentage points. "none" where no figure is defined, with that as the only reason: the metric
    key is empty then.
    """
    lines: tuple[tuple[str, Decimal | None, Decimal, Decimal], ...] = (
        ("cpi", cpi, thresholds.cpi_red, thresholds.cpi_amber),
        ("spi", spi, thresholds.spi_red, thresholds.spi_amber),
        ("vac_percent", vac_percent, thresholds.vac_red, thresholds.vac_amber),
    )
    reasons = [_judge(metric, value, red, amber) for metric, value, red, amber in lines if value is not None]
    if not reasons:
        text = "Nothing to judge by: no CPI, no SPI and no forecast can be computed yet."
        return Health("none", (Reason("", "none", text),))
    reasons.sort(key=lambda reason: _RANK[reason.colour])
    return Health(reasons[0].colour, tuple(reasons))


def is_red(
    *, cpi: Decimal | None, spi: Decimal | None, vac_percent: Decimal | None, thresholds: Thresholds = THRESHOLDS
) -> bool:
    """Whether `assess` would say red, without finding the words."""
    return (
        (cpi is not None and cpi < thresholds.cpi_red)
        or (spi is not None and spi < thresholds.spi_red)
        or (vac_percent is not None and vac_percent < thresholds.vac_red)
    )


def _judge(metric: str, value: Decimal, red: Decimal, amber: Decimal) -> Reason:
    if metric == "vac_percent":
        figure = (
            f"Forecast {percent(abs(value))} {'over' if value < 0 else 'under'} budget"
            if value
            else "Forecast on budget"
        )
        red_text, amber_text = (f"{percent(abs(line))} over" for line in (red, amber))
        beyond = "more than"
    else:
        figure = f"{metric.upper()} {index(value)}"
        red_text, amber_text = index(red), index(amber)
        beyond = "below"
    if value < red:
        return Reason(metric, "red", f"{figure}; red {beyond} {red_text}")
    if value < amber:
        return Reason(metric, "amber", f"{figure}; amber {beyond} {amber_text}")
    return Reason(metric, "green", f"{figure}; within tolerance")
