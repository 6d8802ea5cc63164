"""`manage.py rebuild`: everything derived anew; with --check, what is kept against what the rows say."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from pmo.models import OutboxMark
from projects.models import ProjectPerformance


def run(**options):
    out = StringIO()
    try:
        call_command("rebuild", stdout=out, **options)
        code = 0
    except CommandError as error:
        out.write(str(error))
        code = error.returncode
    return code, out.getvalue()


@pytest.mark.django_db
def test_a_rebuild_makes_the_check_pass(alder, birch, approved_budget):
    approved_budget(alder)
    code, said = run(check=True)
    assert code == 1
    assert f"Project {alder.project.pk} has no computed figures." in said
    assert run()[0] == 0
    code, said = run(check=True)
    assert code == 0
    assert "alder: everything kept equals a full recompute." in said


@pytest.mark.django_db
def test_a_figure_changed_behind_its_back_is_found_and_mended(alder, approved_budget):
    approved_budget(alder)
    run()
    ProjectPerformance.objects.filter(project=alder.project).update(bac=5)
    code, said = run(check=True, organisation="alder")
    assert code == 1
    assert "bac is kept as Decimal('5.00'), the rows say Decimal('1200000.00')" in said
    assert ProjectPerformance.objects.get(project=alder.project).bac == 5
    run(organisation="alder")
    assert ProjectPerformance.objects.get(project=alder.project).bac == 1_200_000


@pytest.mark.django_db
def test_open_marks_are_told_because_figures_may_differ_while_they_wait(alder):
    OutboxMark.objects.all().delete()
    OutboxMark.objects.create(organisation=alder.organisation, kind="performance", subject_id=alder.project.pk)
    assert "1 marks are open: performance of 1 subjects" in run(check=True)[1]


@pytest.mark.django_db
def test_an_unknown_organisation_is_named(alder):
    code, said = run(check=True, organisation="nowhere")
    assert (code, said) == (1, "There is no organisation “nowhere”.")
