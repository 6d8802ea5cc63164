from decimal import Decimal

import pytest

from portfolio.analysis.health import THRESHOLDS
from projects.analysis.bands import BANDS, SAME_AS, colour, marks, tone_of
from projects.analysis.metrics import METRIC


@pytest.mark.parametrize(("key", "name"), [("cpi", "cpi"), ("spi", "spi"), ("vac_percent", "vac")])
def test_the_bands_beside_figures_are_those_that_health_judges_by(key: str, name: str) -> None:
    assert BANDS[key].red == getattr(THRESHOLDS, f"{name}_red")
    assert BANDS[key].amber == getattr(THRESHOLDS, f"{name}_amber")


def test_a_figure_on_the_line_is_of_the_better_colour() -> None:
    band = BANDS["cpi"]
    assert [colour(band, Decimal(value)) for value in ("0.8999", "0.90", "0.9499", "0.95")] == [
        "red",
        "amber",
        "amber",
        "green",
    ]


def test_every_key_named_is_a_figure() -> None:
    assert set(BANDS) | set(SAME_AS) | set(SAME_AS.values()) <= set(METRIC)


def test_a_variance_takes_the_colour_of_its_index_and_none_where_it_is_undefined() -> None:
    figures = {"cpi": Decimal("0.84"), "cv": Decimal(-5), "cv_percent": None}
    assert tone_of("cv", figures) == "red"
    assert tone_of("cv_percent", figures) == ""
    assert tone_of("bac", figures) == ""


def test_the_drawing_widens_to_hold_a_value_beyond_its_ends() -> None:
    assert marks(BANDS["cpi"], Decimal("0.10"))["value"] == 0
    assert marks(BANDS["cpi"], Decimal("3"))["value"] == 100
    inside = marks(BANDS["cpi"], Decimal("0.90"))
    assert inside["value"] == inside["red"] == 50
    assert inside["red"] + inside["amber_width"] + inside["green_width"] == pytest.approx(100)
