"""What the matrix asks of each page. A new page needs a row here: without one the suite fails.

A row says what kind of object stands in the address, over what a right spreads there, and what a form sends. Pages are
known by their address names; the right to read and the right to post are those the page itself declares.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from pmo.models import Benchmark, PolicyVersion, StandardVersion
from pmo.selectors.skills import benchmarks_seen
from projects.models import Budget, ChangeRequest, Project
from projects.selectors.ownership import letters_of, seen_of
from tests.world import House

Body = Callable[[House, str], dict[str, Any]]
NO_BODY: Body = lambda house, which: {}  # noqa: E731


@dataclass(frozen=True)
class Page:
    """`spread` as in tests/api/bodies.py. `inside`: the form names the object, not the address.

    `seeing`: the right by which the object is seen at all. `only_posts`: a GET merely leads back to where the form is.
    """

    spread: str = "org"
    kind: str = ""
    seeing: str = ""
    post: Body | None = None
    inside: bool = False
    only_posts: bool = False
    lenient: bool = False  # the form may come back with a question: what counts here is that nobody else gets in
    also_does: str = ""
    args: Mapping[str, str] = field(default_factory=dict)


def sends(**values: Any) -> Body:
    return lambda house, which: values


def decided(kind: str, **values: Any) -> Body:
    """A decision about a budget, with its version."""
    return lambda house, which: {"version": str(Budget.objects.get(pk=house.id(kind, which)).version), **values}


def turned(kind: str, **values: Any) -> Body:
    """A step of a change request, with its version."""
    return lambda house, which: {"version": str(ChangeRequest.objects.get(pk=house.id(kind, which)).version), **values}


def begun(house: House, which: str) -> dict[str, Any]:
    """A document from the template of the house."""
    return {"template": str(house.id("template", "own")), "name": "Begun"}


def new_project(house: House, which: str) -> dict[str, Any]:
    return {"name": "New", "code": "N-9", "portfolio": str(house.id("portfolio", which))}


def edited(house: House, which: str) -> dict[str, Any]:
    project = Project.objects.get(pk=house.id("project", which))
    owners = {role: getattr(project, f"{role}_id") or "" for role in ("project_manager", "sponsor", "budget_owner")}
    return {"version": str(project.version), "name": "Newer", "status": "active", **owners}


def ticked(house: House, which: str) -> dict[str, Any]:
    return {"ids": [str(house.id("finding", which))]}


def upload(house: House, which: str) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("costs.csv", b"project,amount,date\nX-1,12.00,2026-03-01\n", "text/csv")}


def drafted(kind: str = "standard_draft", /, **values: Any) -> Body:
    """A change of a draft, with its revision."""
    model: Any = PolicyVersion if kind == "policy_draft" else StandardVersion

    def body(house: House, which: str) -> dict[str, Any]:
        return {"revision": str(model.objects.get(pk=house.id(kind, which)).revision), **values}

    return body


def standard_file(house: House, which: str) -> dict[str, Any]:
    text = b"format: plumbline-standard-1\nslug: brought\nname: Brought\nphases:\n  - {key: one, name: One}\n"
    return {"file": SimpleUploadedFile("standard.yaml", text, "application/yaml")}


def packed(house: House, which: str) -> dict[str, Any]:
    return {"project": house.id("project_code", which)}


def lettered(house: House, which: str) -> dict[str, Any]:
    """The letter of the project's adviser, as it was seen a moment ago."""
    project = Project.objects.get(pk=house.id("project", which))
    return {"seen": seen_of(letters_of(project)), f"cell/project/{house.id('adviser', which)}": "A"}


def taken_over(house: House, which: str) -> dict[str, Any]:
    return {"to": str(house.id("person", "own"))}


def judged(house: House, which: str) -> dict[str, Any]:
    return {"assessed_on": "2026-01-01", "evidence": "Seen.", f"skill-{house.id('skill', 'own')}": "3"}


def asked(house: House, which: str) -> dict[str, Any]:
    return {"peer": str(house.id("skilled", "spare"))}


def developed(house: House, which: str) -> dict[str, Any]:
    return {"skill": str(house.id("skill", "own")), "target_level": "4", "text": "A course"}


def graded(house: House, which: str) -> dict[str, Any]:
    rows = Benchmark.objects.filter(skill=house.id("skill", "own"), role="project_manager")
    return {"seen": benchmarks_seen(rows), f"cell/{house.id('skill', 'own')}/1": "5"}


def skill_file(house: House, which: str) -> dict[str, Any]:
    head = "framework_key,framework_name,skill_key,skill_name,group,description,level,level_name,level_description"
    lines = [head, *(f"new,New,one,One,,,{level},L{level},Does {level}" for level in range(6))]
    return {"file": SimpleUploadedFile("skills.csv", "\n".join(lines).encode(), "text/csv")}


SKILLED = {"spread": "personal", "kind": "skilled", "seeing": "skill.view"}
SEEN = {"spread": "project", "seeing": "project.view"}
FINDING = {"spread": "project", "seeing": "finding.view", "kind": "finding"}
LINE = {"line0-amount": "5.00", "line0-category": "other", "line0-expense_type": "operating"}
ONCE = "0b9f2f34-3a0f-4d0e-9a55-6f6f2d1c7a11"
COST = {"kind": "actual", "amount": "5.00", "incurred_on": "2026-03-01", "category": "other", "once": ONCE}
RULE = {"enabled": "on", "severity": "low", "version": "0", "tolerance.percent": "9", "tolerance.severe_percent": "30"}

FIRST = {"version": "1"}  # of a row nobody changed yet
OWN = {"spread": "personal", "seeing": "view.save"}  # nobody sees another's, however far their right reaches
SOON = (date.today() + timedelta(days=30)).isoformat()


def ticked_on(house: House, which: str) -> dict[str, Any]:
    """The phase the project is in."""
    project = Project.objects.get(pk=house.id("project", which))
    return {"phase": str(project.phase_id), "version": str(project.version)}


def asked_for(house: House, which: str) -> dict[str, Any]:
    return {"what": f"gate-{house.id('project_gate', which)}", "reason": "Too small.", "expires_on": SOON}


def delegated(house: House, which: str) -> dict[str, Any]:
    return {"delegate": str(house.cast.person("colleague").pk), "starts_on": SOON, "ends_on": SOON}


def to_move(house: House, which: str) -> dict[str, Any]:
    return {"version": str(house.id("standard_version", "own")), "ids": [str(house.id("project", which))]}


PAGES: dict[str, Page] = {
    "portfolio:project-new-size": Page(**OWN, kind="sketch", post=NO_BODY, lenient=True),
    "portfolio:project-new-preview": Page(**OWN, kind="sketch", post=NO_BODY),
    "portfolio:project-new-forget": Page(**OWN, kind="sketch", post=NO_BODY, only_posts=True),
    "projects:plan": Page(**SEEN),
    "projects:plan-lay": Page(**SEEN, post=NO_BODY, only_posts=True, lenient=True),
    "projects:phase-enter": Page(**SEEN, post=ticked_on, only_posts=True),
    "projects:activity-new": Page(
        **SEEN,
        post=lambda house, which: {
            "name": "New",
            "phase": str(house.id("project_phase", which)),
            "obligation": "recommended",
        },
    ),
    "projects:plan-item": Page(
        **SEEN, kind="project_activity", post=sends(**FIRST, state="done"), args={"kind": "activity"}
    ),
    "projects:activity-tick": Page(**SEEN, kind="project_activity", post=sends(**FIRST), only_posts=True),
    "projects:deliverable-submit": Page(**SEEN, kind="project_deliverable", post=sends(**FIRST), only_posts=True),
    "projects:deliverable-decide": Page(
        **SEEN, kind="deliverable_submitted", post=sends(**FIRST, decision="accept"), only_posts=True, lenient=True
    ),
    "projects:evidence-new": Page(
        **SEEN,
        kind="project_activity",
        post=sends(url="https://example.org/a"),
        only_posts=True,
        args={"kind": "activity"},
    ),
    "projects:evidence-file": Page(**SEEN, kind="evidence_file"),
    "projects:evidence-withdraw": Page(**SEEN, kind="evidence", post=sends(reason="Wrong."), only_posts=True),
    "projects:gate": Page(**SEEN, kind="project_gate", post=NO_BODY),
    "projects:review": Page(**SEEN, kind="review_draft", post=sends(**FIRST, summary="Ready.")),
    "projects:review-verdict": Page(**SEEN, kind="gate_review", post=sends(verdict="pass"), only_posts=True),
    "projects:seat-revoke": Page(**SEEN, kind="gate_seat", post=sends(reason="Left."), only_posts=True),
    "projects:condition-met": Page(**SEEN, kind="gate_condition", post=NO_BODY, only_posts=True),
    "projects:tailoring": Page(**SEEN, post=NO_BODY, lenient=True),
    "projects:tailoring-accept": Page(**SEEN, kind="tailoring_change", post=NO_BODY, only_posts=True),
    "projects:tailoring-waive": Page(
        **SEEN, kind="tailoring_change", post=sends(reason="Nearly done."), only_posts=True
    ),
    "projects:waivers": Page(**SEEN),
    "projects:waiver-new": Page(**SEEN, post=asked_for),
    "projects:waiver": Page(**SEEN, kind="waiver", post=sends(**FIRST, decision="grant"), only_posts=True),
    "projects:closing": Page(**SEEN, post=sends(act="lesson", title="L", happened="H", advice="A")),
    "projects:close": Page(**SEEN, post=sends(**FIRST), only_posts=True, lenient=True),
    "projects:waiting": Page(post=delegated, lenient=True),
    "projects:delegation-end": Page(**OWN, kind="delegation", post=NO_BODY, only_posts=True),
    "projects:moves": Page(post=to_move, lenient=True),
    "projects:move": Page(kind="batch", post=NO_BODY),
    "portfolio:cockpit": Page(),
    "portfolio:rows": Page(),
    "portfolio:charts": Page(),
    "portfolio:search": Page(),
    "portfolio:view-save": Page("personal", post=sends(name="Mine", query=""), only_posts=True),
    "portfolio:view-delete": Page("personal", "saved_view", "view.save", NO_BODY, only_posts=True),
    "portfolio:project-new": Page("portfolio", post=new_project, inside=True),
    "portfolio:project": Page(**SEEN),
    "portfolio:project-live": Page(**SEEN),
    "portfolio:health": Page(**SEEN),
    "portfolio:findings": Page(),
    "portfolio:findings-acknowledge": Page("project", post=ticked, inside=True, only_posts=True),
    "portfolio:finding": Page(**FINDING),
    "portfolio:finding-comment": Page(**FINDING, post=sends(text="Seen."), only_posts=True),
    "portfolio:finding-act": Page(**FINDING, post=NO_BODY, only_posts=True, args={"act": "acknowledge"}),
    "portfolio:money": Page(),
    "portfolio:changed": Page(),
    "portfolio:scoreboard": Page(),
    "portfolio:changed-project": Page(**SEEN),
    "portfolio:compliance": Page(),
    "portfolio:compliance-trend": Page(),
    "portfolio:compliance-view-save": Page("personal", post=sends(name="Mine", query=""), only_posts=True),
    "portfolio:project-compliance": Page(**SEEN),
    "portfolio:packs": Page("project", post=packed, inside=True),
    "portfolio:pack": Page("personal", "pack_ready", "pack.run"),
    "portfolio:pack-cancel": Page("personal", "pack_queued", "pack.run", NO_BODY, only_posts=True),
    "portfolio:pack-file": Page("personal", "pack_ready", "pack.run"),
    "portfolio:project-skills": Page(**SEEN),
    "portfolio:skill-people": Page(),
    "portfolio:my-skills": Page("personal"),
    "portfolio:skill-person": Page(**SKILLED),
    "portfolio:skill-assess": Page(**SKILLED, post=judged),
    "portfolio:skill-ask": Page(**SKILLED, post=asked),
    "portfolio:skill-certificate": Page(**SKILLED, post=sends(name="Paper", issued_on="2026-01-01")),
    "portfolio:skill-develop": Page(**SKILLED, post=developed),
    "portfolio:skill-certificate-end": Page("personal", "certificate", "skill.view", NO_BODY, only_posts=True),
    "portfolio:skill-develop-turn": Page(
        "personal", "development", "skill.view", sends(version="1", state="done"), only_posts=True
    ),
    "portfolio:skill-peer": Page("personal", "peer_request", "skill.peer", judged),
    "portfolio:rules": Page(),
    "portfolio:rule": Page("shipped", post=sends(**RULE), only_posts=True),
    "projects:explain": Page(**SEEN),
    "projects:money": Page(**SEEN),
    "projects:phases": Page(
        **SEEN, post=lambda house, which: {"phase": str(house.id("project_phase", which)), "method": "percent"}
    ),
    "projects:ledger": Page(**SEEN),
    "projects:cost_post": Page(**SEEN, post=sends(**COST)),
    "projects:cost_reverse": Page(**SEEN, kind="cost_entry", post=sends(reason="Wrong project.")),
    "projects:budgets": Page(**SEEN),
    "projects:budget_new": Page(**SEEN, post=sends(label="Next", rows="1", **LINE)),
    "projects:budget_submit": Page(**SEEN, kind="budget_draft", post=decided("budget_draft"), only_posts=True),
    "projects:budget_approve": Page(**SEEN, kind="budget_submitted", post=decided("budget_submitted"), only_posts=True),
    "projects:budget_reject": Page(
        **SEEN, kind="budget_submitted", post=decided("budget_submitted", reason="Too much."), only_posts=True
    ),
    "projects:budget_copy": Page(**SEEN, kind="budget", post=sends(percent="0"), only_posts=True),
    "projects:budget_grid": Page(**SEEN, kind="budget_draft", post=decided("budget_draft", act="grid", grid="[]")),
    "projects:budget_diff": Page(**SEEN, args={"before": "1", "after": "2"}),
    "projects:changes": Page(**SEEN),
    "projects:change_new": Page(**SEEN, post=sends(title="New", reason="Why")),
    "projects:change": Page(
        **SEEN, kind="change_submitted", post=turned("change_submitted", decision="approve", reason="Good.")
    ),
    "projects:change_edit": Page(**SEEN, kind="change", post=turned("change", title="Newer", reason="Why")),
    "projects:change_submit": Page(**SEEN, kind="change", post=turned("change"), only_posts=True),
    "projects:change_withdraw": Page(**SEEN, kind="change", post=turned("change"), only_posts=True),
    "projects:activity": Page(**SEEN),
    "projects:progress": Page(**SEEN, post=sends(percent_complete="40", status_date="2026-10-02")),
    "projects:forecast": Page(**SEEN, post=sends(eac="9.00", status_date="2026-10-02")),
    "projects:etc": Page(**SEEN, post=sends(**{"status_date": "2026-10-02", "2026-11:other": "5.00"}), lenient=True),
    "projects:health": Page(**SEEN, post=sends(health="green", status_date="2026-10-02")),
    "projects:edit": Page(**SEEN, post=edited),
    "projects:responsibilities": Page(**SEEN, post=lettered),
    "projects:stakeholders": Page(**SEEN),
    "projects:stakeholder-new": Page(**SEEN, post=sends(name="Nia", interest="4", influence="2", stance="neutral")),
    "projects:stakeholder-edit": Page(
        **SEEN,
        kind="stakeholder",
        post=sends(version="1", name="Nia", interest="4", influence="2", stance="neutral"),
    ),
    "projects:stakeholder-remove": Page(**SEEN, kind="stakeholder", post=NO_BODY, only_posts=True),
    "projects:communication": Page(**SEEN),
    "projects:communication-new": Page(
        **SEEN, post=sends(message="News", channel="mail", cadence="weekly", starts_on="2026-01-05")
    ),
    "projects:communication-edit": Page(
        **SEEN,
        kind="communication",
        post=sends(version="1", message="News", channel="mail", cadence="weekly", starts_on="2026-01-05"),
    ),
    "projects:communication-stop": Page(**SEEN, kind="communication", post=NO_BODY, only_posts=True),
    "projects:communication-mark": Page(
        **SEEN, kind="communication", post=sends(due="2026-01-05", state="sent"), only_posts=True
    ),
    "projects:communications-due": Page(),
    "projects:documents": Page(**SEEN, post=begun),
    "projects:document": Page(**SEEN, kind="document", post=sends(version="1", act="save", body="Newer.")),
    "projects:document-decide": Page(
        **SEEN, kind="document_submitted", post=sends(version="1", decision="approve"), only_posts=True
    ),
    "projects:document-pdf": Page(**SEEN, kind="document", args={"number": "1"}),
    "pmo:document_templates": Page(post=sends(name="Own", body="Own {{ project.name }}")),
    "pmo:document_templates_shipped": Page(post=NO_BODY, only_posts=True),
    "pmo:document_template": Page(kind="template", post=sends(name="Newer", body="Newer.")),
    "projects:my-answers": Page(),
    "projects:person-answers": Page("org", "person", "responsibility.view"),
    "projects:person-handover": Page("org", "adviser", "responsibility.handover", taken_over),
    "projects:vendors": Page(),
    "projects:periods": Page(),
    "projects:period-turn": Page(
        "shipped", post=sends(version="0"), only_posts=True, args={"month": "2026-05", "act": "close"}
    ),
    "projects:match-queue": Page("personal", post=NO_BODY),
    "projects:match-act": Page(
        "personal", "unmatched_cost", "import.run", sends(reason="Not ours."), only_posts=True, args={"act": "dismiss"}
    ),
    "projects:imports": Page(post=upload),
    "projects:import": Page("personal", "import_previewed", "import.run"),
    "projects:import-columns": Page("personal", "import_previewed", "import.run", NO_BODY, lenient=True),
    "projects:import-rejects": Page("personal", "import_applied", "import.run"),
    "projects:import-apply": Page("personal", "import_previewed", "import.run", NO_BODY, only_posts=True),
    "projects:import-undo": Page("personal", "import_applied", "import.run", NO_BODY, only_posts=True),
    "projects:import-cancel": Page("personal", "import_queued", "import.run", NO_BODY, only_posts=True),
    "pmo:standards": Page(),
    "pmo:standard_new": Page(post=sends(name="Own", slug="own")),
    "pmo:standard_import": Page(post=standard_file),
    "pmo:standard_install": Page(post=NO_BODY, only_posts=True, args={"slug": "pm2"}),
    "pmo:standard_version": Page(kind="standard_version"),
    "pmo:standard_file": Page(kind="standard_version"),
    "pmo:standard_compare": Page(kind="standard_version"),
    "pmo:standard_tailoring": Page(kind="standard_version"),
    "pmo:standard_about": Page(kind="standard_version", post=sends(name="Newer", slug="newer")),
    "pmo:standard_begin": Page(kind="other_version", post=NO_BODY, only_posts=True),
    "pmo:standard_retire": Page(kind="standard_version", post=NO_BODY, only_posts=True),
    "pmo:standard_edit": Page(kind="standard_draft"),
    "pmo:standard_publish": Page(kind="standard_draft", post=drafted(summary="Better.")),
    "pmo:standard_discard": Page(kind="standard_draft", post=drafted(), only_posts=True),
    "pmo:standard_add": Page(kind="standard_draft", post=drafted(name="More"), args={"kind": "phase"}),
    "pmo:standard_item": Page(kind="draft_phase", post=drafted(name="Newer"), args={"kind": "phase"}),
    "pmo:standard_move": Page(kind="draft_phase", post=drafted(to="1"), args={"kind": "phase"}, only_posts=True),
    "pmo:standard_delete": Page(kind="draft_phase", post=drafted(), args={"kind": "phase"}, only_posts=True),
    "pmo:tiers": Page(),
    "pmo:tier_begin": Page(post=NO_BODY, only_posts=True, lenient=True),
    "pmo:tier_model": Page(kind="tier_model"),
    "pmo:tier_edit": Page(kind="tier_model_draft", post=NO_BODY, lenient=True),
    "pmo:tier_publish": Page(kind="tier_model_draft", post=NO_BODY, only_posts=True),
    "pmo:policies": Page(),
    "pmo:policies_waiting": Page(),
    "pmo:policy_new": Page(post=sends(name="New", kind="policy", text="New.", acknowledge_within_days="7")),
    "pmo:policy": Page(kind="policy"),
    "pmo:policy_begin": Page(kind="policy", post=NO_BODY, only_posts=True, lenient=True),
    "pmo:policy_withdraw": Page(kind="policy", post=NO_BODY, only_posts=True),
    "pmo:policy_version": Page(kind="policy_version"),
    "pmo:policy_compare": Page(kind="policy_version"),
    "pmo:policy_acknowledge": Page(kind="policy_version", post=NO_BODY, only_posts=True),
    "pmo:policy_edit": Page(
        kind="policy_draft", post=drafted("policy_draft", text="Newer.", acknowledge_within_days="7")
    ),
    "pmo:policy_publish": Page(
        kind="policy_draft", post=drafted("policy_draft", effective_on="2026-06-01", summary="Better.")
    ),
    "pmo:policy_discard": Page(kind="policy_draft", post=drafted("policy_draft"), only_posts=True),
    "pmo:skills": Page(),
    "pmo:skill_benchmarks": Page(post=graded),
    "pmo:skill_import": Page(post=skill_file),
    "pmo:skill_install": Page(post=NO_BODY, only_posts=True, args={"slug": "gapps"}),
    "pmo:skill_retire": Page(kind="framework", post=NO_BODY, only_posts=True),
    "pmo:skill_file": Page(kind="framework"),
    "pmo:people": Page(),
    "pmo:person_new": Page(post=sends(name="Nia New")),
    "pmo:role_new": Page(post=sends(email="new@example.org", role="team_member")),
    "pmo:role_revoke": Page("org", "membership", "people.view", NO_BODY, only_posts=True),
    "pmo:audit": Page(),
    "pmo:rates": Page(post=sends(text="EUR,GBP,0.85,2026-03-31")),
    "pmo:tokens": Page("personal", post=sends(name="Mine", days="9", scopes=["projects:read"])),
    "pmo:token_revoke": Page("personal", "token", "token.own", NO_BODY, only_posts=True, also_does="office.manage"),
    "pmo:health": Page(),
    "pmo:health_retry": Page(post=NO_BODY, only_posts=True),
}
