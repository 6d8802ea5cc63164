"""Rows of many things at once: a range where there is no gap, a list otherwise, never anything else."""

from django.db.models import Q

from pmo.kit.among import A_FEW, among


def test_none_means_all_rows():
    assert among(None) == Q()


def test_many_numbers_without_a_gap_are_a_range():
    ids = list(range(7, 7 + A_FEW + 1))
    assert among(reversed_ := ids[::-1]) == Q(project_id__gte=7, project_id__lte=reversed_[0])


def test_a_gap_or_few_numbers_are_a_list():
    gap = [*range(1, A_FEW + 2), 500]
    assert among(gap, "pk") == Q(pk__in=gap)
    assert among([4, 5], "pk") == Q(pk__in=[4, 5])
    assert among([]) == Q(project_id__in=[])


def test_a_number_given_twice_does_not_hide_a_gap():
    ids = [*range(1, A_FEW + 1), 1, A_FEW + 2]
    assert among(ids) == Q(project_id__in=ids)
