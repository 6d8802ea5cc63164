"""The permission matrix, as data. Pure: what a role may do, how far it reaches, and which token scope opens it.

Reach: ORG the whole organisation; PF the portfolios one is assigned to; PR the projects one is assigned to;
OWN one's own rows. A role absent from an action's row may not do it. Source: the project's permission table in
docs/permissions.md, which a test compares with this one.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple


class Reach(StrEnum):
    ORG = "org"
    PF = "pf"
    PR = "pr"
    OWN = "own"


class Action(NamedTuple):
    """One line of the matrix: reach by role; the token scopes, any of which opens it (none: never by token)."""

    by_role: MappingProxyType[str, Reach]
    scopes: tuple[str, ...]
    says: str


ROLES: Final = (
    "administrator",
    "pmo_director",
    "pmo_analyst",
    "portfolio_manager",
    "project_manager",
    "budget_owner",
    "team_member",
    "stakeholder",
    "auditor",
)
ORG, PF, PR, OWN = Reach.ORG, Reach.PF, Reach.PR, Reach.OWN


def _row(says: str, reaches: tuple[Reach | None, ...], *scopes: str) -> Action:
    by_role = {role: reach for role, reach in zip(ROLES, reaches, strict=True) if reach is not None}
    return Action(MappingProxyType(by_role), scopes, says)


#                                                      admin director analyst pf-mgr pm  b-owner team  stakeh auditor
MATRIX: Final[MappingProxyType[str, Action]] = MappingProxyType(
    {
        "project.view": _row(
            "See projects and their status", (ORG, ORG, ORG, PF, PR, PR, PR, PR, ORG), "projects:read"
        ),
        "portfolio.view": _row(
            "See portfolios and programmes", (ORG, ORG, ORG, PF, PR, PR, PR, PR, ORG), "portfolio:read", "projects:read"
        ),
        "portfolio.manage": _row(
            "Create and change portfolios and programmes", (ORG, ORG, *[None] * 7), "portfolio:write"
        ),
        "money.view": _row(
            "See cost and budget figures", (None, ORG, ORG, PF, PR, PR, None, None, ORG), "finance:read", "costs:read"
        ),
        "rates.view": _row("See rates and salaries", (None, ORG, None, None, None, PR, OWN, None, ORG)),
        "project.create": _row("Create projects", (ORG, ORG, None, PF, None, None, None, None, None), "projects:write"),
        "project.archive": _row(
            "Archive projects", (ORG, ORG, None, PF, None, None, None, None, None), "projects:write"
        ),
        "project.edit": _row(
            "Edit plan, progress and risks", (None, ORG, ORG, PF, PR, None, None, None, None), "projects:write"
        ),
        "project.move": _row(
            "Move projects between portfolios", (None, ORG, None, PF, None, None, None, None, None), "projects:write"
        ),
        "cost.post": _row("Post cost", (None, ORG, ORG, PF, PR, PR, None, None, None), "costs:write"),
        "cost.reverse": _row("Reverse a posting", (None, ORG, ORG, None, None, PR, None, None, None), "costs:write"),
        "budget.propose": _row(
            "Propose budgets", (None, ORG, ORG, PF, PR, PR, None, None, None), "finance:write", "costs:write"
        ),
        "budget.approve": _row("Approve budgets", (None, ORG, None, PF, None, PR, None, None, None)),
        "change.propose": _row(
            "Propose change requests", (None, ORG, ORG, PF, PR, PR, None, None, None), "finance:write", "costs:write"
        ),
        "change.decide": _row("Decide on change requests", (None, ORG, None, PF, None, PR, None, None, None)),
        "rate.view": _row(
            "See exchange rates", (None, ORG, ORG, ORG, ORG, ORG, None, None, ORG), "finance:read", "costs:read"
        ),
        "rate.edit": _row("Record exchange rates", (None, ORG, ORG, *[None] * 6), "finance:write"),
        "period.close": _row("Close and reopen periods", (None, ORG, *[None] * 7)),
        "import.run": _row("Import in bulk", (None, ORG, ORG, PF, PR, None, None, None, None), "imports:write"),
        "export.run": _row(
            "Export what one sees",
            (None, ORG, ORG, PF, PR, PR, OWN, PR, ORG),
            *("projects:read", "finance:read", "costs:read", "portfolio:read", "standards:read", "audit:read"),
        ),
        "finding.view": _row(
            "See findings and their evidence",
            (None, ORG, ORG, PF, PR, PR, None, None, ORG),
            "portfolio:read",
            "finance:read",
        ),
        "finding.resolve": _row("Act on findings", (None, ORG, ORG, PF, PR, None, None, None, None), "portfolio:write"),
        "comment.write": _row("Comment", (None, ORG, ORG, PF, PR, PR, PR, PR, None), "projects:write"),
        "rule.view": _row(
            "See rules and tolerances", (ORG, ORG, ORG, ORG, ORG, ORG, None, None, ORG), "portfolio:read"
        ),
        "rule.configure": _row("Set rules and tolerances", (None, ORG, ORG, *[None] * 6), "portfolio:write"),
        "standard.view": _row(
            "See standards", (ORG, ORG, ORG, ORG, ORG, ORG, ORG, ORG, ORG), "standards:read", "projects:read"
        ),
        "compliance.view": _row(
            "See compliance with standards and policies",
            (ORG, ORG, ORG, PF, PR, PR, PR, None, ORG),
            "projects:read",
        ),
        "pack.run": _row(
            "Make and fetch evidence packs", (None, ORG, ORG, PF, PR, None, None, None, ORG), "projects:read"
        ),
        "responsibility.view": _row(
            "See who answers for what", (ORG, ORG, ORG, PF, PR, PR, PR, None, ORG), "projects:read"
        ),
        "responsibility.edit": _row(
            "Say who answers for what", (None, ORG, ORG, PF, PR, None, None, None, None), "projects:write"
        ),
        "responsibility.handover": _row("Hand all that a person answers for to another", (None, ORG, ORG, *[None] * 6)),
        "standard.edit": _row("Write drafts of standards and tiers", (None, ORG, ORG, *[None] * 6), "standards:write"),
        "standard.publish": _row("Publish and retire standards and tiers", (None, ORG, *[None] * 7)),
        "policy.view": _row("Read policies and procedures", (ORG,) * 9, "standards:read", "projects:read"),
        "policy.edit": _row("Write drafts of policies", (None, ORG, ORG, *[None] * 6), "standards:write"),
        "policy.publish": _row("Publish and withdraw policies", (None, ORG, *[None] * 7)),
        "policy.acknowledge": _row("Acknowledge policies that bind one", (*(OWN,) * 7, None, None)),
        "acknowledgement.view": _row(
            "See who has acknowledged", (OWN, ORG, ORG, OWN, OWN, OWN, OWN, OWN, ORG), "standards:read"
        ),
        "checklist.edit": _row(
            "Work on the checklist, hand in deliverables, write lessons",
            (None, ORG, ORG, PF, PR, None, PR, None, None),
            "projects:write",
        ),
        "tailoring.edit": _row(
            "Assess complexity, accept another tier", (None, ORG, ORG, PF, PR, None, None, None, None), "projects:write"
        ),
        "deliverable.decide": _row("Accept or return deliverables", (None, ORG, ORG, PF, PR, None, None, None, None)),
        "gate.prepare": _row(
            "Prepare and hand in gate reviews", (None, ORG, ORG, PF, PR, None, None, None, None), "projects:write"
        ),
        "gate.decide": _row("Speak in gate reviews where one is asked", (None, ORG, ORG, PF, PR, PR, PR, None, None)),
        "waiver.ask": _row("Ask for waivers", (None, ORG, ORG, PF, PR, None, None, None, None), "projects:write"),
        "waiver.decide": _row("Grant, refuse and revoke waivers", (None, ORG, None, PF, None, None, None, None, None)),
        "standard.move": _row("Move projects to another version of a standard", (None, ORG, ORG, *[None] * 6)),
        "skill.view": _row(
            "See skills, and the levels of oneself or of those one answers for",
            (OWN, ORG, ORG, PF, OWN, OWN, OWN, OWN, ORG),
            "standards:read",
        ),
        "skill.edit": _row(
            "Keep frameworks of skills and their benchmarks", (None, ORG, ORG, *[None] * 6), "standards:write"
        ),
        "skill.assess": _row(
            "Assess skills, enter certificates, plan development",
            (OWN, ORG, ORG, PF, OWN, OWN, OWN, None, None),
            "standards:write",
        ),
        "skill.peer": _row("Judge colleagues when asked as a peer", (*(OWN,) * 7, None, None)),
        "fit.view": _row(
            "See how the lead of a project fits it, and who else could lead",
            (None, ORG, ORG, PF, PR, None, None, None, ORG),
            "projects:read",
        ),
        "stakeholder.view": _row(
            "See who has an interest in a project, and what is to be told to whom",
            (None, ORG, ORG, PF, PR, PR, PR, None, ORG),
            "projects:read",
        ),
        "stakeholder.edit": _row(
            "Keep the register of stakeholders and the communication plan",
            (None, ORG, ORG, PF, PR, None, None, None, None),
            "projects:write",
        ),
        "communication.send": _row(
            "Say that a message was sent or left out (team members: those they are responsible for)",
            (None, ORG, ORG, PF, PR, None, PR, None, None),
            "projects:write",
        ),
        "document.view": _row(
            "Read approved documents of projects", (None, ORG, ORG, PF, PR, PR, PR, PR, ORG), "projects:read"
        ),
        "draft.view": _row(
            "Read documents that are not approved yet", (None, ORG, ORG, PF, PR, PR, PR, None, ORG), "projects:read"
        ),
        "document.edit": _row(
            "Write documents and hand them in", (None, ORG, ORG, PF, PR, *[None] * 4), "projects:write"
        ),
        "document.decide": _row("Approve or return documents", (None, ORG, ORG, PF, PR, *[None] * 4)),
        "people.view": _row("See who is who", (ORG, ORG, ORG, ORG, ORG, ORG, ORG, None, ORG), "projects:read"),
        "people.manage": _row(
            "Add and change people", (ORG, ORG, ORG, None, None, None, None, None, None), "projects:write"
        ),
        "office.view": _row("See users, roles and settings", (ORG, ORG, *[None] * 6, ORG)),
        "office.manage": _row("Change users, roles and settings", (ORG, *[None] * 8)),
        "organisation.view": _row(
            "See the organisation's name and settings", (ORG,) * 9, "projects:read", "portfolio:read", "finance:read"
        ),
        "token.own": _row("Have API tokens of one's own", (OWN,) * 9),
        "token.view": _row("See the names of the organisation's tokens", (ORG, *[None] * 7, ORG)),
        "audit.view": _row("See the log of changes", (ORG, ORG, None, None, PR, PR, None, None, ORG), "audit:read"),
        "view.see": _row("See saved views of lists", (OWN,) * 9, "projects:read"),
        "view.save": _row("Save views of lists", (OWN,) * 9, "projects:write"),
    }
)

# Reading roles: their own tokens can never write, whatever scope is asked for.
READ_ONLY_ROLES: Final = frozenset({"stakeholder", "auditor"})

# Which roles may grant which: up to, never above, one's own; never to oneself.
GRANTS: Final[MappingProxyType[str, frozenset[str]]] = MappingProxyType(
    {
        "administrator": frozenset(ROLES),
        "pmo_director": frozenset({"project_manager", "portfolio_manager"}),
        "portfolio_manager": frozenset({"project_manager", "budget_owner", "team_member", "stakeholder"}),
        "project_manager": frozenset({"team_member", "stakeholder"}),
    }
)

SCOPES: Final = tuple(sorted({scope for action in MATRIX.values() for scope in action.scopes}))


def scope_opens(granted: Iterable[str], wanted: Iterable[str]) -> bool:
    """Does any granted token scope open any of the wanted ones? `costs:*` opens every `costs:` scope, `*` all."""
    granted_set = set(granted)
    if "*" in granted_set:
        return bool(tuple(wanted))
    return any(scope in granted_set or f"{scope.split(':')[0]}:*" in granted_set for scope in wanted)


def reaches(action: str, roles: Iterable[str], scopes: Iterable[str] | None = None) -> dict[str, Reach]:
    """The reach of each of `roles` for `action`; empty where it is refused.

    `scopes` None is a signed-in person; otherwise a token, which also needs one of the action's scopes.
    Raises KeyError for an action that the matrix does not know: a door cannot invent one.
    """
    row = MATRIX[action]
    if scopes is not None and not scope_opens(scopes, row.scopes):
        return {}
    return {role: row.by_role[role] for role in roles if role in row.by_role}
