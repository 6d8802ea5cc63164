"""From which value on a figure counts as amber or red: what a threshold band beside a figure shows."""

from decimal import Decimal
from typing import Final, NamedTuple


class Band(NamedTuple):
    """A figure below `red` is red, below `amber` amber, else green. `low` and `high` bound the drawing."""

    red: Decimal
    amber: Decimal
    low: Decimal
    high: Decimal


# The office's health judges by the same lines; a test holds the two together.
BANDS: Final[dict[str, Band]] = {
    "cpi": Band(Decimal("0.90"), Decimal("0.95"), Decimal("0.70"), Decimal("1.10")),
    "spi": Band(Decimal("0.85"), Decimal("0.95"), Decimal("0.70"), Decimal("1.10")),
    "vac_percent": Band(Decimal("-10"), Decimal("-5"), Decimal("-30"), Decimal("10")),
}
# Figures without lines of their own take the colour of the index that says the same thing.
SAME_AS: Final[dict[str, str]] = {
    "cv": "cpi",
    "cv_percent": "cpi",
    "sv": "spi",
    "sv_percent": "spi",
    "vac": "vac_percent",
}


def colour(band: Band, value: Decimal) -> str:
    """green, amber or red."""
    if value < band.red:
        return "red"
    return "amber" if value < band.amber else "green"


def tone_of(key: str, figures: dict[str, Decimal | None]) -> str:
    """The colour of figure `key`, "" where nothing judges it or it is undefined."""
    judged = SAME_AS.get(key, key)
    value = figures.get(judged)
    if judged not in BANDS or value is None or figures.get(key) is None:
        return ""
    return colour(BANDS[judged], value)


def marks(band: Band, value: Decimal) -> dict[str, float]:
    """Positions and widths in percent of the drawing's width; the drawing is widened to hold the value."""
    low, high = min(band.low, value), max(band.high, value)
    span = high - low

    def place(number: Decimal) -> float:
        return round(float((number - low) / span * 100), 2)

    red, amber = place(band.red), place(band.amber)
    widths = {"amber_width": round(amber - red, 2), "green_width": round(100 - amber, 2)}
    return {"red": red, "amber": amber, "value": place(value), **widths}
