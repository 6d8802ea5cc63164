"""Evidence packs: what is in them, who may fetch them, and what becomes of them when a worker dies."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import UTC, date, datetime, timedelta
from zipfile import ZipFile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from pmo.kit.errors import ApplicationError, Forbidden, NotFound
from pmo.models import Membership, OutboxMark
from pmo.services.outbox import HANDLERS
from portfolio.models import EvidencePack
from portfolio.selectors.evidence_packs import pack_get
from portfolio.services import evidence_pack_content
from portfolio.services.evidence_packs import (
    KIND,
    evidence_pack_cancel,
    evidence_pack_request,
    evidence_pack_run,
)
from projects.models import Evidence, ProjectActivity, ProjectPhase

AT = datetime(2026, 9, 20, tzinfo=UTC)
PLAN = b"the plan of <b>the harbour</b>"


@pytest.fixture
def project(office):
    """A project with a done activity, a file and a withdrawn link as evidence."""
    project = office.project("A-1", budget=None, name="Quay & <i>wall</i>")
    mine = {"organisation": office.organisation, "project": project}
    phase = ProjectPhase.objects.create(**mine, order=1, name="Initiation")
    activity = ProjectActivity.objects.create(
        **mine, project_phase=phase, order=1, key="plan", name="=Write the plan", due=date(2026, 9, 30), state="done",
        done_on=date(2026, 9, 20),
    )  # fmt: skip
    kept = default_storage.save("evidence/test/plan.txt", ContentFile(PLAN))
    Evidence.objects.create(
        **mine, activity=activity, title="The plan", file=kept, sha256=hashlib.sha256(PLAN).hexdigest(),
        size=len(PLAN), added_at=AT,
    )  # fmt: skip
    link = Evidence.objects.create(**mine, activity=activity, title="Minutes", url="https://x.example", added_at=AT)
    Evidence.objects.create(**mine, title="Wrong minutes", withdraws=link, added_at=AT)
    return project


def made(director, **asked):
    pack = evidence_pack_request(actor=director, **asked)
    assert evidence_pack_run(pack.pk) == "ready", EvidencePack.objects.get(pk=pack.pk).error
    pack.refresh_from_db()
    return pack, ZipFile(io.BytesIO(default_storage.open(pack.file.name).read()))


def rows(archive, name):
    return list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"))))


def test_a_pack_holds_the_report_the_lists_and_the_files(director, project):
    pack, archive = made(director, project_code="A-1")
    assert set(archive.namelist()) == {
        "compliance.pdf", "requirements.csv", "gate-decisions.csv", "waivers.csv", "responsibilities.csv", "index.csv",
        "evidence/A-1/0001-The-plan.txt",
    }  # fmt: skip
    assert archive.read("evidence/A-1/0001-The-plan.txt") == PLAN
    assert archive.read("compliance.pdf").startswith(b"%PDF-")
    head, row = rows(archive, "requirements.csv")
    told = dict(zip(head, row, strict=True))
    assert (told["State"], told["Done on"], told["In time"]) == ("Met", "2026-09-20", "yes")
    assert told["Requirement"] == "'=Write the plan", "no spreadsheet runs it"
    index = {line[3]: line[9] for line in rows(archive, "index.csv")[1:]}
    assert index == {"The plan": "in force", "Minutes": "withdrawn"}
    assert (pack.projects, pack.files, pack.progress) == (1, 2, 100)
    assert pack.sha256 == hashlib.sha256(default_storage.open(pack.file.name).read()).hexdigest()


def test_a_file_that_changed_or_is_gone_is_told_of(director, project):
    row = Evidence.objects.get(title="The plan")
    with default_storage.open(row.file, "wb") as kept:
        kept.write(b"another plan")
    index = {line[3]: line[9] for line in rows(made(director, project_code="A-1")[1], "index.csv")[1:]}
    assert index["The plan"] == "changed since it was attached"
    default_storage.delete(row.file)
    index = {line[3]: line[9] for line in rows(made(director, project_code="A-1")[1], "index.csv")[1:]}
    assert index["The plan"] == "missing"


def test_no_file_outside_the_store_gets_in(office, director, project):
    Evidence.objects.create(
        organisation=office.organisation, project=project, title="Passwords", file="../../../etc/passwd", added_at=AT
    )
    archive = made(director, project_code="A-1")[1]
    assert {line[3]: line[9] for line in rows(archive, "index.csv")[1:]}["Passwords"] == "missing"
    assert b"root:" not in b"".join(archive.read(name) for name in archive.namelist())


def test_a_pack_of_an_earlier_day_knows_nothing_later(director, project):
    archive = made(director, project_code="A-1", as_of=date(2026, 9, 1))[1]
    assert rows(archive, "requirements.csv")[1][6] == "Open"
    assert len(rows(archive, "index.csv")) == 1
    with pytest.raises(ApplicationError, match="has not come yet"):
        evidence_pack_request(actor=director, project_code="A-1", as_of=date(2026, 11, 1))


def test_a_pack_of_a_portfolio_holds_all_its_projects(office, director, project):
    office.project("B-2", budget=None)
    pack, _archive = made(director, portfolio_id=office.portfolio.pk)
    assert pack.projects == 2


def test_a_manager_of_one_project_packs_that_one_alone(office, project):
    lead = office.member("project_manager", name="Milo")
    office.project("M-1", budget=None, project_manager=office.person(lead))
    assert made(lead, project_code="M-1")[0].projects == 1
    with pytest.raises((NotFound, Forbidden)):
        evidence_pack_request(actor=lead, project_code="A-1")
    with pytest.raises(NotFound):
        evidence_pack_request(actor=lead, portfolio_id=office.portfolio.pk)


def test_it_is_for_whom_it_was_made_and_for_the_office_until_they_lose_the_role(office, director, project):
    pack, _archive = made(director, project_code="A-1")
    lead = office.member("project_manager", name="Milo")
    project.project_manager = office.person(lead)
    project.save()
    with pytest.raises(NotFound):
        pack_get(lead, pack.pk)
    assert pack_get(office.member("auditor", name="Olga"), pack.pk) == pack
    client = Client()
    client.force_login(director.user)
    address = f"/o/merrowby/compliance/packs/{pack.pk}/file/"
    answer = client.get(address)
    assert answer.status_code == 200 and b"".join(answer.streaming_content).startswith(b"PK")
    assert answer["Content-Disposition"] == 'attachment; filename="evidence-A-1-2026-10-31.zip"'
    Membership.objects.filter(user=director.user).update(role="team_member")
    assert client.get(address).status_code in (403, 404)


def test_rights_are_those_of_the_moment_of_making(director, project):
    pack = evidence_pack_request(actor=director, project_code="A-1")
    Membership.objects.filter(user=director.user).update(role="team_member")
    assert evidence_pack_run(pack.pk) == "failed"


def test_one_that_waits_is_stopped_at_once_and_one_that_is_finished_never(director, project):
    pack = evidence_pack_request(actor=director, project_code="A-1")
    assert evidence_pack_cancel(actor=director, pack_id=pack.pk).state == "cancelled"
    assert evidence_pack_run(pack.pk) == ""
    ready, _archive = made(director, project_code="A-1")
    with pytest.raises(ApplicationError, match="nothing to stop"):
        evidence_pack_cancel(actor=director, pack_id=ready.pk)


def test_one_that_is_being_made_stops_at_its_next_step_and_leaves_no_file(director, project, monkeypatch):
    pack = evidence_pack_request(actor=director, project_code="A-1")
    before = default_storage.listdir("packs")[0] if default_storage.exists("packs") else []
    real = evidence_pack_content.pack_write

    def stopped(pack_, projects, progress):
        evidence_pack_cancel(actor=director, pack_id=pack.pk)
        return real(pack_, projects, progress)

    monkeypatch.setattr("portfolio.services.evidence_packs.pack_write", stopped)
    assert evidence_pack_run(pack.pk) == "cancelled"
    pack.refresh_from_db()
    assert (pack.file.name, before) == ("", before)


def test_a_pack_whose_worker_died_is_taken_up_and_one_that_lives_is_not(office, director, project):
    pack = evidence_pack_request(actor=director, project_code="A-1")
    mine = EvidencePack.objects.filter(pk=pack.pk)
    mine.update(state="running", started_at=timezone.now())
    assert evidence_pack_run(pack.pk) == ""
    mine.update(started_at=timezone.now() - timedelta(seconds=61))
    OutboxMark.objects.all().delete()
    HANDLERS[KIND].run(office.organisation.pk, [pack.pk])
    assert OutboxMark.objects.get(kind=KIND).subject_id == pack.pk, "it stays owed until it is finished"
    assert evidence_pack_run(pack.pk) == "ready"


def test_at_most_three_at_once(director, project):
    for _ in range(3):
        evidence_pack_request(actor=director, project_code="A-1")
    with pytest.raises(ApplicationError, match="Three of your evidence packs"):
        evidence_pack_request(actor=director, project_code="A-1")


def test_the_page_asks_watches_and_offers(director, project):
    client = Client()
    client.force_login(director.user)
    answer = client.post("/o/merrowby/compliance/packs/", {"project": "A-1", "as_of": "2026-10-31"})
    address = answer.url
    page = client.get(address)
    assert "Waiting for a worker" in page.content.decode()
    assert client.get(f"{address}?stamp={page.context['stamp']}").status_code == 204
    evidence_pack_run(EvidencePack.objects.get().pk)
    assert "Fetch the pack" in client.get(f"{address}?stamp=x").content.decode()
    assert client.post("/o/merrowby/compliance/packs/", {}).status_code == 422
