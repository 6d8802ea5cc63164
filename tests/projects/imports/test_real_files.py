"""The real files beside the project, as they are: every row accounted for, sums exact."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from pmo.kit.spreadsheet import open_table
from projects.imports import grouping, guess, mapping, preset
from projects.imports.rows import RowReader


@pytest.fixture
def load(shared_data):
    def run(name, rules=None, options=None, target="projects"):
        path = shared_data / name
        rules, options = rules or {}, dict(options or {})
        known = None
        if not rules:
            known = preset.sniff(open_table(path).headers)
            assert known is not None, "no ready mapping recognised the file"
            rules, options = dict(known.mapping), dict(known.options)
        plan = mapping.parse(target, rules, options)
        table = open_table(path, plan.options.read)
        rows = list(table.rows)
        reader = RowReader(plan, table.headers, rows)
        parsed = [reader.read(row) for row in rows]
        result = grouping.gather(plan, parsed)
        assert sum(len(record.lines) for record in result.records) + len(result.rejected) == len(rows)
        remarks = Counter((r.value, r.text) for row in parsed for r in row.remarks)
        return known, len(rows), result, dict(grouping.sums(plan.target, result.records)), remarks

    return run


def test_us_it_dashboard_has_223_rows_one_of_them_twice(load):
    known, rows, result, sums, _ = load("us_itdashboard_4_agencies.csv")
    assert known.key == "us-it-dashboard" and rows == 223
    assert len(result.records) == 222
    assert [error.message for error in result.rejected] == [
        "Line 80 repeats “127 / 103” of line 79; a key may stand in a file only once."
    ]
    # 6,207.098963 and 6,972.528868 million in the file, less the row that stands there twice
    assert sums == {"budget": Decimal("6206886975.00"), "reported_eac": Decimal("6972425781.00")}


def test_us_it_dashboard_dates_are_put_right(load):
    _, _, result, _, _ = load("us_itdashboard_4_agencies.csv")
    record = next(record for record in result.records if record.key == "101 / 1382")
    assert record.values["start"] == date(2011, 10, 3), "written 2011-03-10"
    assert record.values["finish"] == date(2012, 6, 29)
    assert all(record.values["start"] <= record.values["finish"] for record in result.records)


@pytest.mark.parametrize(
    ("name", "rows", "budget", "empty_budgets"),
    [
        ("BEIS_Government_Major_Projects_Portfolio_Data_March_2022.csv", 22, "67541000000.00", 2),
        ("CO_Government_Major_Projects_Portofolio_AR_Data_March_2024.csv", 11, "4754000000.00", 0),
        ("DESNZ_Government_Major_Projects_Portofolio_AR_Data_March_2024.csv", 18, "56203000000.00", 4),
    ],
)
def test_gmpp_files_differ_in_headers_and_are_all_taken(load, name, rows, budget, empty_budgets):
    known, count, result, sums, _ = load(name)
    assert known.key == "uk-gmpp" and count == rows == len(result.records)
    assert sums == {"budget": Decimal(budget)}
    assert sum(record.values["budget"] is None for record in result.records) == empty_budgets


def test_gmpp_exempt_cells_are_empty_with_a_remark(load):
    _, _, result, _, remarks = load("DESNZ_Government_Major_Projects_Portofolio_AR_Data_March_2024.csv")
    assert not result.rejected
    assert sum(count for (value, text), count in remarks.items() if value.startswith("Exempt under")) == 12
    exempt = next(record for record in result.records if record.key == "BEIS_0019_2122-Q1")
    assert exempt.values["budget"] is exempt.values["start"] is exempt.values["health"] is None


def test_nyc_capital_counts_the_newest_report_and_keeps_the_others(load):
    known, rows, result, sums, _ = load("nyc_capital_40_projects.csv")
    assert known.key == "nyc-capital" and rows == 574
    assert len(result.records) == 40 and not result.rejected
    assert sums == {"budget": Decimal("7873878360.72")}
    settling_tank = next(record for record in result.records if record.key == "314")
    assert settling_tank.stamp == date(2019, 9, 1)
    assert settling_tank.values["budget"] == Decimal("151769134.90")
    assert len(settling_tank.older) == 13


def test_nyc_school_phases_become_projects(load):
    known, rows, result, sums, remarks = load("nyc_sca_districts_1_2.csv")
    assert known.key == "nyc-sca" and rows == 1071
    assert len(result.records) == 618 and not result.rejected
    assert sums == {
        "budget": Decimal("1133587665.00"),
        "reported_eac": Decimal("1172204740.00"),
        "actual_cost": Decimal("467572607.00"),
    }
    assert remarks[("DOER", "was read as empty")] == 191 + 78
    statuses = Counter(record.values["status"] for record in result.records)
    assert statuses == {"active": 336, "proposed": 183, "closed": 99}


def test_the_australian_file_maps_itself_in_windows_1252(load, shared_data):
    table = open_table(shared_data / "au_mdpr_tier1_cp1252.csv")
    rows = list(table.rows)
    assert table.encoding == "windows-1252" and preset.sniff(table.headers) is None
    rules, options = guess.guess("projects", table.headers, rows)
    assert options["empty_values"] == ["NFP"]
    _, count, result, sums, _ = load("au_mdpr_tier1_cp1252.csv", rules, options)
    assert count == 21 == len(result.records)
    assert sums == {"budget": Decimal("4830900000.00")}
    veterans = next(record for record in result.records if record.values["name"].startswith("ObjectStar"))
    assert veterans.values["finish"].day >= 28, "a month as an end means its last day"


def test_the_brazilian_file_merges_repeated_ids(load):
    rules = {
        "external_id": "idUnico",
        "name": "nome",
        "description": "descricao",
        "start": "dataInicialPrevista",
        "finish": "dataFinalPrevista",
        "status": {
            "column": "situacao",
            "values": {
                "Cadastrada": "proposed",
                "Em execução": "active",
                "Paralisada": "on_hold",
                "Concluída": "closed",
                "Cancelada": "cancelled",
                "Inativada": "cancelled",
            },
        },
    }
    _, rows, result, _, _ = load("br_obrasgov_50_projects_utf8bom.csv", rules, {"on_duplicate": "merge"})
    assert rows == 57 and len(result.records) == 50 and not result.rejected
    _, _, result, _, _ = load("br_obrasgov_50_projects_utf8bom.csv", rules, {"on_duplicate": "reject"})
    assert len(result.records) == 50 and len(result.rejected) == 7
