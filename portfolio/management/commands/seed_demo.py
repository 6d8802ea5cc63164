"""Load the demo portfolio: `demo` with any number of projects, and beside it `acme` with three."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pmo.kit.errors import ApplicationError
from pmo.models import Organisation
from portfolio.analysis.demo import RICH
from portfolio.services.demo import acme_seed, demo_is_wanted, demo_seed

PER_PROJECT = 90
FINISHED = 8


class Command(BaseCommand):
    help = "Load the demo portfolio. The same seed on the same day gives the same data."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--projects", type=int, default=24, help="how many projects (default: %(default)s)")
        parser.add_argument("--cost-entries", type=int, help=f"ledger entries in all (default: {PER_PROJECT} each)")
        parser.add_argument("--finished", type=int, help=f"finished ones beside them (default: {FINISHED} from 24 on)")
        parser.add_argument("--seed", type=int, default=1, help="the same number gives the same data")
        parser.add_argument("--organisation", default="demo", help="slug of the organisation to fill (default: demo)")
        parser.add_argument("--password", help="of every account made; without it one is generated and shown once")
        parser.add_argument("--today", type=date.fromisoformat, help="the day that the data run up to (default: today)")
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there are projects already")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_empty"] and not demo_is_wanted():
            self.stdout.write("There are projects already; nothing was loaded.")
            return
        count, entries = options["projects"], options["cost_entries"]
        finished = options["finished"]
        if finished is None:
            finished = FINISHED if 24 <= count <= RICH else 0
        if count < 1 or finished < 0 or entries is not None and entries < 0:
            raise CommandError("Give at least one project, and no negative number of entries.")
        given = {"seed": options["seed"], "password": options["password"], "today": options["today"]}
        began = monotonic()
        try:
            made = demo_seed(
                count=count,
                cost_entries=count * PER_PROJECT if entries is None else entries,
                slug=options["organisation"],
                finished=finished,
                **given,
            )
            self._tell(made, began)
            if options["organisation"] == "demo" and not Organisation.objects.filter(slug="acme").exists():
                given["password"] = given["password"] or made.password or None
                acme_seed(**given)
        except ApplicationError as error:
            raise CommandError(str(error)) from error
        if made.password and not options["password"]:
            self.stdout.write(f"Password of every demo account, shown this once: {made.password}")

    def _tell(self, made: Any, began: float) -> None:
        self.stdout.write(
            f"{made.organisation.name}: {made.projects:,} projects, {made.cost_entries:,} ledger entries "
            f"and {made.finished} finished projects in {monotonic() - began:.1f} s"
        )
