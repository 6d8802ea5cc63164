"""Every operation of the API, as everybody, on everything: the answer is what the permission matrix says.

Made from the schema itself. 25 askers (nine roles in two organisations, tokens of every kind, somebody with a role in
each, nobody) times every operation times an own, an unassigned and a foreign object.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from pmo.models import ApiToken, Membership, PolicyVersion, StandardVersion
from pmo.services.tokens import token_revoke
from projects.models import ChangeRequest
from tests.api.bodies import ROWS, Row
from tests.api.operations import Operation, operations, schema
from tests.matrix import ACTORS, DEAD, WHICH, Who, house_of, leaks, readable
from tests.world import READ_SCOPES, WRITE_SCOPES, House, World, build, token_of, undone, writes

pytestmark = pytest.mark.django_db

BY_RESOURCE: dict[str, list[Operation]] = defaultdict(list)
for each in operations():
    BY_RESOURCE[each.resource].append(each)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Both houses, made once; every probe is undone."""
    with django_db_blocker.unblock(), undone():
        made = build()
        for who in ACTORS:  # whatever is kept must be made outside of what is undone
            headers_of(made, who)
        yield made


def headers_of(world: World, who: Who) -> dict[str, str]:
    """What the asker sends to be known. Tokens are made once."""
    house = world.house(who.house)
    if who.by == "double":
        return {"X-Organisation": who.house}
    if who.by in ("session", "anonymous"):
        return {}
    if str(who) not in house.tokens:
        house.tokens[str(who)] = f"Bearer {_token(house, who)}"
    return {"Authorization": house.tokens[str(who)]}


def _token(house: House, who: Who) -> str:
    role = "spare" if who.by == "roleless" else who.role
    text = token_of(house, role, list(who.scopes or WRITE_SCOPES))
    token = ApiToken.objects.get(prefix=text.split("_")[1])
    if who.by == "expired":
        ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now())
    elif who.by == "revoked":
        token_revoke(actor=house.cast.actor("pmo_director"), token_id=token.pk)
    elif who.by == "roleless":
        Membership.objects.filter(user=house.cast.people["spare"]).delete()
        house.keep("membership", "own", Membership.objects.filter(user=house.cast.people["colleague"]).first())
    return text


def ask(world: World, who: Who, operation: Operation, row: Row, which: str, query: str = "") -> Any:
    """One request, and whether it wrote. The object's key and body are of the house where the object lives."""
    at = house_of(world, who, which)
    key = which
    if row.spread == "personal":
        mine = who.role if who.role in at.objects[row.kind] else "pmo_director"
        key = {"own": mine, "foreign": "pmo_director"}.get(which, which)
    path = operation.path.replace("{id}", str(at.id(row.kind, key)) if row.kind in at.objects else "1")
    path = path.replace("{slug}", "cost-overrun").replace("{key}", "cv").replace("{month}", "2026-05")
    body = row.body(world.house(who.house) if operation.detail else at, key) if row.body else {}
    headers = headers_of(world, who)
    if row.version:
        headers["If-Match"] = f'"v{_version(row, at, key)}"'
    client = world.house(who.house).client(who.role) if who.by in ("session", "double") else Client()
    if row.query:
        query = "?" + urlencode(row.query(at, key))
    address = f"/api/v1/{path}{query}"
    if operation.method == "GET":
        return client.get(address, headers=headers)
    if row.form:
        return client.post(address, body, headers=headers)
    return client.generic(operation.method, address, json.dumps(body), content_type="application/json", headers=headers)


def _version(row: Row, at: House, key: str) -> int:
    if row.kind in ("rule", "period"):
        return 0
    if row.draft:
        drafts: Any = PolicyVersion if row.draft == "policy_draft" else StandardVersion
        return drafts.objects.get(pk=at.id(row.draft, key)).revision
    model = ChangeRequest if row.kind.startswith("change") else operation_model(row.kind)
    return model.objects.get(pk=at.id(row.kind, key)).version


RESOURCE_OF = {
    "project_activity": "project-activities",
    "project_deliverable": "project-deliverables",
    "deliverable_submitted": "project-deliverables",
    "review_draft": "gate-reviews",
    "review_ready": "gate-reviews",
}


def operation_model(kind: str) -> Any:
    """The model behind a kind of object with a version."""
    return BY_RESOURCE[RESOURCE_OF.get(kind) or f"{kind.split('_')[0]}s"][0].view.cls.queryset.model


def expected(who: Who, operation: Operation, row: Row, which: str) -> set[int]:
    """The statuses the matrix allows."""
    if who.dead:
        return {401}
    if not operation.detail or row.spread == "shipped":
        if not who.may(operation.action):
            return {403}
        if row.inside and not who.covers(operation.action, row.spread, which):
            return {400, 403}
        return {row.status}
    does = who.covers(operation.action, row.spread, which) or (which != "foreign" and also(who, row.also_does))
    sees = who.covers(operation.seeing, row.spread, which) or (which != "foreign" and also(who, row.also_sees))
    if row.spread == "whole":
        sees = who.covers(operation.seeing, "portfolio", which)
    if not sees:
        return {404}
    if row.draft and not does:
        return {403, 404}
    if operation.method == "GET" and operation.action == operation.seeing:
        return {row.status}
    return {row.status} if does else {403, 404} if row.spread == "personal" else {403}


def also(who: Who, action: str) -> bool:
    return bool(action) and who.may(action)


def problems_of(world: World, who: Who, operation: Operation, row: Row, which: str) -> list[str]:
    wanted = expected(who, operation, row, which)
    with undone(), writes() as written:
        answer = ask(world, who, operation, row, which)
    found = leaks(world, who, answer)
    said = f"{operation.key} on {which}: "
    problems = [f"{said}shows {word}" for word in found]
    if answer.status_code not in wanted:
        problems.append(f"{said}{answer.status_code} instead of {sorted(wanted)}: {answer.said[:300]}")
    if answer.status_code >= 400 and written:
        problems.append(f"{said}was refused but wrote {written}")
    if operation.method == "GET" and written:
        problems.append(f"{said}is a GET and wrote {written}")
    return problems


def test_every_operation_has_a_row_and_every_row_an_operation():
    known = {operation.key for operation in operations()}
    assert known - set(ROWS) == set(), "give each of these a row in tests/api/bodies.py"
    assert set(ROWS) - known == set(), "rows of operations that are gone"


@pytest.mark.parametrize("resource", sorted(BY_RESOURCE))
@pytest.mark.parametrize("who", ACTORS, ids=str)
def test_an_operation_answers_as_the_matrix_says(world, who, resource):
    problems = []
    for operation in BY_RESOURCE[resource]:
        row = ROWS[operation.key]
        for which in WHICH if operation.detail or row.inside else ("own",):
            problems += problems_of(world, who, operation, row, which)
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("who", [who for who in ACTORS if who.by != "session" or who.house == "alder"], ids=str)
def test_a_download_and_a_search_show_no_more_than_the_list(world, who):
    problems = []
    for operation in operations():
        if operation.name != "list" or getattr(operation.view.cls, "listing", None) is None:
            continue
        row = ROWS[operation.key]
        reads = who.may(operation.action) and not who.dead
        exports = reads and who.may("export.run")
        refused = 401 if who.dead else 403
        queries = {"?format=csv": exports, "?format=xlsx": exports, "?page_size=200": reads}
        if operation.view.cls.listing.search:
            queries["?search=a"] = reads
        for query, allowed in queries.items():
            with undone(), writes() as written:
                answer = ask(world, who, operation, row, "own", query)
                found = leaks(world, who, answer)
            problems += [f"{operation.key}{query} shows {word}" for word in found]
            if (answer.status_code == 200) != allowed or (not allowed and answer.status_code != refused) or written:
                problems.append(f"{operation.key}{query}: {answer.status_code}, wrote {written}: {answer.said[:200]}")
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("by", ["session", "token"])
def test_naming_an_organisation_without_a_role_there_is_not_found(world, by):
    who = Who("alder", "pmo_director", by, tuple(WRITE_SCOPES) if by == "token" else None)
    client = world.alder.client("pmo_director") if by == "session" else Client()
    answers = []
    for named in ("birch", "nowhere", "", "ALDER"):
        headers = {**headers_of(world, who), "X-Organisation": named}
        answer = client.get("/api/v1/projects/", headers=headers)
        assert leaks(world, who, answer) == []
        answers.append((answer.status_code, answer.json()["errors"]))
    assert {status for status, _errors in answers} == {404}
    assert answers[0] == answers[1], "one that exists answers as one that does not"


def test_who_works_for_two_organisations_says_for_which_and_keeps_them_apart(world):
    client = world.alder.client("double")
    assert client.get("/api/v1/projects/").status_code == 400
    own, foreign = world.alder.id("project", "own"), world.birch.id("project", "own")
    in_alder, in_birch = {"X-Organisation": "alder"}, {"X-Organisation": "birch"}
    assert client.get(f"/api/v1/projects/{own}/", headers=in_alder).status_code == 200
    assert client.get(f"/api/v1/projects/{foreign}/", headers=in_alder).status_code == 404
    assert client.get(f"/api/v1/projects/{foreign}/", headers=in_birch).status_code == 200
    assert client.get(f"/api/v1/projects/{own}/", headers=in_birch).status_code == 404
    body = json.dumps({"project": str(foreign), "amount": "5.00", "incurred_on": "2026-03-01"})
    for header, status in ((in_alder, 400), (in_birch, 403)):  # a director there, an auditor here
        with undone():
            posted = client.post("/api/v1/cost-entries/", body, content_type="application/json", headers=header)
        assert posted.status_code == status, posted.content


@pytest.mark.parametrize("key", sorted(key for key, row in ROWS.items() if row.inside))
def test_a_reference_to_something_foreign_is_refused_as_one_to_nothing(world, key):
    operation = next(operation for operation in operations() if operation.key == key)
    who, row = Who("alder", "pmo_director"), ROWS[key]
    answers = []
    for at, which in ((world.birch, "own"), (None, "nothing")):
        body = row.body(at or world.birch, which if at else "own")
        if at is None:
            field = next(iter(body))
            body[field] = ["987654321"] if isinstance(body[field], list) else "987654321"
        with undone():
            answer = world.alder.client(who.role).post(
                f"/api/v1/{operation.path}", json.dumps(body), content_type="application/json"
            )
        answers.append((answer.status_code, re.sub(r"\d+", "N", readable(answer))))
    assert answers[0] == answers[1]
    assert answers[0][0] in (400, 403)


def test_the_schema_tells_nothing_of_anybody(world):
    text = json.dumps(schema(), default=str)
    for word in ("Alder", "Birch", "alder", "birch"):
        assert word not in text


def test_the_schema_is_served_the_same_to_nobody_and_to_somebody(world):
    nobody = Client().get("/api/v1/schema/").content
    assert world.alder.client("pmo_director").get("/api/v1/schema/").content == nobody


def test_what_does_not_exist_is_refused_as_what_is_foreign(world):
    client = world.alder.client("pmo_director")
    for operation in operations():
        if operation.method != "GET" or not operation.path.endswith("{id}/"):
            continue
        foreign = world.birch.id(ROWS[operation.key].kind, "own")
        answers = {
            client.get(f"/api/v1/{operation.path.replace('{id}', str(key))}").content for key in (foreign, 987654321)
        }
        assert len(answers) == 1, operation.key


def test_every_kind_of_asker_that_is_nobody_is_tried():
    assert {who.by for who in ACTORS if who.dead} == set(DEAD)
    assert {who.scopes for who in ACTORS} >= {tuple(READ_SCOPES), tuple(WRITE_SCOPES)}
