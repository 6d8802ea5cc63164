"""Search and commands: what one may see, and nothing else."""

import pytest

from tests.conftest import Cast

SEARCH = "/o/alder/search/"


def test_a_project_is_found_by_name_and_code(alder: Cast) -> None:
    client = alder.client("team_member")
    for text in ("retrofit", "alder-1", "COURT retro"):
        page = client.get(SEARCH, {"q": text}, headers={"HX-Request": "true"}).content.decode()
        assert 'href="/o/alder/projects/ALDER-1/"' in page, text
        assert "<html" not in page


def test_nothing_of_another_organisation_is_found(alder: Cast, birch: Cast) -> None:
    page = alder.client("pmo_director").get(SEARCH, {"q": "birch"}).content.decode()
    assert "BIRCH-1" not in page and "birch.example" not in page
    assert "Nothing here is called “birch”." in page


def test_commands_are_those_one_may_use(alder: Cast) -> None:
    assert "New project" in alder.client("pmo_director").get(SEARCH, {"q": "new"}).content.decode()
    assert "projects/new/" not in alder.client("auditor").get(SEARCH, {"q": "new"}).content.decode()


def test_people_are_found_by_who_may_see_them(alder: Cast) -> None:
    assert "Bea Alder" in alder.client("auditor").get(SEARCH, {"q": "bea"}).content.decode()
    assert "Bea Alder" not in alder.client("stakeholder").get(SEARCH, {"q": "bea"}).content.decode()


@pytest.mark.parametrize("text", ["'; drop table--", "<script>alert(1)</script>", "%", "_", "\\", "😀"])
def test_odd_text_is_only_text(alder: Cast, text: str) -> None:
    answer = alder.client("pmo_director").get(SEARCH, {"q": text})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_text_too_long_is_refused(alder: Cast) -> None:
    assert alder.client("pmo_director").get(SEARCH, {"q": "x" * 201}).status_code == 400


def test_search_takes_few_statements(alder: Cast, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    client = alder.client("pmo_director")
    with django_assert_max_num_queries(8):
        client.get(SEARCH, {"q": "alder"}, headers={"HX-Request": "true"})
