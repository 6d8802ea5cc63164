"""People, roles, standards, views and the log of changes over the API."""

from __future__ import annotations

from pmo.models import Membership, User


def test_everybody_sees_their_organisation_and_its_standard(alder, birch, call):
    member = call(alder, "team_member")
    assert [row["slug"] for row in member.get("organisations/").json()["results"]] == ["alder"]
    assert member.get("phases/?ordering=order").json()["count"] == 5 + 4 + 6 + 3  # of the four shipped standards
    activities = member.get("activities/?obligation=mandatory").json()
    assert activities["count"] > 5
    assert {row["obligation"] for row in activities["results"]} == {"mandatory"}
    roles = member.get("roles/").json()
    assert {role["id"] for role in roles["results"]} >= {"pmo_director", "auditor"}


def test_a_person_is_named_and_renamed(alder, call):
    director = call(alder, "pmo_director")
    made = director.post("people/", {"name": "Nia New", "email": "nia@alder.example"})
    assert made.status_code == 201
    assert made.json()["user"] is None
    assert director.patch(f"people/{made.json()['id']}/", {"name": "Nia Newer"}).json()["name"] == "Nia Newer"
    assert director.patch(f"people/{made.json()['id']}/", {"user": "1"}).status_code == 400
    assert director.get("people/?search=newer").json()["count"] == 1


def test_an_administrator_lets_somebody_in_and_takes_the_role_away(alder, browser, call):
    admin = browser(alder, "administrator")
    made = admin.post("memberships/", {"email": "New@Alder.example", "name": "New", "role": "pmo_analyst"})
    assert made.status_code == 201, made.content
    assert not User.objects.get(email="new@alder.example").has_usable_password()
    assert admin.delete(f"memberships/{made.json()['id']}/").status_code == 204
    assert not Membership.objects.filter(user__email="new@alder.example").exists()
    own = Membership.objects.get(user=alder.people["administrator"])
    assert admin.delete(f"memberships/{own.pk}/").status_code == 403
    assert (
        call(alder, "administrator").post("memberships/", {"email": "x@y.example", "role": "auditor"}).status_code
        == 403
    )
    assert browser(alder, "pmo_analyst").get("memberships/").status_code == 403


def test_who_has_an_account_elsewhere_is_not_told(alder, birch, browser):
    admin = browser(alder, "administrator")
    known = admin.post("memberships/?dry_run=true", {"email": "dora@birch.example", "role": "auditor"})
    unknown = admin.post("memberships/?dry_run=true", {"email": "nobody@birch.example", "role": "auditor"})
    assert known.status_code == unknown.status_code == 200
    assert known.json()["result"].keys() == unknown.json()["result"].keys()


def test_a_view_is_saved_shared_and_forgotten(alder, browser):
    analyst, director = browser(alder, "pmo_analyst"), browser(alder, "pmo_director")
    view = {"listing": "projects", "name": "Late", "query": "?finish__lte=2026-10-31", "shared": False}
    made = analyst.post("saved-views/", view).json()
    assert made["query"] == "finish__lte=2026-10-31"
    path = f"saved-views/{made['id']}/"
    assert analyst.post("saved-views/", view).status_code == 409
    assert director.get(path).status_code == 404
    assert analyst.patch(path, {"shared": True}).json()["shared"] is True
    assert director.get(path).status_code == 200
    assert director.delete(path).status_code == 403
    assert analyst.delete(path).status_code == 204


def test_the_log_tells_who_did_what_to_whoever_may_read_it(alder, birch, call):
    call(alder, "pmo_director").post("people/", {"name": "Nia"})
    log = call(alder, "auditor").get("audit-events/?action=person.create").json()["results"]
    assert [(row["user_name"], row["label"]) for row in log] == [("Dora Alder", "Nia")]
    manager = call(alder, "project_manager").get("audit-events/").json()["results"]
    assert {row["project"] for row in manager} == {str(alder.project.pk)}
    assert call(alder, "pmo_analyst").get("audit-events/").status_code == 403
    admin = call(alder, "administrator").get("audit-events/?action=project.create").json()["results"]
    assert [(row["label"], row["after"]) for row in admin] == [("ALDER-1 Alder court retrofit", None)]
    paid = {"project": str(alder.project.pk), "amount": "1250.50", "incurred_on": "2026-03-31"}
    call(alder, "pmo_director").post("cost-entries/", paid)
    assert "1250.50" in call(alder, "auditor").get("audit-events/").content.decode()
    assert "1250.50" not in call(alder, "administrator").get("audit-events/").content.decode()
    assert "Birch" not in call(alder, "auditor").get("audit-events/?page_size=200").content.decode()
