"""The log of changes in words: who did what, from what to what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.kit.figures import day, number
from pmo.models import AuditEvent

SAID: dict[str, Any] = {
    "project.create": gettext_lazy("created the project"),
    "project.update": gettext_lazy("changed the project"),
    "project.archive": gettext_lazy("archived the project"),
    "project.restore": gettext_lazy("brought the project back from the archive"),
    "project.move": gettext_lazy("moved the project to another portfolio"),
    "project_phase.update": gettext_lazy("changed a phase"),
    "cost.post": gettext_lazy("posted a cost"),
    "cost.reverse": gettext_lazy("reversed a cost"),
    "accrual.release": gettext_lazy("an accrual reversed itself"),
    "match.post": gettext_lazy("matched a waiting cost to its project"),
    "match.dismiss": gettext_lazy("dismissed a waiting cost"),
    "period.close": gettext_lazy("closed a month"),
    "period.reopen": gettext_lazy("reopened a month"),
    "budget.propose": gettext_lazy("proposed a budget"),
    "budget.change": gettext_lazy("changed the lines of a budget"),
    "budget.copy": gettext_lazy("copied a budget forward"),
    "budget.withdraw": gettext_lazy("took a budget back"),
    "baseline.make": gettext_lazy("made a baseline"),
    "change.propose": gettext_lazy("proposed a change"),
    "change.update": gettext_lazy("reworked a change request"),
    "change.submit": gettext_lazy("handed in a change request"),
    "change.withdraw": gettext_lazy("withdrew a change request"),
    "change.approve": gettext_lazy("approved a change request"),
    "change.reject": gettext_lazy("turned down a change request"),
    "budget.submit": gettext_lazy("handed in a budget for decision"),
    "budget.approve": gettext_lazy("approved a budget"),
    "budget.reject": gettext_lazy("turned down a budget"),
    "progress.record": gettext_lazy("stated progress"),
    "forecast.record": gettext_lazy("reported a forecast"),
    "health.declare": gettext_lazy("declared the health"),
    "activity.add": gettext_lazy("added an activity"),
    "activity.update": gettext_lazy("changed an activity"),
    "activity.done": gettext_lazy("did an activity"),
    "deliverable.update": gettext_lazy("changed a deliverable"),
    "deliverable.submit": gettext_lazy("handed in a deliverable"),
    "deliverable.accept": gettext_lazy("accepted a deliverable"),
    "deliverable.return": gettext_lazy("returned a deliverable"),
    "evidence.add": gettext_lazy("attached evidence"),
    "evidence.withdraw": gettext_lazy("withdrew evidence"),
    "gate_review.prepare": gettext_lazy("began to prepare a gate review"),
    "gate_review.update": gettext_lazy("judged the criteria of a gate"),
    "gate_review.submit": gettext_lazy("put a gate review before its approvers"),
    "gate_review.withdraw": gettext_lazy("withdrew a gate review"),
    "gate_review.verdict": gettext_lazy("spoke in a gate review"),
    "gate_review.revoke": gettext_lazy("took an approver out of a gate review"),
    "gate_review.decide": gettext_lazy("decided a gate review"),
    "gate_condition.meet": gettext_lazy("met a condition of a gate"),
    "gate_delegation.make": gettext_lazy("let somebody speak for them at gates"),
    "gate_delegation.end": gettext_lazy("speaks for themselves at gates again"),
    "complexity.assess": gettext_lazy("assessed size and complexity"),
    "tailoring.propose": gettext_lazy("proposed another tier"),
    "tailoring.accept": gettext_lazy("accepted another tier"),
    "tailoring.waive": gettext_lazy("waived another tier"),
    "stakeholder.create": gettext_lazy("entered a stakeholder"),
    "stakeholder.update": gettext_lazy("changed a stakeholder"),
    "stakeholder.remove": gettext_lazy("took a stakeholder off the register"),
    "communication.plan": gettext_lazy("planned a message"),
    "communication.change": gettext_lazy("changed a planned message"),
    "communication.stop": gettext_lazy("stopped a planned message"),
    "communication.sent": gettext_lazy("marked a message as sent"),
    "communication.left_out": gettext_lazy("marked a message as left out"),
    "document.create": gettext_lazy("made a document"),
    "document.write": gettext_lazy("wrote a document"),
    "document.submit": gettext_lazy("handed in a document"),
    "document.approve": gettext_lazy("approved a document"),
    "document.return": gettext_lazy("returned a document"),
    "template.write": gettext_lazy("wrote a document template"),
    "template.install": gettext_lazy("put in document templates"),
    "waiver.ask": gettext_lazy("asked for a waiver"),
    "waiver.grant": gettext_lazy("granted a waiver"),
    "waiver.refuse": gettext_lazy("refused a waiver"),
    "waiver.revoke": gettext_lazy("revoked a waiver"),
    "standard.move_undo": gettext_lazy("took a move of projects back"),
    "lesson.record": gettext_lazy("wrote down a lesson"),
    "benefit_owner.name": gettext_lazy("named the owner of a benefit"),
    "role.grant": gettext_lazy("gave a role"),
    "role.revoke": gettext_lazy("took a role away"),
    "person.create": gettext_lazy("added a person"),
    "person.update": gettext_lazy("changed a person"),
    "token.create": gettext_lazy("made an API token"),
    "token.revoke": gettext_lazy("revoked an API token"),
    "rule.set": gettext_lazy("set a rule"),
    "responsibility.set": gettext_lazy("changed who answers for what"),
    "responsibility.handover": gettext_lazy("handed over what somebody answered for"),
    "skill_framework.install": gettext_lazy("took a framework of skills over"),
    "skill_framework.import": gettext_lazy("imported a framework of skills"),
    "skill_framework.retire": gettext_lazy("retired a framework of skills"),
    "skill_framework.restore": gettext_lazy("brought a framework of skills back"),
    "benchmark.set": gettext_lazy("set what a role needs"),
    "assessment.record": gettext_lazy("assessed skills"),
    "peer_request.create": gettext_lazy("asked a peer"),
    "certificate.add": gettext_lazy("entered a certificate"),
    "certificate.withdraw": gettext_lazy("withdrew a certificate"),
    "development.plan": gettext_lazy("planned a development"),
    "development.turn": gettext_lazy("said how far a development has come"),
    "evidence_pack.request": gettext_lazy("asked for an evidence pack"),
    "vendor.create": gettext_lazy("added a vendor"),
    "import.create": gettext_lazy("sent a file to import"),
    "import.apply": gettext_lazy("applied an import"),
    "import.undo": gettext_lazy("undid an import"),
    "import.preview.ask": gettext_lazy("asked for the preview of an import"),
    "import.apply.ask": gettext_lazy("asked for an import"),
    "import.undo.ask": gettext_lazy("asked to take an import back"),
    "standard.create": gettext_lazy("began a standard"),
    "standard.update": gettext_lazy("changed what a standard is called"),
    "standard.install": gettext_lazy("took a shipped standard over as a draft"),
    "standard.import": gettext_lazy("imported a standard as a draft"),
    "standard.draft": gettext_lazy("began a new version of a standard"),
    "standard.discard": gettext_lazy("threw a draft of a standard away"),
    "standard.publish": gettext_lazy("published a version of a standard"),
    "standard.retire": gettext_lazy("retired a standard"),
    "standard.restore": gettext_lazy("brought a standard back"),
    "standard.add": gettext_lazy("added to the draft of a standard"),
    "standard.change": gettext_lazy("changed the draft of a standard"),
    "standard.move": gettext_lazy("moved projects to another version of a standard"),
    "standard.remove": gettext_lazy("took something out of the draft of a standard"),
    "standard.order": gettext_lazy("ordered the draft of a standard anew"),
    "tier_model.draft": gettext_lazy("began a new tier model"),
    "tier_model.change": gettext_lazy("changed the draft of the tier model"),
    "tier_model.publish": gettext_lazy("published a tier model"),
    "policy.create": gettext_lazy("began a policy"),
    "policy.draft": gettext_lazy("began a new version of a policy"),
    "policy.change": gettext_lazy("changed the draft of a policy"),
    "policy.discard": gettext_lazy("threw a draft of a policy away"),
    "policy.publish": gettext_lazy("published a policy"),
    "policy.withdraw": gettext_lazy("withdrew a policy"),
    "policy.restore": gettext_lazy("brought a policy back"),
    "policy.acknowledge": gettext_lazy("acknowledged a policy"),
    "outbox.retry": gettext_lazy("had failed work tried again"),
}
FIELDS: dict[str, Any] = {
    "percent_complete": gettext_lazy("% complete"),
    "as_at": gettext_lazy("as at"),
    "eac": gettext_lazy("EAC"),
    "kind": gettext_lazy("type"),
    "incurred_on": gettext_lazy("date"),
    "project_manager": gettext_lazy("project manager"),
    "budget_owner": gettext_lazy("budget owner"),
    "forecast_finish": gettext_lazy("forecast finish"),
    "actual_start": gettext_lazy("actual start"),
    "actual_finish": gettext_lazy("actual finish"),
    "eac_method": gettext_lazy("estimate by"),
    "eac_method_reason": gettext_lazy("why this estimate"),
    "approval_limit": gettext_lazy("approval limit"),
    "expires_at": gettext_lazy("expires"),
}
LONGEST = 160
AMOUNTS = frozenset({"amount", "total", "eac", "approval_limit", "management_reserve"})
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(T[0-9:.]+Z)?")
# Changes whose values tell an amount of money.
MONEY = frozenset({"cost_entry", "budget", "baseline", "change_request", "forecast", "finding"})


def said(event: AuditEvent) -> str:
    """What was done, as the rest of a sentence that begins with who."""
    words = SAID.get(event.action)
    if words is not None:
        return str(words)
    what, _dot, verb = event.action.rpartition(".")
    return _("%(what)s: %(verb)s") % {"what": what.replace("_", " ").replace(".", " "), "verb": verb.replace("_", " ")}


def changes(event: AuditEvent) -> list[tuple[str, str, str]]:
    """(field, before, after) of every value that the event tells of, in words."""
    before: Mapping[str, Any] = event.before if isinstance(event.before, dict) else {}
    after: Mapping[str, Any] = event.after if isinstance(event.after, dict) else {}
    names = list(dict.fromkeys([*before, *after]))
    return [(_field(name), _value(name, before.get(name)), _value(name, after.get(name))) for name in names]


def _field(name: str) -> str:
    return str(FIELDS.get(name, name.replace("_", " ")))


def _value(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str) and _DAY.fullmatch(value):
        with suppress(ValueError):  # 30 February
            return day(date.fromisoformat(value[:10])) or ""
    if name in AMOUNTS and isinstance(value, str) and _NUMBER.fullmatch(value):
        return number(Decimal(value), 2) or ""
    text = ", ".join(str(part) for part in value) if isinstance(value, list) else str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
