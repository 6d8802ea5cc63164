from pmo.models.audit import AuditEvent, AuditSeal
from pmo.models.money import AccountingPeriod, ExchangeRate
from pmo.models.organisation import Organisation
from pmo.models.outbox import Heartbeat, OutboxMark
from pmo.models.people import Membership, Person, Role, User
from pmo.models.policies import Policy, PolicyAcknowledgement, PolicyVersion
from pmo.models.skills import (
    Assessment,
    Benchmark,
    Certificate,
    DevelopmentAction,
    PeerRequest,
    Skill,
    SkillFramework,
    SkillLevel,
)
from pmo.models.standards import (
    Activity,
    Deliverable,
    DocumentTemplate,
    DueFrom,
    Gate,
    GateCriterion,
    Obligation,
    Phase,
    Standard,
    StandardVersion,
    TailoringRule,
    TierModel,
)
from pmo.models.tenant import TenantRow
from pmo.models.tokens import ApiToken, IdempotencyKey
from pmo.models.views import SavedView

__all__ = [
    "AccountingPeriod",
    "Activity",
    "ApiToken",
    "Assessment",
    "AuditEvent",
    "AuditSeal",
    "Benchmark",
    "Certificate",
    "Deliverable",
    "DevelopmentAction",
    "DocumentTemplate",
    "DueFrom",
    "ExchangeRate",
    "Gate",
    "GateCriterion",
    "Heartbeat",
    "IdempotencyKey",
    "Membership",
    "Obligation",
    "Organisation",
    "OutboxMark",
    "PeerRequest",
    "Person",
    "Phase",
    "Policy",
    "PolicyAcknowledgement",
    "PolicyVersion",
    "Role",
    "SavedView",
    "Skill",
    "SkillFramework",
    "SkillLevel",
    "Standard",
    "StandardVersion",
    "TailoringRule",
    "TenantRow",
    "TierModel",
    "User",
]
