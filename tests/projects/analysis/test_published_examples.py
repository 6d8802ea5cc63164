"""The worked examples of docs/algorithms/earned_value.md, with the numbers their sources print."""

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest

from projects.analysis.earned_value import Performance, measure
from projects.analysis.facts import EAC_METHODS, PlannedAmount
from tests.projects.analysis.cases import END_OF_JANUARY, JANUARY, project, totals

EIA = "EVMS reference case citing EIA-748-D"
# source, tolerance of its rounding, totals, printed results
EXAMPLES = [
    (
        "R package PRA, test-evm.R",
        "0.0000001",
        {"bac": 100_000, "pv": 40_000, "ev": 35_000, "ac": 36_000},
        {"sv": -5_000, "cv": -1_000, "spi": "0.875", "cpi": "0.9722222"},
    ),
    (
        "P. Govan, PRA book, Earned Value Management",
        "0.0006",
        {"bac": 500_000, "pv": 250_000, "ev": 200_000, "ac": 290_000},
        {
            "sv": -50_000, "cv": -90_000, "spi": "0.8", "cpi": "0.69", "eacs.cpi": 725_000,
            "eacs.budget_rate": 590_000, "eacs.cpi_spi": 833_750, "vac": -225_000, "etc": 435_000,
            "tcpi_bac": "1.429", "tcpi_eac": "0.69",
        },
    ),
    (
        f"{EIA}, healthy",
        "0.0051",
        {"bac": 500_000, "pv": 100_000, "ev": 110_000, "ac": 95_000},
        {
            "sv": 10_000, "cv": 15_000, "spi": "1.1", "cpi": "1.16", "eacs.cpi": "431818.18",
            "eacs.budget_rate": 485_000, "etc": "336818.18", "vac": "68181.82", "tcpi_bac": "0.96",
        },
    ),
    (
        f"{EIA}, early",
        "0.0051",
        {"bac": 500_000, "pv": 10_000, "ev": 8_000, "ac": 9_000},
        {
            "sv": -2_000, "cv": -1_000, "spi": "0.8", "cpi": "0.89", "eacs.cpi": 562_500,
            "eacs.budget_rate": 501_000, "etc": 553_500, "vac": -62_500, "tcpi_bac": "1.0",
        },
    ),
    (
        f"{EIA}, on plan",
        "0.0051",
        {"bac": 1_000_000, "pv": 250_000, "ev": 250_000, "ac": 250_000},
        {
            "sv": 0, "cv": 0, "spi": 1, "cpi": 1, "eacs.cpi": 1_000_000, "eacs.budget_rate": 1_000_000,
            "etc": 750_000, "vac": 0, "tcpi_bac": 1,
        },
    ),
    (
        "Questpond, bread project",
        "0.0051",
        {"bac": 8, "pv": "2.4", "ev": "1.6", "ac": 3},
        {"sv": "-0.8", "cv": "-1.4", "tcpi_bac": "1.28"},
    ),
    (
        "marketingskull.com, Earned Value Analysis",
        "0.5",
        {"bac": 3_000, "pv": 1_800, "ev": 1_560, "ac": 1_800, "reported_eac": Decimal(3_529), "eac_method": "reported"},
        {"vac": -529, "etc": 1_729},
    ),
    (
        "marketingskull.com, Earned Value Analysis, indices",
        "0.005",
        {"bac": 3_000, "pv": 1_800, "ev": 1_560, "ac": 1_800, "reported_eac": Decimal(3_529), "eac_method": "reported"},
        {"tcpi_bac": "1.2", "tcpi_eac": "0.83"},
    ),
    (
        "Ghent University, C2011-07 Patient Transport System, period 8",
        "0.011",
        {"bac": "180759.44", "pv": "43433.72", "ev": "22705.12", "ac": "23927.04"},
        {"sv": "-20728.6", "cv": "-1221.92", "spi": "0.5228", "cpi": "0.9489", "eacs.cpi": "190487.36"},
    ),
    (
        "Ghent University, C2011-12 Claeys-Verhelst Premises, period 3",
        "0.011",
        {"bac": "3027133.19", "pv": "937519.04", "ev": "612302.24", "ac": "651007.40"},
        {"sv": "-325216.8", "cv": "-38705.16", "spi": "0.6531", "cpi": "0.9405", "eacs.cpi": "3218485.88"},
    ),
    (
        "Ghent University, C2012-13 Pumping Station Jabbeke, period 5",
        "0.011",
        {"bac": "336410.15", "pv": "75957.00", "ev": "89350.52", "ac": "87800.02"},
        {"sv": "13393.52", "cv": "1550.5", "spi": "1.1763", "cpi": "1.0177", "eacs.cpi": "330572.42"},
    ),
    (
        "Ghent University, C2013-12 Young Cattle Barn, period 3",
        "0.011",
        {"bac": "818439.99", "pv": "818439.99", "ev": "458289.34", "ac": "491242.28"},
        {"sv": "-360150.65", "cv": "-32952.94", "spi": "0.56", "cpi": "0.9329", "eacs.cpi": "877289.29"},
    ),
    (
        "Ghent University, C2014-05 Apartment Building (1), period 3",
        "0.011",
        {"bac": "532410.29", "pv": "128067.43", "ev": "89489.96", "ac": "119500.80"},
        {"sv": "-38577.48", "cv": "-30010.84", "spi": "0.6988", "cpi": "0.7489", "eacs.cpi": "710956.38"},
    ),
    (
        "Ghent University, C2014-06 Apartment Building (2), period 3",
        "0.011",
        {"bac": "3486375.47", "pv": "716159.51", "ev": "526658.15", "ac": "582919.35"},
        {"sv": "-189501.36", "cv": "-56261.2", "spi": "0.7354", "cpi": "0.9035", "eacs.cpi": "3858813.78"},
    ),
]  # fmt: skip
PUBLISHED_NAMES = {
    "EAC_cpi": "eacs.cpi", "EAC_atypical": "eacs.budget_rate", "EAC_cpispi": "eacs.cpi_spi", "VAC_cpi": "vac",
    "ETC_cpi": "etc", "TCPI_BAC": "tcpi_bac", "TCPI_EAC": "tcpi_eac", "SV": "sv", "CV": "cv", "SPI": "spi",
    "CPI": "cpi",
}  # fmt: skip


def figure(performance: Performance, path: str) -> Decimal:
    key, _, method = path.partition(".")
    value = performance.eacs[method] if method else getattr(performance, key)
    assert value is not None, f"{path} is undefined: {performance.undefined}"
    return value


@pytest.mark.parametrize(
    ("source", "tolerance", "given", "printed"), EXAMPLES, ids=[example[0] for example in EXAMPLES]
)
def test_a_published_example_is_reproduced(
    source: str, tolerance: str, given: dict[str, object], printed: dict[str, object]
) -> None:
    performance = measure(totals(**given), END_OF_JANUARY)
    assert {key: figure(performance, key) for key in ("bac", "pv", "ev", "ac")} == {
        key: Decimal(str(given[key])) for key in ("bac", "pv", "ev", "ac")
    }
    for path, value in printed.items():
        # Ghent's EAC is of unrounded totals: their cents, multiplied by BAC / EV, are a few cents of EAC.
        allowed = Decimal("0.06") if source.startswith("Ghent") and path == "eacs.cpi" else Decimal(tolerance)
        assert figure(performance, path) == pytest.approx(Decimal(str(value)), abs=allowed), path


def test_every_example_of_the_public_collection_is_reproduced(shared_data: Path) -> None:
    collection = json.loads((shared_data / "evm" / "examples.json").read_text(encoding="utf-8"), parse_float=Decimal)
    assert len(collection["examples"]) == 6
    for example in collection["examples"]:
        given = {key.lower(): value for key, value in example["in"].items()}
        performance = measure(totals(**given), END_OF_JANUARY)
        for name, value in example["out"].items():
            found = figure(performance, PUBLISHED_NAMES[name])
            assert abs(found - value) <= Decimal(str(example["tol"])), (example["id"], name)


def test_the_figures_of_every_period_of_real_projects_come_out(shared_data: Path) -> None:
    with (shared_data / "dslib" / "evm_oracle.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        performance = measure(totals(bac=row["bac"], pv=row["pv"], ev=row["ev"], ac=row["ac"]), END_OF_JANUARY)
        for key in ("sv", "cv", "spi", "cpi"):
            value = getattr(performance, key)
            assert (value is None) == (row[key] == ""), (row, key)
            # One cent more than the printed rounding: the published differences are of unrounded terms.
            assert value is None or abs(value - Decimal(row[key])) <= Decimal("0.0101"), (row, key)
        if row["eac_cpi"]:
            eac = figure(performance, "eacs.cpi")
            half_a_cent_in = {key: Decimal("0.005") / figure(performance, key) for key in ("ev", "ac", "bac")}
            assert abs(eac - Decimal(row["eac_cpi"])) <= Decimal("0.005") + eac * sum(half_a_cent_in.values()), row
    assert len(rows) == 112
    assert len({row["project"] for row in rows}) == 9


def test_the_two_ways_to_finish_at_cpi_are_one_number() -> None:
    # Why the TCPI(EAC) of 1.00 printed with the EIA-748 "healthy" case is not used.
    performance = measure(totals(bac=500_000, pv=100_000, ev=110_000, ac=95_000), END_OF_JANUARY)
    assert performance.eac_method == "cpi"
    assert performance.tcpi_eac == pytest.approx(performance.cpi)


@pytest.mark.parametrize(
    ("planned", "actual", "printed"),
    [("0.674", "0.686959", "-1.92"), ("1.572", "1.048", "33.33"), ("6.402", "6.402", "0")],
)
def test_vac_percent_is_the_published_cost_variance(planned: str, actual: str, printed: str) -> None:
    # US Federal IT Dashboard 2012; million dollars.
    facts = project(planned=(PlannedAmount(None, JANUARY, Decimal(planned)),), reported_eac=Decimal(actual))
    performance = measure(facts, END_OF_JANUARY)
    assert performance.eac_method == "reported"
    assert performance.vac_percent == pytest.approx(Decimal(printed), abs=Decimal("0.005"))


def test_vac_percent_equals_every_published_cost_variance(shared_data: Path) -> None:
    compared = 0
    with (shared_data / "us_itdashboard_4_agencies.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            planned, actual = Decimal(row["Planned Cost ($ M)"]), Decimal(row["Projected/Actual Cost ($ M)"])
            facts = project(
                planned=(PlannedAmount(None, JANUARY, planned * 1_000_000),), reported_eac=actual * 1_000_000
            )
            found = measure(facts, END_OF_JANUARY).vac_percent
            assert found is not None, row
            assert abs(found - Decimal(row["Cost Variance (%)"])) <= Decimal("0.01"), row
            compared += 1
    assert compared == 223


def test_all_five_estimates_are_given_by_name() -> None:
    performance = measure(totals(bac=100, pv=50, ev=40, ac=50), END_OF_JANUARY)
    assert tuple(performance.eacs) == EAC_METHODS
