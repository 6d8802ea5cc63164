"""`manage.py create_token` prints a token and nothing else, or says in a sentence why not."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from pmo.models import ApiToken
from pmo.selectors.tokens import token_shown

pytestmark = pytest.mark.django_db


def run(**options):
    out = StringIO()
    call_command("create_token", stdout=out, **options)
    return out.getvalue()


def test_it_prints_only_a_token_that_works(alder):
    said = run(email="Dora@alder.example", organisation="alder", scopes="projects:read, costs:write")
    assert said.startswith("plb_") and said.count("\n") == 1
    token = ApiToken.objects.get()
    assert token.scopes == ["costs:write", "projects:read"]
    assert token_shown(said.strip(), now=timezone.now()) == token


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"email": "nobody@alder.example"}, "Nobody here signs in"),
        ({"organisation": "nowhere"}, "no organisation “nowhere”"),
        ({"scopes": "projects:destroy"}, "is not a scope"),
        ({"scopes": " , "}, "at least one scope"),
        ({"days": 4000}, "between 1 and 365"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(alder, changed, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(**{"email": "dora@alder.example", "organisation": "alder", "scopes": "projects:read", **changed})
    assert not ApiToken.objects.exists()


def test_a_stranger_to_the_organisation_gets_no_token(alder, birch):
    with pytest.raises(CommandError, match="no such organisation"):
        run(email="dora@alder.example", organisation="birch", scopes="projects:read")
