"""Portfolios and programmes: made and changed by the PMO; who manages a portfolio is the reach of their rights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError, NotFound, StaleVersion
from pmo.models import Person
from pmo.selectors.actors import Actor
from pmo.services.audit import audit_record
from portfolio.models import Portfolio, PortfolioAssignment, Programme

ACTION = "portfolio.manage"


@transaction.atomic
def portfolio_create(
    *, actor: Actor, code: str, name: str, currency: str = "", description: str = "", managers: Sequence[Person] = ()
) -> Portfolio:
    """A new portfolio. ApplicationError 409 where the code is taken."""
    actor.require(ACTION)
    portfolio = Portfolio(
        organisation=actor.organisation,
        code=_filled(code, "code", 40),
        name=_filled(name, "name", 200),
        description=description.strip(),
        currency=currency or actor.organisation.currency,
    )
    _insert(portfolio)
    _assign(portfolio, managers)
    _record(actor, "portfolio.create", portfolio, after={"managers": [person.pk for person in managers]})
    return portfolio


@transaction.atomic
def portfolio_update(*, actor: Actor, portfolio_id: int, version: int, values: Mapping[str, Any]) -> Portfolio:
    """Change name, description or managers of a portfolio. StaleVersion where it changed since `version`."""
    actor.require(ACTION)
    portfolio = Portfolio.objects.filter(organisation=actor.organisation, pk=portfolio_id).first()
    if portfolio is None:
        raise NotFound(_("There is no such portfolio here."))
    changes = dict(values)
    managers = changes.pop("managers", None)
    _update(portfolio, version, changes)
    if managers is not None:
        _assign(portfolio, managers)
        changes["managers"] = [person.pk for person in managers]
    _record(actor, "portfolio.update", portfolio, after=changes)
    return Portfolio.objects.get(pk=portfolio.pk)


@transaction.atomic
def programme_create(*, actor: Actor, portfolio: Portfolio, code: str, name: str, description: str = "") -> Programme:
    """A new programme in a portfolio."""
    actor.require(ACTION)
    programme = Programme(
        organisation=actor.organisation,
        portfolio=portfolio,
        code=_filled(code, "code", 40),
        name=_filled(name, "name", 200),
        description=description.strip(),
    )
    _insert(programme)
    _record(actor, "programme.create", programme, after={"portfolio": portfolio.pk})
    return programme


@transaction.atomic
def programme_update(*, actor: Actor, programme_id: int, version: int, values: Mapping[str, Any]) -> Programme:
    """Change name or description of a programme. StaleVersion where it changed since `version`."""
    actor.require(ACTION)
    programme = Programme.objects.filter(organisation=actor.organisation, pk=programme_id).first()
    if programme is None:
        raise NotFound(_("There is no such programme here."))
    _update(programme, version, dict(values))
    _record(actor, "programme.update", programme, after=dict(values))
    return Programme.objects.select_related("portfolio").get(pk=programme.pk)


def _filled(text: str, field: str, longest: int) -> str:
    text = text.strip()
    if not text or len(text) > longest:
        raise ApplicationError(
            _("Give a %(field)s of at most %(longest)d characters.") % {"field": field, "longest": longest},
            field=field,
            code="required",
        )
    return text


def _insert(row: Portfolio | Programme) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise ApplicationError(
            _("The code “%s” is taken.") % row.code, field="code", code="taken", status=409
        ) from error


def _update(row: Portfolio | Programme, version: int, values: dict[str, Any]) -> None:
    if "name" in values:
        values["name"] = _filled(values["name"], "name", 200)
    mine = type(row)._default_manager.filter(pk=row.pk, version=version)
    if not mine.update(version=F("version") + 1, **values):
        row.refresh_from_db(fields=["version"])
        raise StaleVersion(_("Somebody changed this meanwhile."), current_version=row.version)


def _assign(portfolio: Portfolio, managers: Sequence[Person]) -> None:
    """Exactly these manage the portfolio from now on."""
    wanted = {person.pk for person in managers}
    assigned = PortfolioAssignment.objects.filter(portfolio=portfolio)
    assigned.exclude(person_id__in=wanted).delete()
    there = set(assigned.values_list("person_id", flat=True))
    PortfolioAssignment.objects.bulk_create(
        PortfolioAssignment(organisation_id=portfolio.organisation_id, portfolio=portfolio, person_id=pk)
        for pk in sorted(wanted - there)
    )


def _record(actor: Actor, action: str, row: Portfolio | Programme, *, after: Mapping[str, Any]) -> None:
    audit_record(
        actor=actor,
        action=action,
        object_type=action.split(".")[0],
        object_id=row.pk,
        label=f"{row.code} {row.name}",
        after=after,
    )
