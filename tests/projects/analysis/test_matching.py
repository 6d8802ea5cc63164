"""Where a line of a finance file may belong, and why."""

from collections import Counter

import pytest

from projects.analysis.matching import Known, Line, fold, suggest

CODES = {fold(code): pk for pk, code in enumerate(("CAP-0042", "CAP-0043", "IT-7", "IT-71"), 1)}


@pytest.mark.parametrize(
    ("line", "project", "because"),
    [
        (Line("Cost centre cap 0042"), 1, "Its code stands in the project column “Cost centre cap 0042”."),
        (Line("?", reference="PO IT-7/3"), 3, "Its code stands in the reference “PO IT-7/3”."),
        (Line("CC 0043"), 2, "“0043” is the number in its code and in no other."),
    ],
)
def test_a_code_or_its_number_points_to_the_project(line, project, because):
    found = suggest(line, Known(CODES))
    assert found is not None and (found.project_id, found.because) == (project, because)


def test_a_code_is_not_found_inside_a_longer_one():
    assert suggest(Line("IT-712"), Known(CODES)) is None


def test_two_projects_that_fit_equally_are_no_suggestion():
    assert suggest(Line("IT-7 and CAP-0042"), Known(CODES)) is None


def test_what_people_matched_before_counts_most():
    known = Known(CODES, hints={fold("IT-7 shared"): Counter({2: 1})})
    found = suggest(Line("IT-7 shared"), known)
    assert found is not None and (found.project_id, found.score) == (2, 95)


def test_a_vendor_needs_three_entries_and_three_fifths_of_them():
    def by(*counts):
        return suggest(Line("?", vendor="Brack"), Known({}, vendors={"BRACK": Counter(dict(enumerate(counts, 1)))}))

    assert by(2) is None
    assert by(3, 3) is None
    found = by(3, 2)
    assert found is not None and found.because == "3 of the 5 entries of Brack were posted to it."
