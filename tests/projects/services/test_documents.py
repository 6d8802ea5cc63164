"""Documents: made from templates, decided by somebody else, once; amounts only for those who may see money."""

import pytest

from pmo.kit.errors import ApplicationError, Forbidden, NotFound, StaleVersion
from pmo.models import DocumentTemplate
from pmo.services.document_templates import template_write, templates_put_in
from projects.models import DocumentVersion
from projects.selectors.documents import document_versions_for, documents_for
from projects.services.documents import document_create, document_decide, document_submit, document_write

pytestmark = pytest.mark.django_db


@pytest.fixture
def charter(alder):
    templates_put_in(actor=alder.actor("pmo_director"))
    template = DocumentTemplate.objects.get(organisation=alder.organisation, key="charter")
    return document_create(actor=alder.actor("project_manager"), project_id=alder.project.pk, template_id=template.pk)


def test_a_document_is_filled_from_the_project_and_its_name_is_taken(alder, charter):
    body = charter.versions.get().body
    assert alder.project.name in body
    assert "{{ " not in body.replace("{{= ", "")
    with pytest.raises(ApplicationError) as refused:
        document_create(
            actor=alder.actor("project_manager"), project_id=alder.project.pk, template_id=charter.template_id
        )
    assert (refused.value.status, refused.value.field) == (409, "name")


def test_who_wrote_it_does_not_approve_it_and_it_is_decided_once(alder, charter):
    manager, director = alder.actor("project_manager"), alder.actor("pmo_director")
    handed = document_submit(actor=manager, document_id=charter.pk, seen=1)
    with pytest.raises(Forbidden):
        document_decide(actor=manager, document_id=charter.pk, seen=handed.version, approve=True)
    document_decide(actor=director, document_id=charter.pk, seen=handed.version, approve=True)
    with pytest.raises(StaleVersion):
        document_decide(actor=director, document_id=charter.pk, seen=handed.version, approve=False, reason="No.")
    assert charter.versions.get().state == "approved"


def test_whoever_changed_a_draft_last_is_its_maker(alder, charter):
    director = alder.actor("pmo_director")
    document_write(actor=director, document_id=charter.pk, body="Better.", seen=1)
    document_submit(actor=alder.actor("project_manager"), document_id=charter.pk, seen=2)
    with pytest.raises(Forbidden):
        document_decide(actor=director, document_id=charter.pk, seen=3, approve=True)


def test_an_approved_text_stays_and_the_next_version_is_another_row(alder, charter):
    manager = alder.actor("project_manager")
    before = charter.versions.get().body
    document_submit(actor=manager, document_id=charter.pk, seen=1)
    with pytest.raises(ApplicationError):
        document_write(actor=manager, document_id=charter.pk, body="While it waits", seen=2)
    document_decide(actor=alder.actor("pmo_director"), document_id=charter.pk, seen=2, approve=True)
    document_write(actor=manager, document_id=charter.pk, body="Second.", seen=3)
    rows = DocumentVersion.objects.filter(document=charter).order_by("number").values_list("body", "state")
    assert list(rows) == [(before, "approved"), ("Second.", "draft")]


def test_stakeholders_see_approved_versions_only(alder, charter):
    follower, manager = alder.actor("stakeholder"), alder.actor("project_manager")
    assert not documents_for(follower, "document.view").exists()
    document_submit(actor=manager, document_id=charter.pk, seen=1)
    document_decide(actor=alder.actor("pmo_director"), document_id=charter.pk, seen=2, approve=True)
    document_write(actor=manager, document_id=charter.pk, body="Second.", seen=3)
    assert [row.number for row in document_versions_for(follower, "document.view")] == [1]
    assert document_versions_for(manager, "document.view").count() == 2


def test_returning_says_why_and_others_see_nothing(alder, birch, charter):
    document_submit(actor=alder.actor("project_manager"), document_id=charter.pk, seen=1)
    with pytest.raises(ApplicationError) as refused:
        document_decide(actor=alder.actor("pmo_director"), document_id=charter.pk, seen=2, approve=False)
    assert refused.value.field == "reason"
    with pytest.raises(NotFound):
        document_decide(actor=birch.actor("pmo_director"), document_id=charter.pk, seen=2, approve=True)


def test_a_template_with_an_unknown_field_is_refused_and_each_change_is_a_version(alder):
    director = alder.actor("pmo_director")
    with pytest.raises(ApplicationError) as refused:
        template_write(actor=director, name="Note", body="{{ project.secret }}")
    assert "project.secret" in refused.value.message
    first = template_write(actor=director, name="Note", body="{{ project.name }}")
    second = template_write(actor=director, name="Note", body="New.", key=first.key, seen=1)
    with pytest.raises(ApplicationError) as late:
        template_write(actor=director, name="Note", body="Late.", key=first.key, seen=1)
    assert (second.number, late.value.status) == (2, 409)
