"""What rows of a file refer to by code or name: portfolios, programmes, people, vendors. Found, or made on demand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from pmo.models import Person
from pmo.selectors.actors import Actor
from projects.models import Project, Vendor

Portfolio: Any = Project._meta.get_field("portfolio").related_model  # the floor above, known only through the model
Programme: Any = Project._meta.get_field("programme").related_model
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


class Missing(Exception):
    """The thing named is not there and may not be made. The message is a whole sentence."""


def folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def code_from(name: str, taken: Mapping[str, object], limit: int = 40) -> str:
    """A code that is safe in a web address and not in `taken` (casefolded)."""
    base = _UNSAFE.sub("-", name).strip("-.")[: limit - 5].strip("-.") or "X"
    code, number = base, 2
    while code.casefold() in taken:
        code, number = f"{base}-{number}", number + 1
    return code


class References:
    """Lookup tables of one organisation, loaded once. New things are unsaved until `save`; each is made once."""

    def __init__(self, actor: Actor, *, create_missing: bool) -> None:
        self.actor = actor
        self.create_missing = create_missing
        mine = {"organisation": actor.organisation}
        self._portfolios: dict[str, Any] = {}
        self._portfolio_codes: dict[str, object] = {}
        for portfolio in Portfolio.objects.filter(**mine).order_by("-id"):
            self._portfolios[folded(portfolio.name)] = portfolio
            self._portfolio_codes[portfolio.code.casefold()] = portfolio
        self._programmes: dict[tuple[Any, str], Any] = {}
        self._programme_codes: dict[str, Any] = {}
        for programme in Programme.objects.filter(**mine).select_related("portfolio").order_by("-id"):
            self._programmes[programme.portfolio_id, folded(programme.name)] = programme
            self._programme_codes[programme.code.casefold()] = programme
        self._people: dict[str, Person] = {}
        for person in Person.objects.filter(**mine).order_by("-id"):
            self._people[folded(person.name)] = person
            if person.email:
                self._people[person.email.casefold()] = person
        self._vendors = {folded(vendor.name): vendor for vendor in Vendor.objects.filter(**mine)}
        self._new: list[Model] = []

    # ------------------------------------------------------------ finding

    def portfolio(self, name: str | None, currency: str = "") -> Any:
        """By code or name; without a name the only one there is, or one called “Imported projects”.

        One that is made reports in `currency`, or in the organisation's.
        """
        if name is None:
            return self._default_portfolio(currency)
        found = self._portfolio_codes.get(name.casefold()) or self._portfolios.get(folded(name))
        if found is not None:
            return found
        if not self.create_missing:
            raise Missing(_("There is no portfolio “%s” here.") % name)
        if not self.actor.everywhere("import.run"):
            raise Missing(_("There is no portfolio “%s” here, and your role cannot make one.") % name)
        return self._make_portfolio(name, currency)

    def _default_portfolio(self, currency: str) -> Any:
        mine = {id(p): p for p in self._portfolios.values() if self._usable(p)}
        if len(mine) == 1:
            return next(iter(mine.values()))
        known = self._portfolios.get(folded("Imported projects"))
        if known is not None and self._usable(known):
            return known
        if self.actor.everywhere("import.run"):
            return self._make_portfolio("Imported projects", currency)
        raise Missing(_("Say which portfolio the projects belong to."))

    def _usable(self, portfolio: Any) -> bool:
        return self.actor.everywhere("import.run") or portfolio.pk in self.actor.portfolio_ids

    def _make_portfolio(self, name: str, currency: str) -> Any:
        clean = " ".join(name.split())[:200]
        portfolio = Portfolio(
            organisation=self.actor.organisation,
            code=code_from(clean, self._portfolio_codes),
            name=clean,
            currency=currency or self.actor.organisation.currency,
        )
        self._portfolios[folded(clean)] = portfolio
        self._portfolio_codes[portfolio.code.casefold()] = portfolio
        self._new.append(portfolio)
        return portfolio

    def programme_home(self, name: str) -> Any:
        """The portfolio of the programme of that code, or of the only programme of that name; None if there is none."""
        if found := self._programme_codes.get(name.casefold()):
            return found.portfolio
        homes = [programme.portfolio for (_home, known), programme in self._programmes.items() if known == folded(name)]
        return homes[0] if len(homes) == 1 else None

    def programme(self, name: str, portfolio: Any) -> Any:
        """By code, or by name within the portfolio."""
        by_code = self._programme_codes.get(name.casefold())
        if by_code is not None and by_code.portfolio == portfolio:
            return by_code
        home = portfolio.pk or id(portfolio)
        if found := self._programmes.get((home, folded(name))):
            return found
        if not self.create_missing:
            raise Missing(_("There is no programme “%s” in that portfolio.") % name)
        clean = " ".join(name.split())[:200]
        programme = Programme(
            organisation=self.actor.organisation,
            portfolio=portfolio,
            code=code_from(clean, self._programme_codes),
            name=clean,
        )
        self._programmes[home, folded(name)] = programme
        self._programme_codes[programme.code.casefold()] = programme
        self._new.append(programme)
        return programme

    def person(self, name: str) -> Person:
        """By e-mail address or name."""
        if found := self._people.get(folded(name)):
            return found
        if not self.create_missing:
            raise Missing(_("There is nobody called “%s” here.") % name)
        email = name.strip() if "@" in name and " " not in name.strip() else ""
        person = Person(organisation=self.actor.organisation, name=" ".join(name.split())[:200], email=email[:254])
        self._people[folded(name)] = person
        self._new.append(person)
        return person

    def vendor(self, name: str) -> Vendor:
        if found := self._vendors.get(folded(name)):
            return found
        if not self.create_missing:
            raise Missing(_("There is no vendor “%s” here.") % name)
        vendor = Vendor(organisation=self.actor.organisation, name=" ".join(name.split())[:200])
        self._vendors[folded(name)] = vendor
        self._new.append(vendor)
        return vendor

    # ------------------------------------------------------------ writing

    def save(self) -> None:
        """Write what was made, each kind in one go; programmes after their portfolios."""
        for model in (Portfolio, Programme, Person, Vendor):
            fresh: list[Any] = [thing for thing in self._new if isinstance(thing, model)]
            if fresh:
                model.objects.bulk_create(fresh, batch_size=1_000)
        self._new = []

    @property
    def made(self) -> int:
        return len(self._new)
