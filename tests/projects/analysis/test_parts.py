from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from pmo.kit.money import round_money
from projects.analysis.parts import rounded_parts

AMOUNTS = st.lists(st.decimals(min_value=-(10**9), max_value=10**9, places=6), max_size=20)


@given(AMOUNTS, st.sampled_from(["GBP", "JPY", "KWD"]))
def test_parts_add_up_to_the_rounded_total_and_none_moves_by_more_than_a_unit(
    parts: list[Decimal], currency: str
) -> None:
    total = round_money(sum(parts, Decimal(0)), currency)
    shown = rounded_parts(parts, total, currency)
    assert len(shown) == len(parts)
    assert sum(shown, Decimal(0)) == total or not parts
    unit = round_money(Decimal(1), currency) / (10 ** {"GBP": 2, "JPY": 0, "KWD": 3}[currency])
    assert all(abs(one - other) <= unit * Decimal("1.5") for one, other in zip(parts, shown, strict=True))


def test_a_third_each_of_one_pound_gives_one_of_them_the_penny() -> None:
    third = Decimal(100) / 3
    assert rounded_parts([third, third, third], Decimal("100.00"), "GBP") == [
        Decimal("33.34"),
        Decimal("33.33"),
        Decimal("33.33"),
    ]
