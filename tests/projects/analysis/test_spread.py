from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.analysis.spread import PROFILES, CannotSpread, fiscal_label, fiscal_year_label, months_between, spread

QUARTER = months_between(date(2026, 1, 15), date(2026, 3, 1))
few = settings(max_examples=50, deadline=None, database=None, derandomize=True)


def parts(total: str, profile: str, months: tuple[date, ...] = QUARTER, **known: object) -> list[Decimal]:
    return list(spread(Decimal(total), months, profile, **known))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("total", "profile", "expected"),
    [
        ("100", "even", ["33.34", "33.33", "33.33"]),
        ("-100", "even", ["-33.34", "-33.33", "-33.33"]),
        ("600", "front", ["300", "200", "100"]),
        ("600", "back", ["100", "200", "300"]),
        ("64", "working_days", ["22", "20", "22"]),
    ],
)
def test_the_examples_of_the_page_come_out(total: str, profile: str, expected: list[str]) -> None:
    assert parts(total, profile) == [Decimal(part) for part in expected]


def test_a_bell_rises_and_falls_like_an_s_curve() -> None:
    months = months_between(date(2026, 1, 1), date(2026, 4, 1))
    assert parts("1000", "bell", months) == [Decimal(part) for part in ("156.25", "343.75", "343.75", "156.25")]


def test_working_days_before_the_start_and_after_the_finish_get_nothing() -> None:
    within = {"start": date(2026, 1, 26), "finish": date(2026, 2, 6)}
    assert parts("100", "working_days", **within) == [50, 50, 0]


def test_own_weights_are_taken_as_given() -> None:
    assert parts("90", "custom", weights=[Decimal(1), Decimal(0), Decimal(2)]) == [30, 0, 60]


def test_a_currency_without_cents_gets_whole_units() -> None:
    assert parts("100", "even", currency="JPY") == [34, 33, 33]


@pytest.mark.parametrize(
    ("profile", "known", "why"),
    [
        ("custom", {"weights": [Decimal(1)]}, "3 months and 1 weights"),
        ("custom", {"weights": [Decimal(-1), Decimal(2), Decimal(3)]}, "must not be negative"),
        ("custom", {"weights": [Decimal(0)] * 3}, "not all be zero"),
        ("custom", {"weights": [Decimal("NaN")] * 3}, "must be a number"),
        ("working_days", {"start": date(2027, 1, 1)}, "No working day"),
        ("steep", {}, "“steep” is not one of"),
    ],
)
def test_what_cannot_be_spread_says_why(profile: str, known: dict[str, object], why: str) -> None:
    with pytest.raises(CannotSpread, match=why):
        parts("100", profile, **known)


def test_nothing_can_be_spread_over_no_month() -> None:
    with pytest.raises(CannotSpread, match="no month"):
        spread(Decimal(1), ())


@few
@given(
    st.decimals(-999_999_999_999, 999_999_999_999, places=2),
    st.integers(1, 60),
    st.sampled_from([profile for profile in PROFILES if profile != "custom"]),
)
def test_the_parts_are_the_whole_to_the_cent(total: Decimal, count: int, profile: str) -> None:
    months = months_between(date(2026, 1, 1), date(2026 + (count - 1) // 12, (count - 1) % 12 + 1, 1))
    found = spread(total, months, profile)
    assert len(found) == count
    assert sum(found) == total
    assert all(part == part.quantize(Decimal("0.01")) for part in found)


@few
@given(
    st.decimals(-1_000_000, 1_000_000, places=2),
    st.lists(st.decimals(0, 1_000, places=3), min_size=3, max_size=3).filter(any),
)
def test_own_weights_add_up_too_and_none_is_a_cent_off(total: Decimal, weights: list[Decimal]) -> None:
    found = spread(total, QUARTER, "custom", weights=weights)
    assert sum(found) == total
    exact = [total * weight / sum(weights) for weight in weights]
    assert all(abs(part - share) < Decimal("0.01") for part, share in zip(found, exact, strict=True))


@pytest.mark.parametrize(
    ("month", "start_month", "label"),
    [
        (date(2026, 6, 1), 4, "FY 2026/27 P03"),
        (date(2026, 4, 1), 4, "FY 2026/27 P01"),
        (date(2027, 3, 1), 4, "FY 2026/27 P12"),
        (date(2026, 6, 1), 1, "FY 2026 P06"),
        (date(2099, 10, 1), 10, "FY 2099/00 P01"),
        (date(2026, 12, 1), 12, "FY 2026/27 P01"),
    ],
)
def test_months_carry_their_fiscal_label(month: date, start_month: int, label: str) -> None:
    assert fiscal_label(month, start_month) == label
    assert label.startswith(fiscal_year_label(month, start_month))
