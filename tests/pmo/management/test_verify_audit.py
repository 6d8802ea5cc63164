"""`manage.py verify_audit` finds one changed byte among the sealed events."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from pmo.kit.constraints import append_only_lifted
from pmo.models import AuditEvent
from pmo.services.audit import audit_seal


def run():
    out = StringIO()
    call_command("verify_audit", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_an_untouched_chain_holds_and_new_events_are_sealed(alder):
    written = AuditEvent.objects.count()
    assert f"Sealed {written:,} newer ones" in run()
    assert run() == f"{written:,} sealed audit events are as they were sealed.\n"


@pytest.mark.django_db
def test_a_changed_event_is_named(alder):
    audit_seal()
    event = AuditEvent.objects.earliest("id")
    with append_only_lifted(connection):
        AuditEvent.objects.filter(pk=event.pk).update(label="Something else")
    with pytest.raises(CommandError, match=f"Audit event {event.pk} is not what was sealed"):
        run()
