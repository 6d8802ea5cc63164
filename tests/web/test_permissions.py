"""Every page, as everybody, on everything, read and posted to: the answer is what the permission matrix says.

Made from the resolver. Pages, fragments that pages ask for again and again, side panels, downloads and forms alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from pmo.analysis.permissions import ROLES
from pmo.kit.site_map import Address, addresses
from tests.matrix import DOUBLE, Who, leaks
from tests.web.pages import PAGES, Page
from tests.world import World, build, undone, writes

pytestmark = pytest.mark.django_db

OFFICE = {address.name: address for address in addresses() if address.pattern.startswith("/o/")}
SOMEBODY = [*(Who("alder", role) for role in ROLES), *DOUBLE]
NOBODY = Who("alder", "pmo_director", "anonymous")
HTMX = {"HX-Request": "true", "HX-Target": "panel-body"}
LISTED = ("?format=csv", "?format=xlsx", "?search=a", "?q=heating", "?q=vault")
ASKED = ("?as_of=2026-10-31", "?stamp=x&state=x")
WHICH = ("own", "unassigned", "foreign", "elsewhere")


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Both houses, made once; every probe is undone."""
    with django_db_blocker.unblock(), undone():
        yield build()


def probe(world: World, who: Who, name: str, which: str) -> tuple[str, dict[str, Any]]:
    """The address and the form. A foreign object is asked for in one's own organisation, elsewhere in its own."""
    page = PAGES[name]
    at = world.other(who.house) if which in ("foreign", "elsewhere") else world.house(who.house)
    key = which if which == "unassigned" else "own"
    personal = key
    if page.spread == "personal" and key == "own":
        personal = who.role if which == "own" and who.role in at.objects.get(page.kind, {}) else "pmo_director"
    known = {
        "org": world.other(who.house).slug if which == "elsewhere" else who.house,
        "code": at.id("annex_code" if page.kind == "budget_submitted" else "project_code", key),
        "pk": at.id(page.kind, personal) if page.kind else 1,
        "slug": "cost-overrun",
        "batch": f"{at.slug}batch",
        "key": "cv",
        **page.args,
    }
    pattern = OFFICE[name].pattern
    wanted = {part: value for part, value in known.items() if f":{part}>" in pattern or f"<{part}>" in pattern}
    return reverse(name, kwargs=wanted), page.post(at, key) if page.post else {}


def client_of(world: World, who: Who) -> Client:
    return Client() if who.dead else world.house(who.house).client(who.role)


def expected(who: Who, address: Address, page: Page, which: str, method: str) -> set[int]:
    """The statuses the matrix allows."""
    if who.dead:
        return {302}
    if which == "elsewhere":
        return {404}
    assert address.actions is not None
    if method not in address.actions:
        return {405}
    action = address.actions[method]
    if not who.may(action):
        return {403}
    if method == "GET" and page.only_posts:
        return {302, 405}
    fine = {200, 204} if method == "GET" else {200, 204, 302, 422, 400, 409} if page.lenient else {200, 204, 302}
    if page.inside:
        return fine if method == "GET" or who.covers(action, page.spread, which) else {403, 404, 422}
    if page.spread in ("org", "shipped") and not (page.kind and which == "foreign"):
        return fine
    if page.spread == "personal" and not page.kind:
        return fine
    if page.seeing and not who.covers(page.seeing, page.spread, which) and not _also(who, page, which):
        return {404, 403}
    if who.covers(action, page.spread, which) or _also(who, page, which):
        return fine
    return {403, 404}


def _also(who: Who, page: Page, which: str) -> bool:
    return bool(page.also_does) and which != "foreign" and who.may(page.also_does)


def problems_of(world: World, who: Who, name: str, which: str, method: str) -> list[str]:
    page = PAGES[name]
    path, body = probe(world, who, name, which)
    wanted = expected(who, OFFICE[name], page, which, method)
    client = client_of(world, who)
    send = partial(client.get, path) if method == "GET" else partial(client.post, path, body)
    with undone(), writes() as written:
        answer = send()
        found = leaks(world, who, answer, ignore=said_by(world, who, path))
    problems = [f"{method} {name} on {which} shows {word}" for word in found]
    lasting = [entry for entry in written if "django_session" not in entry]
    if answer.status_code not in wanted:
        said = getattr(answer, "said", "")
        problems.append(f"{method} {name} on {which}: {answer.status_code} instead of {sorted(wanted)}: {said[-400:]}")
    if lasting and (method == "GET" or answer.status_code >= 400 or who.dead):
        problems.append(f"{method} {name} on {which}: {answer.status_code}, but wrote {lasting}")
    if answer.status_code == 302 and who.dead and "/accounts/login/" not in answer["Location"]:
        problems.append(f"{method} {name} sends a stranger to {answer['Location']}")
    return problems


def said_by(world: World, who: Who, path: str) -> list[str]:
    """What an answer may repeat: the code in the address asked for; to who works for both, the other one's name."""
    other = world.other(who.house)
    code = [other.canary.upper()] if other.canary.upper() in path else []
    return [*code, other.cast.organisation.name] if who.role == "double" else code


def test_every_page_has_a_row_and_every_row_a_page():
    assert set(OFFICE) - set(PAGES) == set(), "give each of these a row in tests/web/pages.py"
    assert set(PAGES) - set(OFFICE) == set(), "rows of pages that are gone"


@pytest.mark.parametrize("name", sorted(OFFICE))
@pytest.mark.parametrize("who", [*SOMEBODY, NOBODY], ids=str)
def test_a_page_answers_as_the_matrix_says(world, who, name):
    page = PAGES[name]
    addressed = page.kind or page.inside or "<code:code>" in OFFICE[name].pattern
    problems = []
    whiches = WHICH if addressed and not who.dead else ("own", "elsewhere")
    for which in whiches[:-1] if who.role == "double" else whiches:
        for method in ("GET", "POST"):
            problems += problems_of(world, who, name, which, method)
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("name", sorted(name for name in OFFICE if not PAGES[name].only_posts))
def test_a_fragment_a_download_and_a_search_show_no_more_than_the_page(world, name):
    problems = []
    for who in SOMEBODY:
        path, _body = probe(world, who, name, "own")
        queries = ASKED if "<code:" in OFFICE[name].pattern and name != "projects:ledger" else (*LISTED, *ASKED)
        tries: list[tuple[str, Mapping[str, str]]] = [(path, HTMX), *((path + query, {}) for query in queries)]
        for address, headers in tries:
            with undone(), writes() as written:
                answer = client_of(world, who).get(address, headers=headers)
                found = leaks(world, who, answer, ignore=said_by(world, who, path))
            problems += [f"{who}: {address} shows {word}" for word in found]
            if answer.status_code >= 500:
                problems.append(f"{who}: {address}: {answer.status_code}")
            if "attachment" in answer.get("Content-Disposition", "") and not _may_download(who, name):
                problems.append(f"{who}: {address} is a download")
            if [entry for entry in written if "django_session" not in entry]:
                problems.append(f"{who}: {address} wrote {written}")
    assert not problems, "\n".join(problems)


def _may_download(who: Who, name: str) -> bool:
    return who.may("export.run") or (name == "projects:import-rejects" and who.may("import.run"))


@pytest.mark.parametrize("name", sorted(name for name, address in OFFICE.items() if "POST" in (address.actions or {})))
def test_a_form_without_its_token_changes_nothing(world, name):
    careful = Client(enforce_csrf_checks=True)
    careful.cookies = world.alder.client("pmo_director").cookies
    path, body = probe(world, Who("alder", "pmo_director"), name, "own")
    with undone(), writes() as written:
        answer = careful.post(path, body)
    assert answer.status_code == 403
    assert [entry for entry in written if "django_session" not in entry] == []


def test_a_finding_is_acted_on_in_every_way_by_those_who_may_and_nobody_else(world):
    """The five acts share one address."""
    bodies = {
        "acknowledge": {}, "treat": {}, "assign": {"owner": world.alder.id("person", "own")},
        "suppress": {"until": "2099-01-01", "reason": "Known."}, "reopen": {},
    }  # fmt: skip
    for act, body in bodies.items():
        for role in ROLES:
            who = Who("alder", role)
            for which in ("own", "unassigned"):
                pk = world.alder.id("finding", which)
                with undone(), writes() as written:
                    answer = client_of(world, who).post(f"/o/alder/findings/{pk}/{act}/", body)
                allowed = who.covers("finding.resolve", "project", which)
                assert (answer.status_code in (200, 302)) == allowed, f"{role} {act} {which}: {answer.status_code}"
                assert allowed or not [entry for entry in written if "django_session" not in entry]
