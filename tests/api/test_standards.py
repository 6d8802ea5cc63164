"""Standards and policies over the API: drafts with their revision, and hostile input in plain sentences."""

from __future__ import annotations

import pytest

from pmo.models import PolicyVersion, StandardVersion

pytestmark = pytest.mark.django_db


def drafted(caller, slug="five-phases"):
    standard = next(row for row in caller.get("standards/").json()["results"] if row["slug"] == slug)
    return caller.post("standard-versions/", {"standard": standard["id"]})


def marked(answer) -> dict[str, str]:
    return {"If_Match": answer["ETag"]}


def test_a_draft_is_begun_changed_and_published(alder, browser):
    director = browser(alder, "pmo_director")
    made = drafted(director)
    assert made.status_code == 201
    assert (made.json()["state"], made.json()["number"], made.json()["projects"]) == ("draft", 2, 0)
    version = made.json()["id"]
    phase = director.get(f"phases/?standard_version={version}&ordering=order").json()["results"][0]["id"]
    body = {"phase": phase, "name": "Ask the neighbours", "place": 1, "due_days": -3}
    assert director.post("activities/", body).status_code == 428
    added = director.post("activities/", body, **marked(made))
    assert added.status_code == 201, added.json()
    assert (added.json()["key"], added.json()["order"], added.json()["due_days"]) == ("ask-the-neighbours", 1, -3)
    stale = director.post("activities/", body, **marked(made))
    assert stale.status_code == 412
    fresh = director.get(f"standard-versions/{version}/")
    changed = director.patch(f"activities/{added.json()['id']}/", {"why": "They hear it anyway."}, **marked(fresh))
    assert changed.json()["why"] == "They hear it anyway."
    fresh = director.get(f"standard-versions/{version}/")
    published = director.post(f"standard-versions/{version}/publish/", {"summary": "Neighbours."}, **marked(fresh))
    assert published.json()["state"] == "published"
    again = director.delete(f"activities/{added.json()['id']}/", **marked(published))
    assert again.status_code == 409
    assert again.json()["errors"][0]["code"] == "published"


def test_a_standard_comes_in_as_yaml(alder, call):
    analyst = call(alder, "pmo_analyst")
    text = "format: plumbline-standard-1\nslug: mine\nname: Mine\nphases:\n  - {key: one, name: One}\n"
    made = analyst.post("standard-versions/", {"yaml": text})
    assert made.status_code == 201
    assert StandardVersion.objects.get(pk=made.json()["id"]).standard.slug == "mine"
    refused = analyst.post("standard-versions/", {"yaml": text.replace("key: one", "key: ONE")})
    assert refused.status_code == 400
    assert "phases[1].key: “ONE” is no key" in str(refused.json())
    assert analyst.post("standard-versions/", {}).status_code == 400


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        ("gates/", {"name": "G", "approver_roles": ["king"]}, "“king” is no role"),
        ("gates/", {"name": "G", "approver_roles": ["sponsor"], "quorum": 4}, "4 approvals are asked for"),
        ("gates/", {"name": "G", "approver_roles": "sponsor"}, "list"),
        ("activities/", {"name": "A", "due_days": "soon"}, "whole number"),
        ("activities/", {"name": "A", "obligation": "perhaps"}, "perhaps"),
        ("activities/", {"name": "A", "template": "nothing-such"}, "no document template"),
        ("activities/", {"name": "A" * 201}, "200"),
    ],
)
def test_hostile_values_are_refused_in_plain_sentences(alder, call, path, body, says):
    analyst = call(alder, "pmo_analyst")
    made = drafted(analyst)
    phase = analyst.get(f"phases/?standard_version={made.json()['id']}").json()["results"][0]["id"]
    answer = analyst.post(path, {"phase": phase, **body}, **marked(made))
    assert answer.status_code == 400
    assert says in str(answer.json())


@pytest.mark.parametrize(
    ("conditions", "says"),
    [
        ({"moon": 1}, "no such condition"),
        ({"tier": "x"}, "a list is needed"),
        ([1], "a mapping"),
        ({"budget_from": "NaN"}, "NaN"),
    ],
)
def test_hostile_conditions_of_a_rule_are_refused(alder, call, conditions, says):
    analyst = call(alder, "pmo_analyst")
    made = drafted(analyst)
    body = {"standard_version": made.json()["id"], "name": "R", "effect": "report_days", "value": "7"}
    answer = analyst.post("tailoring-rules/", {**body, "conditions": conditions}, **marked(made))
    assert answer.status_code == 400
    assert says in str(answer.json())


def test_a_tier_model_with_a_hole_in_its_grid_is_refused(alder, call):
    analyst = call(alder, "pmo_analyst")
    draft = analyst.post("tier-models/", {}).json()
    for grid in ({}, [], {"small": 7}, {"small": {"simple": True}}):
        answer = analyst.patch(f"tier-models/{draft['id']}/", {"grid": grid})
        assert answer.status_code == 400
        assert "grid." in str(answer.json())
    for name, value in (("factors", {"a": 1}), ("size_bands", [1]), ("complexity_bands", "x"), ("tiers", [[]])):
        assert analyst.patch(f"tier-models/{draft['id']}/", {name: value}).status_code == 400


def test_a_policy_is_published_and_acknowledged_over_the_api(alder, browser):
    director, manager = browser(alder, "pmo_director"), browser(alder, "project_manager")
    made = director.post(
        "policies/", {"name": "Gifts", "slug": "gifts", "text": "No.", "binds_roles": ["project_manager"]}
    )
    assert made.json()["state"] == "draft"
    assert manager.get("policies/").json()["count"] == 0
    version = director.get(f"policy-versions/?policy={made.json()['id']}").json()["results"][0]
    read = director.get(f"policy-versions/{version['id']}/")
    body = {"effective_on": "2026-01-01", "summary": "First."}
    published = director.post(f"policy-versions/{version['id']}/publish/", body, **marked(read))
    assert published.status_code == 200
    assert manager.get("policies/").json()["results"][0]["state"] == "published"
    assert manager.post("acknowledgements/", {"policy_version": version["id"]}).status_code == 201
    assert director.get("acknowledgements/").json()["count"] == 1
    assert browser(alder, "team_member").get("acknowledgements/").json()["count"] == 0
    assert PolicyVersion.objects.get(pk=version["id"]).acknowledgements.count() == 1
