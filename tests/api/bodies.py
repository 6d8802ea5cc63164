"""What the matrix sends to each operation. A new operation needs a row here: without one the suite fails.

A row says which kind of object the operation is asked about, how far rights spread over such objects, what is sent,
and what answers where it is allowed. `body(house, which)` builds the request; for an operation that creates something
inside an object, `inside=True` has it ask for an own, an unassigned and a foreign one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from pmo.analysis.builtin_tiers import FACTORS
from pmo.models import Standard
from tests.world import House

Body = Callable[[House, str], Any]


@dataclass(frozen=True)
class Row:
    """`spread`: over what a right reaches. org: everything; project, portfolio: what is in reach; personal: one's own;
    whole: sums over all of a portfolio; shipped: what is the same in every organisation.

    `draft`: the kind of draft whose revision If-Match names; for those who do not write drafts it is not there.

    `also_sees` and `also_does`: rights that open other people's rows of a personal kind.
    """

    kind: str
    spread: str
    status: int = 200
    body: Body | None = None
    inside: bool = False
    version: bool = False
    draft: str = ""
    form: bool = False
    also_sees: str = ""
    also_does: str = ""
    query: Body | None = None


def nothing(house: House, which: str) -> dict[str, Any]:
    return {}


def reference(field: str, kind: str, /, **values: Any) -> Body:
    """A body with a reference to an object and some plain values."""

    def body(house: House, which: str) -> dict[str, Any]:
        return {field: str(house.id(kind, which)), **values}

    return body


def plain(**values: Any) -> Body:
    return lambda house, which: values


def judged(house: House, which: str) -> dict[str, Any]:
    skill = {"skill": str(house.id("skill", "own")), "level": 3, "assessed_on": "2026-01-01"}
    return {"person": str(house.id("skilled", which)), **skill, "evidence": "Seen in the work."}


def moved(house: House, which: str) -> dict[str, Any]:
    return {"portfolio": str(house.id("second_portfolio", "own"))}


def ticked(house: House, which: str) -> dict[str, Any]:
    return {"ids": [str(house.id("finding", which))]}


def assigned(house: House, which: str) -> dict[str, Any]:
    return {"owner": str(house.id("person", "own")), "due": "2099-01-01"}


def file(house: House, which: str) -> dict[str, Any]:
    upload = SimpleUploadedFile("costs.csv", b"project,amount,date\nX-1,12.00,2026-03-01\n", "text/csv")
    return {"file": upload, "target": "cost-entries"}


def matched(house: House, which: str) -> dict[str, Any]:
    return {"project": str(house.id("project", "own"))}


def letter_for(letter: str) -> Body:
    """Somebody is to answer for a project."""

    def body(house: House, which: str) -> dict[str, Any]:
        project = str(house.id("project", which))
        return {"project": project, "subject": "project", "person": str(house.id("person", "own")), "letter": letter}

    return body


def told(house: House, which: str) -> dict[str, Any]:
    """A message to a stakeholder of the same project."""
    return {
        "project": str(house.id("project", which)), "message": "News", "channel": "mail", "cadence": "weekly",
        "starts_on": "2026-01-05", "audience": [str(house.id("stakeholder", which))],
    }  # fmt: skip


MAPPING = {
    "project": {"column": "project"},
    "amount": {"column": "amount"},
    "incurred_on": {"column": "date"},
}
DAY = {"status_date": "2026-10-02"}


def rows(path: str, kind: str, spread: str, **extra: Any) -> dict[str, Row]:
    """The list and the single object of a resource."""
    return {f"GET {path}/": Row(kind, spread, **extra), f"GET {path}/{{id}}/": Row(kind, spread, **extra)}


def other_standard(house: House, which: str) -> dict[str, Any]:
    """One that has no draft yet."""
    return {"standard": str(Standard.objects.get(organisation=house.cast.organisation, slug="pm2").pk)}


def written(kind: str, status: int, body: Body | None = None) -> Row:
    """A part of the draft of a standard."""
    return Row(kind, "org", status, body, version=True, draft="standard_draft")


def own_activity(house: House, which: str) -> dict[str, Any]:
    phase = str(house.id("project_phase", which))
    return {"project": str(house.id("project", which)), "project_phase": phase, "name": "New"}


def waived(house: House, which: str) -> dict[str, Any]:
    soon = (date.today() + timedelta(days=30)).isoformat()
    target = {"kind": "gate", "object": house.id("project_gate", which)}
    return {"project": str(house.id("project", which)), **target, "reason": "Too small.", "expires_on": soon}


LESSON = {"title": "Earlier", "happened": "Late.", "advice": "Begin."}
ANSWERS = {"answers": {factor["key"]: 1 for factor in FACTORS}, "size": {"months": 5}}

ROWS: dict[str, Row] = {
    **rows("project-activities", "project_activity", "project"),
    "POST project-activities/": Row("project", "project", 201, own_activity, inside=True),
    "PATCH project-activities/{id}/": Row("project_activity", "project", body=plain(state="done"), version=True),
    **rows("project-deliverables", "project_deliverable", "project"),
    "PATCH project-deliverables/{id}/": Row("project_deliverable", "project", body=plain(due=None), version=True),
    "POST project-deliverables/{id}/submit/": Row("project_deliverable", "project", body=nothing, version=True),
    "POST project-deliverables/{id}/decide/": Row(
        "deliverable_submitted", "project", body=plain(decision="accept"), version=True
    ),
    **rows("project-gates", "project_gate", "project"),
    **rows("gate-reviews", "gate_review", "project"),
    "POST gate-reviews/": Row("project_gate", "project", 201, reference("gate", "project_gate"), inside=True),
    "PATCH gate-reviews/{id}/": Row("review_draft", "project", body=plain(summary="Ready."), version=True),
    "POST gate-reviews/{id}/submit/": Row("review_ready", "project", body=nothing, version=True),
    "POST gate-reviews/{id}/withdraw/": Row("review_draft", "project", body=nothing, version=True),
    "POST gate-reviews/{id}/verdict/": Row("gate_review", "project", body=plain(verdict="pass")),
    **rows("waivers", "waiver", "project"),
    "POST waivers/": Row("project", "project", 201, waived, inside=True),
    "POST waivers/{id}/decide/": Row("waiver", "project", body=plain(decision="grant"), version=True),
    **rows("complexity-assessments", "complexity_assessment", "project"),
    "POST complexity-assessments/": Row(
        "project", "project", 201, reference("project", "project", **ANSWERS), inside=True
    ),
    **rows("lessons", "lesson", "project"),
    "POST lessons/": Row("project", "project", 201, reference("project", "project", **LESSON), inside=True),
    **rows("organisations", "organisation", "org"),
    "GET roles/": Row("organisation", "org"),
    **rows("people", "person", "org"),
    "POST people/": Row("person", "org", 201, plain(name="Nia New")),
    "PATCH people/{id}/": Row("person", "org", body=plain(name="Nia Newer")),
    **rows("memberships", "membership", "org"),
    "POST memberships/": Row("membership", "org", 201, plain(email="new@example.org", role="team_member")),
    "DELETE memberships/{id}/": Row("membership", "org", 204),
    **rows("standards", "standard", "org"),
    "POST standards/": Row("standard", "org", 201, plain(name="Own", slug="own")),
    "PATCH standards/{id}/": Row("standard", "org", body=plain(name="Newer")),
    "POST standards/{id}/retire/": Row("standard", "org", body=plain(retired=True)),
    **rows("standard-versions", "standard_version", "org"),
    "POST standard-versions/": Row("standard_version", "org", 201, other_standard),
    "DELETE standard-versions/{id}/": Row("standard_draft", "org", 204, version=True, draft="standard_draft"),
    "POST standard-versions/{id}/publish/": Row(
        "standard_draft", "org", body=plain(summary="Better."), version=True, draft="standard_draft"
    ),
    **rows("phases", "phase", "org"),
    "POST phases/": written("phase", 201, reference("standard_version", "standard_draft", name="More")),
    "PATCH phases/{id}/": written("draft_phase", 200, plain(name="Newer", place=1)),
    "DELETE phases/{id}/": written("draft_phase", 204),
    **rows("activities", "activity", "org"),
    "POST activities/": written("activity", 201, reference("phase", "draft_phase", name="More")),
    "PATCH activities/{id}/": written("draft_activity", 200, plain(why="Because.")),
    "DELETE activities/{id}/": written("draft_activity", 204),
    **rows("deliverables", "deliverable", "org"),
    "POST deliverables/": written("deliverable", 201, reference("phase", "draft_phase", name="More")),
    "PATCH deliverables/{id}/": written("draft_deliverable", 200, plain(acceptance="Seen.")),
    "DELETE deliverables/{id}/": written("draft_deliverable", 204),
    **rows("gates", "gate", "org"),
    "POST gates/": written(
        "gate", 201, reference("phase", "draft_phase", name="More", approver_roles=["sponsor"], quorum=1)
    ),
    "PATCH gates/{id}/": written("draft_gate", 200, plain(approver_roles=["pmo_director"])),
    "DELETE gates/{id}/": written("draft_gate", 204),
    **rows("tailoring-rules", "tailoring_rule", "org"),
    "POST tailoring-rules/": written(
        "tailoring_rule",
        201,
        reference("standard_version", "standard_draft", name="Often", effect="report_days", value="7"),
    ),
    "PATCH tailoring-rules/{id}/": written("draft_tailoring_rule", 200, plain(conditions={"tier": [2]})),
    "DELETE tailoring-rules/{id}/": written("draft_tailoring_rule", 204),
    **rows("tier-models", "tier_model", "org"),
    "POST tier-models/": Row("tier_model", "org", 409, nothing),  # the world has a draft already
    "PATCH tier-models/{id}/": Row("tier_model_draft", "org", body=plain(name="Newer"), draft="tier_model_draft"),
    "POST tier-models/{id}/publish/": Row("tier_model_draft", "org", body=nothing, draft="tier_model_draft"),
    **rows("policies", "policy", "org"),
    "POST policies/": Row("policy", "org", 201, plain(name="New", slug="new", text="New.")),
    "POST policies/{id}/withdraw/": Row("policy", "org", body=plain(withdrawn=True)),
    **rows("policy-versions", "policy_version", "org"),
    "POST policy-versions/": Row("policy_version", "org", 409, reference("policy", "policy")),  # as above
    "PATCH policy-versions/{id}/": Row(
        "policy_draft", "org", body=plain(text="Newer."), version=True, draft="policy_draft"
    ),
    "DELETE policy-versions/{id}/": Row("policy_draft", "org", 204, version=True, draft="policy_draft"),
    "POST policy-versions/{id}/publish/": Row(
        "policy_draft",
        "org",
        body=plain(effective_on="2026-06-01", summary="Better."),
        version=True,
        draft="policy_draft",
    ),
    **rows("acknowledgements", "acknowledgement", "personal"),
    "POST acknowledgements/": Row("policy_version", "org", 201, reference("policy_version", "policy_version")),
    **rows("skills", "skill", "org"),
    **rows("benchmarks", "benchmark", "org"),
    "POST benchmarks/": Row("skill", "org", 201, reference("skill", "skill", role="sponsor", tier=1, level=2)),
    "PATCH benchmarks/{id}/": Row("benchmark", "org", body=plain(level=5), version=True),
    **rows("assessments", "assessment", "personal"),
    "POST assessments/": Row("skilled", "personal", 201, judged, inside=True),
    **rows("certificates", "certificate", "personal"),
    "POST certificates/": Row(
        "skilled", "personal", 201, reference("person", "skilled", name="Paper", issued_on="2026-01-01"), inside=True
    ),
    "POST certificates/{id}/withdraw/": Row("certificate", "personal", body=nothing),
    **rows("tokens", "token", "personal", also_sees="token.view"),
    "POST tokens/": Row("token", "personal", 201, plain(name="Mine", scopes=["projects:read"])),
    "DELETE tokens/{id}/": Row("token", "personal", 204, also_sees="token.view", also_does="office.manage"),
    **rows("audit-events", "audit_event", "project"),
    **rows("exchange-rates", "exchange_rate", "org"),
    "POST exchange-rates/": Row(
        "exchange_rate", "org", 201, plain(base="EUR", quote="GBP", rate="0.85", valid_on="2026-03-31")
    ),
    **rows("saved-views", "saved_view", "personal"),
    "POST saved-views/": Row("saved_view", "personal", 201, plain(name="New one", listing="projects", query="")),
    "PATCH saved-views/{id}/": Row("saved_view", "personal", body=plain(name="Other name")),
    "DELETE saved-views/{id}/": Row("saved_view", "personal", 204),
    "GET changed/": Row("project", "project"),
    "GET scoreboard/": Row("project", "project"),
    **rows("findings", "finding", "project"),
    "POST findings/bulk-acknowledge/": Row("finding", "project", body=ticked, inside=True),
    "POST findings/{id}/acknowledge/": Row("finding", "project", body=nothing),
    "POST findings/{id}/assign/": Row("finding", "project", body=assigned),
    "POST findings/{id}/treat/": Row("finding", "project", body=nothing),
    "POST findings/{id}/suppress/": Row("finding", "project", body=plain(until="2099-01-01", reason="Known.")),
    "POST findings/{id}/reopen/": Row("finding_suppressed", "project", body=nothing),
    "POST findings/{id}/comment/": Row("finding", "project", body=plain(text="Seen.")),
    "GET rules/": Row("rule", "shipped"),
    "GET rules/{slug}/": Row("rule", "shipped"),
    "PATCH rules/{slug}/": Row("rule", "shipped", body=plain(enabled=False), version=True),
    **rows("portfolios", "portfolio", "portfolio"),
    "POST portfolios/": Row("portfolio", "org", 201, plain(code="P9", name="New")),
    "PATCH portfolios/{id}/": Row("portfolio", "portfolio", body=plain(name="Newer"), version=True),
    "GET portfolios/{id}/performance/": Row("portfolio", "whole"),
    "GET portfolios/{id}/money/": Row("portfolio", "whole"),
    **rows("programmes", "programme", "portfolio"),
    "POST programmes/": Row(
        "programme", "portfolio", 201, reference("portfolio", "portfolio", code="P9", name="New"), inside=True
    ),
    "PATCH programmes/{id}/": Row("programme", "portfolio", body=plain(name="Newer"), version=True),
    "GET programmes/{id}/performance/": Row("programme", "whole"),
    **rows("projects", "project", "project"),
    "POST projects/": Row(
        "project", "portfolio", 201,
        reference("portfolio", "portfolio", code="N-9", name="New", currency="GBP"), inside=True,
    ),
    "PATCH projects/{id}/": Row("project", "project", body=plain(name="Newer"), version=True),
    "POST projects/{id}/archive/": Row("project", "project", body=nothing, version=True),
    "POST projects/{id}/restore/": Row("project_archived", "project", body=nothing, version=True),
    "POST projects/{id}/move/": Row("project", "project", body=moved, version=True),
    "GET projects/{id}/performance/": Row("project", "project"),
    "GET projects/{id}/money/": Row("project", "project"),
    "GET projects/{id}/performance/{key}/explain/": Row("project", "project"),
    **rows("project-phases", "project_phase", "project"),
    "PATCH project-phases/{id}/": Row(
        "project_phase", "project",
        body=plain(name="Other phase", method="units", units_total="400"),
    ),
    **rows("budgets", "budget", "project"),
    "POST budgets/": Row("budget", "project", 201, reference("project", "project", label="Next"), inside=True),
    "POST budgets/{id}/submit/": Row("budget_draft", "project", body=nothing, version=True),
    "POST budgets/{id}/approve/": Row("budget_submitted", "project", body=nothing, version=True),
    "POST budgets/{id}/reject/": Row("budget_submitted", "project", body=plain(reason="Too much."), version=True),
    "POST budgets/{id}/copy/": Row("budget", "project", 201, plain(shift_months=1)),
    "PUT budgets/{id}/lines/": Row("budget_draft", "project", body=plain(lines=[{"amount": "5.00"}]), version=True),
    "GET budgets/{id}/diff/": Row("budget", "project", query=reference("against", "budget_draft")),
    **rows("baselines", "baseline", "project"),
    "GET projects/{id}/bridge/": Row("project", "project"),
    **rows("change-requests", "change", "project"),
    "POST change-requests/": Row(
        "change", "project", 201, reference("project", "project", title="New", reason="Why"), inside=True
    ),
    "PATCH change-requests/{id}/": Row("change", "project", body=plain(title="Newer"), version=True),
    "POST change-requests/{id}/submit/": Row("change", "project", body=nothing, version=True),
    "POST change-requests/{id}/withdraw/": Row("change", "project", body=nothing, version=True),
    "POST change-requests/{id}/decide/": Row(
        "change_submitted", "project", body=plain(decision="approve", reason="Good."), version=True
    ),
    **rows("budget-lines", "budget_line", "project"),
    "POST budget-lines/": Row(
        "budget_line", "project", 201, reference("budget", "budget_draft", amount="5.00"), inside=True
    ),
    **rows("cost-entries", "cost_entry", "project"),
    "POST cost-entries/": Row(
        "cost_entry", "project", 201,
        reference("project", "project", amount="5.00", incurred_on="2026-03-01"), inside=True,
    ),
    "POST cost-entries/{id}/reverse/": Row("cost_entry", "project", 201, plain(reason="Wrong project.")),
    **rows("vendors", "vendor", "project"),
    "POST vendors/": Row("vendor", "org", 201, plain(name="New builders")),
    "GET periods/": Row("period", "org"),
    "POST periods/{month}/close/": Row("period", "shipped", body=plain(reason="Done."), version=True),
    "POST periods/{month}/reopen/": Row("period", "shipped", 409, plain(reason="Late."), version=True),
    **rows("unmatched-costs", "unmatched_cost", "personal"),
    "POST unmatched-costs/{id}/match/": Row("unmatched_cost", "personal", body=matched),
    "POST unmatched-costs/{id}/dismiss/": Row("unmatched_cost", "personal", body=plain(reason="Not ours.")),
    **rows("forecasts", "forecast", "project"),
    "POST forecasts/": Row(
        "forecast", "project", 201, reference("project", "project", eac="9.00", **DAY), inside=True
    ),
    **rows("progress", "progress", "project"),
    "POST progress/": Row(
        "progress", "project", 201, reference("project", "project", percent_complete="40", **DAY), inside=True
    ),
    **rows("health-declarations", "health_declaration", "project"),
    "POST health-declarations/": Row(
        "health_declaration", "project", 201, reference("project", "project", health="green", **DAY), inside=True
    ),
    **rows("compliance", "project", "project"),
    "GET projects/{id}/compliance/": Row("project", "project"),
    **rows("responsibilities", "responsibility", "project"),
    "POST responsibilities/": Row(
        "responsibility", "project", 201, letter_for("A"), inside=True
    ),
    "PATCH responsibilities/{id}/": Row("responsibility", "project", body=plain(letter="R")),
    "DELETE responsibilities/{id}/": Row("responsibility", "project", 204),
    **rows("stakeholders", "stakeholder", "project"),
    "POST stakeholders/": Row(
        "stakeholder", "project", 201, reference("project", "project", name="Nia", interest=4, influence=2), inside=True
    ),
    "PATCH stakeholders/{id}/": Row("stakeholder", "project", body=plain(stance="against"), version=True),
    "DELETE stakeholders/{id}/": Row("stakeholder", "project", 204),
    **rows("communications", "communication", "project"),
    "POST communications/": Row("communication", "project", 201, told, inside=True),
    "PATCH communications/{id}/": Row("communication", "project", body=plain(channel="call"), version=True),
    "DELETE communications/{id}/": Row("communication", "project", 204),
    "GET communications/due/": Row("communication", "project"),
    "POST communications/{id}/mark/": Row("communication", "project", 201, plain(due="2026-01-05", state="sent")),
    **rows("imports", "import_applied", "personal"),
    "POST imports/": Row("import_applied", "personal", 202, file, form=True),
    "GET imports/{id}/rows/": Row("import_applied", "personal"),
    "GET imports/{id}/rejects.csv": Row("import_applied", "personal"),
    "POST imports/{id}/apply/": Row("import_previewed", "personal", 202, nothing),
    "POST imports/{id}/undo/": Row("import_applied", "personal", 202, nothing),
    "POST imports/{id}/cancel/": Row("import_queued", "personal", 202, nothing),
    **rows("import-mappings", "import_mapping", "org"),
    "POST import-mappings/": Row(
        "import_mapping", "org", 201, plain(name="Ours", target="cost-entries", mapping=MAPPING)
    ),
    "DELETE import-mappings/{id}/": Row("import_mapping", "org", 204),
}  # fmt: skip
