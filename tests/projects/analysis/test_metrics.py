from decimal import Decimal

import pytest

from projects.analysis.metrics import METRIC, METRICS, TERMS, sentence, shown

ORDER = (
    "bac pv ev ac committed cv cv_percent sv sv_percent cpi spi eac etc vac vac_percent tcpi_bac tcpi_eac es sv_t "
    "spi_t ieac_t budget_variance spend_percent percent_complete"
)


def test_the_figures_have_their_order() -> None:
    assert [metric.key for metric in METRICS] == ORDER.split()


def test_formulas_name_only_known_figures_and_never_themselves() -> None:
    for metric in METRICS:
        assert set(metric.inputs) <= (METRIC.keys() | TERMS.keys()) - {metric.key}
        assert "{" not in metric.formula


def test_a_formula_reads_in_symbols() -> None:
    assert METRIC["tcpi_eac"].formula == "(BAC − EV) / (EAC − AC)"
    assert METRIC["tcpi_eac"].inputs == ("bac", "ev", "eac", "ac")


def test_symbols_are_unmistakable() -> None:
    symbols = [metric.short for metric in METRICS] + [term.short for term in TERMS.values()]
    assert len(set(symbols)) == len(symbols)


def test_every_figure_says_its_value_in_one_sentence() -> None:
    for metric in METRICS:
        for value in (Decimal("1234.5"), Decimal("-1234.5"), Decimal(0)):
            told = sentence(metric, value)
            assert told[0].isupper() or told[0] in "0123456789−"
            assert told.endswith(".") and "{" not in told
        assert sentence(metric, None) == ""


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("cpi", "0.8376", "For every 1.00 spent, 0.84 of planned work was done."),
        ("cv", "-378740", "The work done cost 378,740.00 more than it was budgeted for."),
        ("cv", "0", "The work done cost exactly what was budgeted."),
        ("vac_percent", "-19.4", "The project is expected to end 19.4 % over budget."),
        ("sv_t", "-2", "The project is 2.0 months behind plan."),
    ],
)
def test_sentences(key: str, value: str, told: str) -> None:
    assert sentence(METRIC[key], Decimal(value)) == told


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        ("money", "2331740", "2,331,740.00"),
        ("money", "-0.125", "−0.12"),  # half-even
        ("percent", "-19.36", "−19.4 %"),
        ("ratio", "0.8376", "0.84"),
        ("months", "4.75", "4.8 months"),
    ],
)
def test_values_as_people_read_them(unit: str, value: str, text: str) -> None:
    assert shown(unit, Decimal(value)) == text
