from pmo.models.audit import AuditEvent, AuditSeal
from pmo.models.money import AccountingPeriod, ExchangeRate
from pmo.models.organisation import Organisation
from pmo.models.outbox import Heartbeat, OutboxMark
from pmo.models.people import Membership, Person, Role, User
from pmo.models.standards import Activity, Phase, Standard, StandardVersion
from pmo.models.tenant import TenantRow
from pmo.models.tokens import ApiToken, IdempotencyKey
from pmo.models.views import SavedView

__all__ = [
    "AccountingPeriod",
    "Activity",
    "ApiToken",
    "AuditEvent",
    "AuditSeal",
    "ExchangeRate",
    "Heartbeat",
    "IdempotencyKey",
    "Membership",
    "Organisation",
    "OutboxMark",
    "Person",
    "Phase",
    "Role",
    "SavedView",
    "Standard",
    "StandardVersion",
    "TenantRow",
    "User",
]
