"""`manage.py outbox`: what is owed, what was given up, and another chance for it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from pmo.models import OutboxMark

pytestmark = pytest.mark.django_db


def run(**options):
    out = StringIO()
    call_command("outbox", stdout=out, **options)
    return out.getvalue()


def test_with_nothing_owed_it_says_so(alder):
    OutboxMark.objects.all().delete()
    assert run() == "Nothing is owed.\n"


def test_dead_letters_are_named_with_their_reason_and_can_be_retried(alder):
    OutboxMark.objects.all().delete()
    OutboxMark.objects.create(organisation=alder.organisation, kind="performance", subject_id=7)
    dead = OutboxMark.objects.create(
        organisation=alder.organisation,
        kind="performance",
        subject_id=8,
        attempts=3,
        dead_at=timezone.now(),
        last_error="Traceback\nValueError: no such month",
    )
    said = run(organisation="alder")
    assert "performance: 1 open for 1 subjects, 1 given up" in said
    assert "alder performance 8: given up" in said and "ValueError: no such month" in said
    assert "Given another chance: 1" in run(retry=True)
    dead.refresh_from_db()
    assert (dead.dead_at, dead.attempts) == (None, 0)


def test_another_organisations_dead_letters_stay_out_of_it(alder, birch):
    OutboxMark.objects.all().delete()
    OutboxMark.objects.create(organisation=birch.organisation, kind="performance", subject_id=1, dead_at=timezone.now())
    assert run(organisation="alder") == "Nothing is owed.\n"
    with pytest.raises(CommandError, match="no organisation"):
        run(organisation="nowhere")
