"""Make an API token for somebody and print it: nothing else is printed, so that scripts can keep it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pmo.kit.errors import ApplicationError
from pmo.models import Organisation, User
from pmo.selectors.actors import actor_for
from pmo.services.tokens import token_create


class Command(BaseCommand):
    help = "Print a new API token of a person in an organisation. It is shown this once."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True, help="whose token it is; it can do no more than they can")
        parser.add_argument("--organisation", required=True, help="slug of the organisation it acts in")
        parser.add_argument("--scopes", required=True, help="such as projects:read,costs:write")
        parser.add_argument("--name", default="Command line", help="how the list of tokens calls it")
        parser.add_argument("--days", type=int, default=90, help="how long it lives (default: %(default)s)")

    def handle(
        self, *args: Any, email: str, organisation: str, scopes: str, name: str, days: int, **options: Any
    ) -> None:
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(f"Nobody here signs in as {email}.")
        where = Organisation.objects.filter(slug=organisation).first()
        if where is None:
            raise CommandError(f"There is no organisation “{organisation}”.")
        wanted = [scope.strip() for scope in scopes.split(",") if scope.strip()]
        try:
            _token, text = token_create(actor=actor_for(user, where), name=name, scopes=wanted, days=days)
        except ApplicationError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(text)
