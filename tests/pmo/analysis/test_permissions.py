"""The matrix: what it says, and that the page says the same."""

from __future__ import annotations

import pytest

from pmo.analysis.permission_table import BEGIN, END, PAGE, renewed
from pmo.analysis.permissions import GRANTS, MATRIX, READ_ONLY_ROLES, ROLES, SCOPES, Reach, reaches, scope_opens

# What changes something. Everything else only reads.
WRITES = {
    key
    for key in MATRIX
    if key.split(".")[1] not in ("view", "run", "own", "see") or key == "import.run"
}  # fmt: skip


def test_the_page_says_what_the_matrix_says() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == renewed(page), "run `python -m pmo.analysis.permission_table` and put it in docs/permissions.md"


@pytest.mark.parametrize("page", ["nothing", BEGIN, END])
def test_a_page_without_its_markers_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="lacks the marker"):
        renewed(page)


def test_whoever_makes_accounts_cannot_approve_spending() -> None:
    both = set(MATRIX["office.manage"].by_role) & set(MATRIX["budget.approve"].by_role)
    assert both == set()
    assert "administrator" not in MATRIX["money.view"].by_role


@pytest.mark.parametrize("action", sorted(WRITES - {"comment.write", "view.save"}))
def test_reading_roles_change_nothing(action: str) -> None:
    assert not READ_ONLY_ROLES & set(MATRIX[action].by_role)


@pytest.mark.parametrize("action", ["budget.approve", "office.manage", "token.own", "period.close"])
def test_no_token_decides_or_gives_rights(action: str) -> None:
    assert reaches(action, ROLES, {"*"}) == {}
    assert reaches(action, ROLES, set(SCOPES)) == {}


@pytest.mark.parametrize("scope", SCOPES)
def test_a_reading_scope_opens_nothing_that_writes(scope: str) -> None:
    opened = {key for key in WRITES if reaches(key, ROLES, {scope})}
    assert scope.endswith(":write") or opened <= set(), scope


def test_a_star_opens_its_family_alone() -> None:
    assert scope_opens({"costs:*"}, ("costs:write",))
    assert not scope_opens({"costs:*"}, ("finance:write",))
    assert not scope_opens({"costs"}, ("costs:write",))
    assert not scope_opens(set(), ("costs:write",))
    assert not scope_opens({"*"}, ())


def test_an_action_that_is_not_in_the_matrix_is_an_error_and_no_refusal() -> None:
    with pytest.raises(KeyError):
        reaches("budget.invent", ROLES)


def test_rights_of_several_roles_add_up_inside_one_organisation() -> None:
    assert reaches("cost.post", {"auditor", "project_manager"}) == {"project_manager": Reach.PR}
    assert reaches("project.view", {"auditor", "project_manager"}) == {
        "auditor": Reach.ORG,
        "project_manager": Reach.PR,
    }


def test_nobody_gives_a_role_above_their_own() -> None:
    for giver, given in GRANTS.items():
        if giver != "administrator":
            assert not given & {"administrator", "pmo_director", "pmo_analyst", "auditor"}, giver
            assert giver not in given
