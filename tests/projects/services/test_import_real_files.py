"""The real files beside the project, imported as they are, all the way to the figures."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.base import File

from pmo.kit.sums import ExactSum
from projects.models import Budget, BudgetLine, CostEntry, HealthDeclaration, ImportRow, Project, ProjectPerformance
from projects.services.import_run import import_run
from projects.services.imports import import_create, import_undo

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(alder, shared_data):
    def run(name, **given):
        with (shared_data / name).open("rb") as stream:
            batch = import_create(
                actor=alder.actor("pmo_director"), file=File(stream, name=name), file_name=name, mode="apply", **given
            )
        assert import_run(batch.pk) == "applied"
        batch.refresh_from_db()
        assert batch.created + batch.updated + batch.unchanged + batch.rejected == batch.total
        assert ImportRow.objects.filter(batch=batch).count() == batch.total
        return batch

    return run


def total(rows, **where):
    return rows.filter(**where).aggregate(total=ExactSum("amount"))["total"]


def test_us_it_dashboard_gives_the_published_cost_variances(bring, settle, shared_data):
    batch = bring("us_itdashboard_4_agencies.csv")
    assert (batch.total, batch.created, batch.rejected) == (223, 222, 1)
    assert batch.sums == {"budget": "6206886975.00", "reported_eac": "6972425781.00"}
    assert total(BudgetLine.objects, project__import_batch=batch) == Decimal("6206886975.00")
    settle()
    with (shared_data / "us_itdashboard_4_agencies.csv").open(newline="") as stream:
        published = {
            f"{row['Business Case ID']}/{row['Project ID']}": Decimal(row["Cost Variance (%)"])
            for row in csv.DictReader(stream)
        }
    figures = ProjectPerformance.objects.filter(project__import_batch=batch).select_related("project")
    differences = [
        (p.project.external_id, p.vac_percent, published[p.project.external_id])
        for p in figures
        if p.vac_percent is None or abs(p.vac_percent - published[p.project.external_id]) > Decimal("0.01")
    ]
    assert figures.count() == 222 and not differences
    agencies = Project.objects.filter(import_batch=batch).values_list("portfolio__name", flat=True)
    assert Counter(agencies)["Department of Labor"] == 126


def test_the_same_file_again_finds_every_row_unchanged(bring):
    bring("us_itdashboard_4_agencies.csv")
    again = bring("us_itdashboard_4_agencies.csv")
    assert (again.created, again.updated, again.unchanged, again.rejected) == (0, 0, 222, 1)


def test_gmpp_files_of_two_years_update_one_another(bring):
    first = bring("BEIS_Government_Major_Projects_Portfolio_Data_March_2022.csv")
    assert (first.total, first.created) == (22, 22)
    second = bring("CO_Government_Major_Projects_Portofolio_AR_Data_March_2024.csv")
    assert (second.total, second.created) == (11, 11)
    third = bring("DESNZ_Government_Major_Projects_Portofolio_AR_Data_March_2024.csv")
    assert (third.total, third.rejected) == (18, 0)
    ccus = Project.objects.get(external_id="BEIS_0018_2122-Q1")
    assert ccus.import_batch == first and ccus.name == "CCUS"
    hydrogen = Project.objects.get(external_id="BEIS_0008_2021-Q3")
    amounts = [budget.lines.get().amount for budget in hydrogen.budgets.order_by("number")]
    assert amounts == [Decimal("1278000000.00"), Decimal("1433000000.00")]
    assert Counter(HealthDeclaration.objects.values_list("health", flat=True))["red"] >= 3
    assert any("Exempt under Section" in note["message"] for note in third.warnings)


def test_nyc_capital_keeps_the_history_of_the_budget(bring):
    batch = bring("nyc_capital_40_projects.csv")
    assert (batch.total, batch.created, batch.unchanged) == (574, 40, 534)
    tank = Project.objects.get(external_id="314")
    budgets = list(tank.budgets.order_by("number"))
    assert budgets[0].lines.get().amount == 67_000_000 and budgets[0].effective_on == date(2013, 9, 1)
    assert budgets[-1].lines.get().amount == Decimal("151769134.90") and budgets[-1].effective_on == date(2019, 9, 1)
    assert tank.phase.name == "Execution"
    again = bring("nyc_capital_40_projects.csv")
    assert (again.created, again.updated, again.unchanged) == (0, 0, 574)


def test_nyc_school_phases_become_projects_with_phases_budgets_and_spending(bring, alder):
    batch = bring("nyc_sca_districts_1_2.csv")
    assert (batch.total, batch.created, batch.rejected) == (1071, 1071, 0)
    projects = Project.objects.filter(import_batch=batch)
    assert projects.count() == 618
    assert total(CostEntry.objects, import_batch=batch) == Decimal("467572607.00")
    assert total(BudgetLine.objects, project__import_batch=batch) == Decimal("1133587665.00")
    boiler = projects.get(external_id="DSF0001008800, DSF0000991942")
    assert [phase.name for phase in boiler.phases.order_by("order")] == ["Scope", "Design", "Construction", "CM,F&E"]
    assert boiler.phases.get(name="Design").actual_finish == date(2021, 11, 29)
    assert boiler.actual_finish is None, "its construction goes on"
    again = bring("nyc_sca_districts_1_2.csv")
    assert again.unchanged == 1071
    import_undo(actor=alder.actor("pmo_director"), batch_id=batch.pk)
    assert import_run(batch.pk) == "undone"
    assert not projects.filter(archived_at__isnull=True).exists()
    assert total(CostEntry.objects, project__in=projects) == 0
    assert not Budget.objects.filter(project__in=projects, state="approved").exists()


def test_the_australian_and_brazilian_files_map_themselves(bring):
    batch = bring("au_mdpr_tier1_cp1252.csv")
    assert (batch.total, batch.created) == (21, 21) and batch.sums == {"budget": "4830900000.00"}
    batch = bring("br_obrasgov_50_projects_utf8bom.csv", options={"on_duplicate": "merge"})
    assert (batch.total, batch.created, batch.rejected) == (57, 50, 0)
