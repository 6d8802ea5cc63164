"""Rights of several roles: they add up in one organisation, each as far as it reaches, and never across two."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from pmo.kit.site_map import addresses
from pmo.models import Membership, Person, User
from projects.models import Project, ProjectMember
from tests.api.bodies import ROWS
from tests.api.operations import operations
from tests.matrix import readable
from tests.web.pages import PAGES
from tests.world import SECRET_SHOWN, House, World, build, undone

pytestmark = pytest.mark.django_db
LISTED = [operation for operation in operations() if operation.name == "list"]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), undone():
        yield build()


def joins(house: House, user: User, *roles: str) -> Person:
    for role in roles:
        Membership.objects.create(organisation=house.cast.organisation, user=user, role=role)
    person, _made = Person.objects.get_or_create(
        organisation=house.cast.organisation, user=user, defaults={"name": f"{user.name} {house.canary}"}
    )
    return person


@pytest.fixture
def twin(world: World) -> Client:
    """Manages a project in each of two organisations."""
    user = User.objects.create(email="twin@both.example", name="Twin")
    for house in (world.alder, world.birch):
        person = joins(house, user, "project_manager")
        Project.objects.filter(pk=house.id("project", "own")).update(project_manager=person, sponsor=person)
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("operation", LISTED, ids=lambda operation: operation.resource)
def test_who_manages_projects_in_two_organisations_sees_those_of_the_one_they_act_in(world, twin, operation):
    answer = twin.get(f"/api/v1/{operation.path}", headers={"X-Organisation": "alder"})
    assert answer.status_code in (200, 403)
    said = readable(answer)
    assert world.birch.canary not in said
    assert world.birch.canary.upper() not in said


@pytest.mark.parametrize("key", sorted(key for key in ROWS if key.startswith("GET") and key.endswith("{id}/")))
def test_who_manages_projects_in_two_organisations_opens_nothing_of_the_other(world, twin, key):
    path = key.removeprefix("GET ").replace("{id}", str(world.birch.id(ROWS[key].kind, "own")))
    assert twin.get(f"/api/v1/{path}", headers={"X-Organisation": "alder"}).status_code in (403, 404)


def test_what_is_ones_own_is_so_in_one_organisation_alone(world):
    client = world.alder.client("double")
    for resource, kind in (("tokens", "token"), ("saved-views", "saved_view")):
        for at, status in ((world.alder, 200), (world.birch, 404)):
            pk = at.objects[kind]["double"]
            assert client.get(f"/api/v1/{resource}/{pk}/", headers={"X-Organisation": "alder"}).status_code == status
        shown = client.get(f"/api/v1/{resource}/?page_size=200", headers={"X-Organisation": "alder"}).json()["results"]
        assert str(world.alder.objects[kind]["double"]) in {row["id"] for row in shown}
        assert str(world.birch.objects[kind]["double"]) not in {row["id"] for row in shown}


@pytest.fixture
def mixed(world: World) -> Client:
    """Manages one project, whose money they see; takes part in another, whose money they do not."""
    user = User.objects.create(email="mixed@alder.example", name="Mixed")
    house = world.alder
    person = joins(house, user, "project_manager", "team_member")
    ProjectMember.objects.create(
        organisation=house.cast.organisation, project_id=house.id("project", "own"), person=person, kind="team"
    )
    Project.objects.filter(pk=house.id("project_archived", "own")).update(project_manager=person, archived_at=None)
    client = Client()
    client.force_login(user)
    return client


def reads(world: World) -> list[str]:
    """Every page and every operation that reads, on the project one merely takes part in."""
    house, found = world.alder, []
    for address in addresses():
        page = PAGES.get(address.name)
        if page is not None and not page.only_posts:
            known: dict[str, Any] = {
                "org": house.slug, "code": house.id("project_code", "own"), "slug": "cost-overrun", "key": "cv",
                "pk": house.id(page.kind, "own") if page.kind else 1,
                "batch": f"{house.slug}batch",
            }  # fmt: skip
            parts = {name: value for name, value in known.items() if re.search(rf"[:<]{name}>", address.pattern)}
            found.append(reverse(address.name, kwargs={**parts, **page.args}))
    for operation in operations():
        if operation.method == "GET":
            kind = ROWS[operation.key].kind
            key = str(house.id(kind, "own")) if kind in house.objects else "1"
            path = operation.path.replace("{id}", key).replace("{slug}", "cost-overrun").replace("{key}", "cv")
            found += [f"/api/v1/{path}"] + [f"/api/v1/{path}?format=csv"] * (operation.name == "list")
    return [*found, "/o/alder/?format=csv", "/o/alder/?format=xlsx", "/o/alder/findings/?format=csv"]


def test_who_sees_the_money_of_one_project_does_not_see_that_of_another(world, mixed):
    """Both are in their lists; the amounts of one are not."""
    shown = mixed.get("/api/v1/projects/").json()["results"]
    assert len(shown) == 2
    found = []
    for path in reads(world):
        answer = mixed.get(path)
        if re.search(SECRET_SHOWN, readable(answer)):
            found.append(path)
        assert answer.status_code < 500, path
    assert found == []
