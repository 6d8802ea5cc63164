"""The pages of standards, tiers and policies: what they show, and that nothing typed is lost."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pmo.analysis.standard_file import standard_to_yaml
from pmo.models import Activity, Gate, StandardVersion, TailoringRule, TierModel
from pmo.selectors.shipped import shipped_standard
from pmo.selectors.standard_content import content_of
from pmo.services.standards import draft_begin, version_publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(alder) -> Client:
    return alder.client("pmo_analyst")


@pytest.fixture
def published(alder) -> StandardVersion:
    return StandardVersion.objects.get(organisation=alder.organisation, standard__slug="five-phases")


@pytest.fixture
def draft(alder, published) -> StandardVersion:
    return draft_begin(actor=alder.actor("pmo_analyst"), standard_id=published.standard_id)


def read(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(f"/o/alder/{path}")
    assert answer.status_code == status, path
    return answer.content.decode()


def post(client: Client, path: str, version: StandardVersion | None = None, **data):
    if version is not None:
        version.refresh_from_db()
        data["revision"] = str(version.revision)
    return client.post(f"/o/alder/{path}", data)


def test_the_library_counts_who_follows_each_version_and_knows_its_state(alder, analyst, published, draft):
    text = read(analyst, "standards/?state=published&followers__gte=1")
    assert text.count("<tr role=") == 2  # the head, and the version that the project follows
    assert f"/o/alder/standards/versions/{published.pk}/" in text
    assert "Draft" in read(analyst, "standards/?state=draft")
    csv = analyst.get("/o/alder/standards/?format=csv").getvalue().decode("utf-8-sig")
    assert "Five phases,2,Draft,0" in csv
    assert "Five phases,1,Published,1" in csv


def test_a_draft_is_not_there_for_those_who_do_not_write_it(alder, draft):
    manager = alder.client("project_manager")
    assert "No version matches" in read(manager, "standards/?state=draft")
    read(manager, f"standards/versions/{draft.pk}/", 404)
    assert "Why" in read(manager, f"standards/versions/{draft.copied_from_id}/")


def test_a_version_shows_source_licence_gates_and_rules_in_words(analyst, published):
    text = read(analyst, f"standards/versions/{published.pk}/")
    assert "After the five process groups" in text
    assert "2 approvals are needed" in text
    assert "For tiers 1 and 2, leave out “Have somebody from outside look”." in text


def test_the_pages_of_a_version_cost_as_many_queries_however_long_it_is(analyst, alder, django_assert_max_num_queries):
    for version in StandardVersion.objects.filter(organisation=alder.organisation):
        with django_assert_max_num_queries(26):
            read(analyst, f"standards/versions/{version.pk}/")


def test_what_is_refused_comes_back_beside_its_field_with_everything_typed(analyst, draft):
    phase = draft.phases.first()
    answer = post(
        analyst, f"standards/versions/{draft.pk}/add/activity/?in={phase.pk}", draft,
        name="Ask", obligation="mandatory", due_from="finish", due_days="0", why="Because.", key="charter",
    )  # fmt: skip
    assert answer.status_code == 422
    assert "“charter” is taken" in answer.content.decode()
    assert "Because." in answer.content.decode()


def test_a_form_on_an_older_revision_is_refused_and_keeps_what_was_typed(analyst, draft):
    phase = draft.phases.first()
    path = f"standards/versions/{draft.pk}/add/deliverable/?in={phase.pk}"
    fields = {"name": "Late", "obligation": "mandatory", "revision": str(draft.revision)}
    assert analyst.post(f"/o/alder/{path}", {**fields, "name": "Early"}).status_code == 302
    answer = analyst.post(f"/o/alder/{path}", fields)
    assert answer.status_code == 422
    assert "Somebody else changed this draft meanwhile" in answer.content.decode()
    assert 'value="Late"' in answer.content.decode()


def test_a_gate_keeps_the_order_of_its_approvers_and_a_rule_its_conditions(analyst, draft):
    gate = Gate.objects.filter(phase__version=draft).first()
    fields = {
        "name": gate.name, "obligation": "mandatory", "at": "start", "quorum": "2", "in_order": "on",
        "approver_1": "pmo_director", "approver_3": "sponsor", "parent": str(gate.phase_id),
    }  # fmt: skip
    assert post(analyst, f"standards/gate/{gate.pk}/", draft, **fields).status_code == 302
    gate.refresh_from_db()
    assert (gate.approver_roles, gate.quorum, gate.in_order, gate.at) == (["pmo_director", "sponsor"], 2, True, "start")
    fields = {
        "name": "Big", "effect": "mandatory", "tier": ["2", "3"], "budget_from": "1,000,000",
        "targets": ["activity:stakeholders", "phase:closing"],
    }  # fmt: skip
    assert post(analyst, f"standards/versions/{draft.pk}/add/rule/", draft, **fields).status_code == 302
    rule = TailoringRule.objects.get(version=draft, name="Big")
    assert rule.conditions == {"tier": [2, 3], "budget_from": "1000000"}
    assert "For tiers 2 and 3 and a budget of 1,000,000 or more" in read(
        analyst, f"standards/versions/{draft.pk}/edit/"
    )


def test_the_draft_says_what_stands_in_the_way_in_names_and_not_in_numbers(analyst, draft):
    Gate.objects.filter(phase__version=draft, key="planning-gate").update(quorum=5)
    text = read(analyst, f"standards/versions/{draft.pk}/edit/")
    assert "Planning, Gate 2: baseline: 5 approvals are asked for, but only 2 roles can give one." in text


def test_what_each_tier_gets_stands_side_by_side(analyst, published):
    text = read(analyst, f"standards/versions/{published.pk}/tailoring/")
    row = text.split("Have somebody from outside look")[-1].split("</tr>")[0]
    assert row.count("left out") == 2
    assert row.count("mandatory") == 1


def test_comparing_names_what_differs_and_how_many_projects_it_concerns(alder, analyst, draft):
    Activity.objects.filter(phase__version=draft, key="charter").update(name="Write the mandate")
    text = read(analyst, f"standards/versions/{draft.pk}/compare/")
    assert "Write the mandate" in text
    assert "0 added, 1 changed, 0 taken out" in text
    assert "One running project follows a version before 2." in text


def test_publishing_is_the_directors_and_asks_what_is_new(alder, draft):
    path = f"standards/versions/{draft.pk}/publish/"
    assert post(alder.client("pmo_analyst"), path, draft, summary="New.").status_code == 403
    director = alder.client("pmo_director")
    assert post(director, path, draft, summary="").status_code == 422
    assert post(director, path, draft, summary="New.").status_code == 302
    draft.refresh_from_db()
    assert draft.published_at is not None
    assert director.get(f"/o/alder/standards/versions/{draft.pk}/edit/").status_code == 302


def test_the_file_of_a_version_is_taken_in_again(alder, analyst, published):
    text = analyst.get(f"/o/alder/standards/versions/{published.pk}/file/").content.decode()
    assert text == standard_to_yaml(shipped_standard("five-phases"))
    upload = SimpleUploadedFile("x.yaml", text.encode())
    assert analyst.post("/o/alder/standards/import/", {"file": upload}).status_code == 302
    assert content_of(StandardVersion.objects.get(standard=published.standard, number=2)) == content_of(published)
    bad = SimpleUploadedFile("x.yaml", text.replace("quorum: 2", "quorum: many").encode())
    answer = analyst.post("/o/alder/standards/import/", {"file": bad})
    assert answer.status_code == 422
    assert "phases[2].gates[1].quorum: “many” is not a whole number." in answer.content.decode()


def test_a_tier_model_is_changed_by_its_form(alder, analyst):
    assert analyst.post("/o/alder/tiers/begin/").status_code == 302
    model = TierModel.objects.get(organisation=alder.organisation, number=2)
    form = analyst.get(f"/o/alder/tiers/{model.pk}/edit/").context["form"]
    data = {name: form[name].value() for name in form.fields}
    data |= {"factor-6-text": "", "grid-small-simple": "2", "size-budget-1": "300,000"}
    assert analyst.post(f"/o/alder/tiers/{model.pk}/edit/", data).status_code == 302
    model.refresh_from_db()
    assert len(model.factors) == 6
    assert model.grid["small"]["simple"] == 2
    assert model.size_bands["budget"][1]["from"] == "300000"
    answer = analyst.post(f"/o/alder/tiers/{model.pk}/edit/", {**data, "complexity-1": "99"})
    assert answer.status_code == 422
    assert "does not rise above" in answer.content.decode()


def test_a_policy_is_written_published_read_and_the_front_page_says_so(alder):
    director, manager = alder.client("pmo_director"), alder.client("project_manager")
    fields = {
        "name": "Gifts", "kind": "policy", "text": "# No gifts\n\n<script>x</script>", "acknowledge_within_days": "7",
        "binds_roles": ["project_manager"],
    }  # fmt: skip
    made = director.post("/o/alder/policies/new/", fields)
    page = director.get(made["Location"])
    version = page.context["version"]
    publish = {"revision": str(version.revision), "effective_on": "2026-01-01", "summary": "First."}
    assert director.post(f"/o/alder/policies/versions/{version.pk}/publish/", publish).status_code == 302
    assert "/o/alder/policies/waiting/" in read(manager, "")
    assert "One policy to acknowledge" in read(manager, "policies/waiting/")
    text = read(manager, f"policies/versions/{version.pk}/")
    assert "<h2>No gifts</h2>" in text
    assert "<script>x" not in text
    assert "Who has read it" not in text
    assert "1 of 1 have not" in read(director, f"policies/versions/{version.pk}/")
    assert manager.post(f"/o/alder/policies/versions/{version.pk}/acknowledge/").status_code == 302
    assert read(manager, "policies/waiting/", 204) == ""
    assert "0 of 1 have not" in read(director, f"policies/versions/{version.pk}/")
    assert director.post(f"/o/alder/policies/{version.policy_id}/begin/").status_code == 302
    second = version.policy.versions.get(number=2)
    change = {"revision": "1", "text": "# No gifts at all", "acknowledge_within_days": "7"}
    assert director.post(f"/o/alder/policies/versions/{second.pk}/edit/", change).status_code == 302
    compared = read(director, f"policies/versions/{second.pk}/compare/")
    assert "# No gifts at all" in compared.split("<ins>")[1].split("</ins>")[0]


def test_a_published_version_is_followed_by_new_projects(alder, draft):
    version_publish(actor=alder.actor("pmo_director"), version_id=draft.pk, revision=draft.revision, summary="Better.")
    text = read(alder.client("pmo_analyst"), "standards/")
    assert "Superseded" in text
