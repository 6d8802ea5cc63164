"""The demo portfolio: what a first visitor sees, and what the benchmarks rest on."""

from datetime import UTC, date, datetime
from statistics import median

import pytest
import time_machine
from django.db.models import Count, F, Sum
from django.test import TestCase

from pmo.kit.errors import ApplicationError
from pmo.models import AuditEvent, Membership, Organisation, OutboxMark, Role, User
from pmo.selectors.actors import actor_for
from portfolio.analysis.demo import projects
from portfolio.analysis.registry import all_rules
from portfolio.models import Finding, ProjectStanding, RollUp, RollUpDay
from portfolio.selectors.scoreboard import scoreboard
from portfolio.services.demo import acme_seed, demo_seed
from portfolio.services.rebuild import organisation_differences
from projects.models import CostEntry, HealthDeclaration, Project, ProjectPerformance

DAY = datetime(2026, 11, 24, 9, tzinfo=UTC)
PASSWORD = "harrowmere-at-dawn"
# Rules about the ledger for which the demo has no story: its orders, invoices and dates are in order.
UNTOLD = {
    "commitments-above-budget",
    "duplicate-invoices",
    "spend-outside-period",
    "unreleased-accruals",
    "vendor-concentration",
}


def test_the_same_seed_and_day_give_the_same_data():
    first = list(projects(40, 1_200, 5, DAY.date()))
    assert list(projects(40, 1_200, 5, DAY.date())) == first
    assert list(projects(40, 1_200, 6, DAY.date())) != first


def test_there_are_exactly_as_many_projects_and_entries_as_asked_for():
    drafts = list(projects(600, 30_000, 3, DAY.date()))
    assert len(drafts) == 600
    assert sum(len(draft.entries) for draft in drafts) == 30_000
    assert len({draft.story.code for draft in drafts}) == 600


def test_nothing_is_dated_after_the_day_and_every_reversal_takes_back_what_it_names():
    today = DAY.date()
    for draft in projects(120, 6_000, 9, today):
        for entry in draft.entries:
            assert draft.start <= entry.incurred_on <= entry.recorded_on <= today
            assert entry.pence
            if entry.reverses >= 0:
                reversed_one = draft.entries[entry.reverses]
                assert reversed_one.pence == -entry.pence
                assert (reversed_one.reverses, reversed_one.vendor) == (-1, entry.vendor)
        assert all(said.status_date <= today and 0 <= said.hundredths <= 10_000 for said in draft.progress)


def test_drawn_projects_are_spread_as_published_portfolios_are():
    drafts = list(projects(1_500, 45_000, 11, DAY.date()))[24:]
    unmeasured = sum(draft.shape.said is None for draft in drafts) / len(drafts)
    stale = sum(draft.shape.said is not None and draft.shape.said > 35 for draft in drafts) / len(drafts)
    assert 0.28 < unmeasured < 0.38
    assert 0.02 < stale < 0.12


class TheDemoCouncil(TestCase):
    """24 projects on a November morning, seeded once for all of these."""

    @classmethod
    def setUpTestData(cls):
        with time_machine.travel(DAY, tick=False):
            cls.made = demo_seed(count=24, cost_entries=1_200, seed=1, password=PASSWORD)
            cls.acme = acme_seed(seed=1, password=PASSWORD)
        cls.demo = cls.made.organisation

    def test_every_rule_finds_something(self):
        found = set(Finding.objects.filter(organisation=self.demo).values_list("rule", flat=True))
        assert found == {rule.slug for rule in all_rules()} - UNTOLD

    def test_most_projects_are_fine_and_a_few_are_not(self):
        standings = ProjectStanding.objects.filter(organisation=self.demo).order_by()
        healths = dict(standings.values_list("health").annotate(Count("id")))
        assert healths["red"] == 4
        assert 4 <= healths["amber"] <= 7
        assert healths["green"] >= 11

    def test_some_are_declared_greener_than_they_are(self):
        whole = RollUp.objects.get(organisation=self.demo, scope="organisation")
        assert 3 <= whole.declared_too_green <= 6
        assert HealthDeclaration.objects.filter(organisation=self.demo).exists()

    def test_the_variance_at_completion_is_about_four_percent_in_the_middle(self):
        rows = ProjectPerformance.objects.filter(organisation=self.demo, vac_percent__isnull=False)
        values = sorted(rows.values_list("vac_percent", flat=True))
        assert 3 < median(values) < 5
        assert (-20 <= values[0] < -15, values[-1]) == (True, 94)

    def test_four_projects_have_no_measure_of_progress(self):
        assert ProjectPerformance.objects.filter(organisation=self.demo, ev__isnull=True).count() == 4

    def test_everything_kept_equals_a_full_recompute(self):
        with time_machine.travel(DAY, tick=False):
            assert organisation_differences(self.demo.pk) == []
            assert organisation_differences(self.acme.organisation.pk) == []

    def test_a_difference_is_told_in_a_sentence_and_nothing_is_changed_by_looking(self):
        project = Project.objects.get(organisation=self.demo, code="TRN-011")
        ProjectPerformance.objects.filter(project=project).update(ac=1)
        ProjectStanding.objects.filter(project=project).update(health="green")
        with time_machine.travel(DAY, tick=False):
            told = organisation_differences(self.demo.pk)
        assert any(sentence.startswith(f"Project {project.pk}: ac is kept as Decimal('1.00')") for sentence in told)
        assert any("standing of project TRN-011: health is kept as 'green'" in sentence for sentence in told)
        assert ProjectStanding.objects.get(project=project).health == "green"

    def test_the_past_twelve_months_are_there_for_trends(self):
        days = RollUpDay.objects.filter(organisation=self.demo, scope="organisation").order_by("day")
        assert [day.day for day in days][-3:] == [date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 24)]
        assert len(days) == 13
        spent = [day.ac for day in days]
        assert spent == sorted(spent)

    def test_the_ledger_adds_up_to_the_actual_cost_shown(self):
        ledger = (
            CostEntry.objects.filter(organisation=self.demo).exclude(kind="commitment").aggregate(sum=Sum("amount"))
        )
        shown = ProjectPerformance.objects.filter(organisation=self.demo).aggregate(sum=Sum("ac"))
        assert CostEntry.objects.filter(organisation=self.demo).count() == 1_200
        assert round(ledger["sum"], 2) == round(shown["sum"], 2)

    def test_every_role_of_the_matrix_can_sign_in(self):
        roles = set(Membership.objects.filter(organisation=self.demo).values_list("role", flat=True))
        assert roles == set(Role.values)
        assert User.objects.get(email="director@demo.example").check_password(PASSWORD)
        assert self.made.password == PASSWORD

    def test_the_two_organisations_have_no_person_and_no_row_in_common(self):
        acme = self.acme.organisation
        assert Project.objects.filter(organisation=acme).count() == 3
        demo_users = set(Membership.objects.filter(organisation=self.demo).values_list("user", flat=True))
        assert not demo_users & set(Membership.objects.filter(organisation=acme).values_list("user", flat=True))
        strangers = Project.objects.exclude(organisation=F("portfolio__organisation"))
        assert not strangers.exists()

    def test_the_log_tells_who_entered_the_projects_and_approved_their_budgets(self):
        events = AuditEvent.objects.filter(organisation=self.demo)
        assert events.filter(action="project.create").count() == 24
        assert events.filter(action="budget.approve").count() == 22
        times = list(events.filter(action__startswith="budget.").order_by("id").values_list("at", flat=True))
        assert times == sorted(times)

    def test_findings_are_in_several_states_and_nothing_is_owed(self):
        states = set(Finding.objects.filter(organisation=self.demo).values_list("status", flat=True))
        assert states == {"open", "acknowledged", "in_treatment"}
        assert Finding.objects.filter(organisation=self.demo, owner__name="Priya Sandoval").exists()
        assert not OutboxMark.objects.exists()

    def test_no_status_date_is_fixed_so_that_the_demo_stays_alive(self):
        assert not Organisation.objects.filter(status_date__isnull=False).exists()

    def test_an_organisation_with_projects_is_not_seeded_again(self):
        with pytest.raises(ApplicationError, match="projects already"):
            demo_seed(count=24, cost_entries=100, seed=1, password=PASSWORD)


@pytest.mark.django_db
def test_finished_projects_beside_it_have_enough_history_to_judge_the_estimates():
    with time_machine.travel(DAY, tick=False):
        made = demo_seed(count=3, cost_entries=100, seed=1, password=PASSWORD, finished=8)
        actor = actor_for(User.objects.get(email="director@demo.example"), made.organisation)
        found = scoreboard(actor)
        assert organisation_differences(made.organisation.pk) == []
    assert (made.projects, made.finished, Project.objects.filter(status="closed").count()) == (3, 8, 8)
    assert found.silent == ()
    for point in found.whole:
        assert (point.compared, bool(point.best)) == (8, True)
        assert point.counts["bottom_up"] == 4  # every other one was estimated anew while it ran
    assert len({point.best for one in found.compared for point in one.score.checkpoints}) >= 3
    assert not Finding.objects.filter(concerned__project__status="closed").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["2027-01-01", "2027-02-28", "2027-07-15"])
def test_the_demo_is_as_instructive_on_any_day_of_the_year(day):
    with time_machine.travel(datetime.fromisoformat(f"{day}T10:00:00+00:00"), tick=False):
        made = demo_seed(count=24, cost_entries=800, seed=1, password=PASSWORD)
    found = set(Finding.objects.values_list("rule", flat=True))
    assert found == {rule.slug for rule in all_rules()} - UNTOLD
    assert ProjectStanding.objects.filter(health="red").count() == 4
    assert ProjectStanding.objects.filter(health="green").count() >= 10
    assert made.projects == 24


@pytest.mark.django_db
def test_a_few_hundred_drawn_projects_keep_within_the_published_spread():
    with time_machine.travel(DAY, tick=False):
        demo_seed(count=260, cost_entries=9_000, seed=4, password=PASSWORD)
    values = sorted(ProjectPerformance.objects.filter(vac_percent__isnull=False).values_list("vac_percent", flat=True))
    assert 2 < median(values) < 6
    assert values[0] > -25
    assert values[-1] <= 94
