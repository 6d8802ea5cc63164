"""Print every address the site answers, its name, its view and the rights it asks for."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from pmo.kit.site_map import Address, addresses


class Command(BaseCommand):
    help = "Print every address: pattern, name, view, rights by method. One line each, fields separated by tabs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--below", default="/", help="only addresses that begin so, such as /o/ or /api/")
        parser.add_argument("--rights", action="store_true", help="only what asks for a right: its name and the rights")

    def handle(self, *args: Any, **options: Any) -> None:
        for address in addresses():
            if not address.pattern.startswith(options["below"]):
                continue
            if options["rights"]:
                if address.actions is not None:
                    self.stdout.write(f"{address.name}\t{_rights(address)}")
            else:
                self.stdout.write("\t".join((address.pattern, address.name, address.view, _rights(address))))


def _rights(address: Address) -> str:
    if address.actions is None:
        return "declares none"
    return " ".join(f"{method}={right or 'signed in'}" for method, right in address.actions.items())
