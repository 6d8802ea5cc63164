"""The full rebuild in several processes: nothing differs from what one process leaves. PostgreSQL only."""

import os
from concurrent.futures.process import BrokenProcessPool
from threading import Thread

import pytest
from django.db import connection, transaction

from pmo.models import Organisation
from portfolio.models import Finding, FindingEvent, FindingProject, ProjectStanding, RollUp
from portfolio.services import demo, rebuild_split
from portfolio.services.rebuild import organisation_differences, organisation_rebuild
from portfolio.services.rebuild_split import organisation_rebuild_split
from portfolio.services.standings import standings_lock
from projects.models import Project, ProjectPerformance

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer, so one process does it"),
]


@pytest.fixture
def office(monkeypatch):
    """The demo portfolio, of which nothing is computed yet."""
    monkeypatch.setattr(rebuild_split, "WORTH_SPLITTING", 1)
    with monkeypatch.context() as unbuilt:
        unbuilt.setattr(demo, "organisation_rebuild", lambda pk: 0)
        unbuilt.setattr(demo, "findings_work", lambda organisation, users: None)
        demo.demo_seed(count=24, cost_entries=2_000, seed=1)
    assert not any(model.objects.exists() for model in (Finding, RollUp, ProjectStanding, ProjectPerformance))
    return Organisation.objects.get(slug="demo")


def kept(office):
    """What a second look must leave as it is, but for the time of looking."""
    models = {
        Finding: ("rule", "subject", "scope", "status", "severity", "title", "detail", "evidence", "version"),
        FindingEvent: ("finding__fingerprint", "kind", "text"),
        FindingProject: ("finding__fingerprint", "project_id"),
        ProjectStanding: ("project_id", "health", "top_finding", "top_finding_title", "open_findings", "revision"),
        RollUp: ("scope", "portfolio_id", "programme_id", "currency", "figures", "open_findings", "red"),
    }
    return {
        model.__name__: sorted(model.objects.filter(organisation=office).values_list(*columns), key=str)
        for model, columns in models.items()
    }


def test_from_nothing_two_processes_leave_what_one_leaves(office):
    assert organisation_rebuild_split(office.pk, 2) == Project.objects.count()
    assert organisation_differences(office.pk) == []
    findings = Finding.objects.filter(organisation=office).exclude(status="resolved")
    assert set(findings.values_list("scope", flat=True)) == {"project", "portfolio"}
    assert ProjectStanding.objects.count() == ProjectPerformance.objects.count() == Project.objects.count()


def test_one_process_and_several_after_each_other_write_nothing_new(office):
    organisation_rebuild_split(office.pk, 2)
    first = kept(office)
    assert len(first["Finding"]) > 10
    organisation_rebuild_split(office.pk, 2)
    assert kept(office) == first
    organisation_rebuild(office.pk)
    assert kept(office) == first


def test_what_changed_since_is_found_by_the_parts_as_by_one(office):
    organisation_rebuild(office.pk)
    mine = Finding.objects.filter(organisation=office)
    first = kept(office)["RollUp"]
    for scope in ("project", "portfolio"):
        mine.filter(scope=scope).update(title="Wrong")
        Finding.objects.filter(pk=mine.filter(scope=scope).first().pk).update(status="resolved")
    left = {"organisation": office, "status": "open", "title": "Left", "severity": "low"}
    project = Project.objects.first()
    Finding.objects.create(**left, rule="no-more", scope="project", fingerprint="1", subject=f"project:{project.pk}")
    Finding.objects.create(**left, rule="no-more", scope="portfolio", fingerprint="2", subject="vendor:1")
    Finding.objects.create(**left, rule="cost-overrun", scope="project", fingerprint="3", subject="project:999999")
    ProjectStanding.objects.filter(project=project).update(health="none", revision=1)
    ProjectPerformance.objects.update(bac=5)
    organisation_rebuild_split(office.pk, 2)
    assert organisation_differences(office.pk) == []
    assert kept(office)["RollUp"] == first
    assert not mine.filter(title="Wrong").exclude(status="resolved").exists()
    assert set(mine.filter(title="Left").values_list("status", flat=True)) == {"resolved"}


def test_a_part_that_dies_ends_the_rebuild_and_the_next_one_mends_it(office, monkeypatch):
    organisation_rebuild_split(office.pk, 2)
    first = kept(office)
    ProjectPerformance.objects.update(bac=5)
    last = Project.objects.order_by("id").last().pk
    with monkeypatch.context() as deadly:
        inside = rebuild_split.standings_inside
        deadly.setattr(
            rebuild_split, "standings_inside", lambda pk, ids: os._exit(1) if last in ids else inside(pk, ids)
        )
        with pytest.raises(BrokenProcessPool):
            organisation_rebuild_split(office.pk, 2)
    assert ProjectPerformance.objects.get(project=last).bac == 5
    assert standings_are_free(office)
    organisation_rebuild_split(office.pk, 2)
    assert kept(office) == first
    assert organisation_differences(office.pk) == []


def test_a_part_that_fails_is_told(office, monkeypatch):
    def fail(pk, ids):
        raise ValueError("no figures today")

    monkeypatch.setattr(rebuild_split, "performance_rebuild", fail)
    with pytest.raises(ValueError, match="no figures today"):
        organisation_rebuild_split(office.pk, 2)
    assert not ProjectStanding.objects.exists()
    assert standings_are_free(office)


def test_no_worker_refreshes_standings_in_between(office, monkeypatch):
    free = []
    wide = rebuild_split.wide_facts_of

    def look(pk):
        free.append(standings_are_free(office))
        return wide(pk)

    monkeypatch.setattr(rebuild_split, "wide_facts_of", look)
    organisation_rebuild_split(office.pk, 2)
    assert free == [False]
    assert standings_are_free(office)


def standings_are_free(office):
    """Whether a worker (another session) would get the organisation."""
    answers = []

    def ask():
        try:
            with transaction.atomic():
                answers.append(standings_lock(office.pk, [1]) == [1])
        finally:
            connection.close()

    asking = Thread(target=ask)
    asking.start()
    asking.join()
    return answers[0]
