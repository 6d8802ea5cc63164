"""A look at everything finds what has drifted, and changes nothing."""

import pytest

from portfolio.models import Finding, FindingEvent, ProjectStanding
from portfolio.services.standing_checks import standings_differences
from portfolio.services.standings import standings_refresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def judged(office):
    project = office.project("A")
    office.progress(project, 50)
    office.cost(project, 800_000)
    office.compute()
    standings_refresh(office.organisation.pk)
    return office.organisation.pk


def test_after_a_refresh_nothing_differs(judged):
    assert standings_differences(judged) == []


def test_what_was_tampered_with_is_named_and_left_as_it_is(judged):
    ProjectStanding.objects.update(health="green")
    Finding.objects.filter(rule="cost-overrun").update(status="resolved")
    events = FindingEvent.objects.count()
    said = standings_differences(judged)
    assert [line.split(" is kept")[0].rsplit(" ", 1)[0] for line in said] == [
        "Finding cost-overrun of",
        "Standing of project",
    ]
    assert ProjectStanding.objects.get().health == "green"
    assert FindingEvent.objects.count() == events
