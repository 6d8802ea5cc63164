"""Keeping a list's address under a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError, Forbidden, NotFound
from pmo.models import SavedView
from pmo.selectors.actors import Actor

LONGEST = 2_000


@transaction.atomic
def saved_view_create(*, actor: Actor, listing: str, name: str, query: str = "", shared: bool = False) -> SavedView:
    """A new view of the actor's own. ApplicationError where they have one of that name for that list."""
    actor.require("view.save")
    view = SavedView(
        organisation=actor.organisation,
        user=actor.user,
        listing=listing,
        name=_name(name),
        query=_query(query),
        shared=shared,
    )
    return _saved(view)


@transaction.atomic
def saved_view_update(*, actor: Actor, view_id: int, values: Mapping[str, Any]) -> SavedView:
    """Change name, query or sharing of one's own view."""
    view = _own(actor, view_id)
    if "name" in values:
        view.name = _name(values["name"])
    if "query" in values:
        view.query = _query(values["query"])
    if "shared" in values:
        view.shared = values["shared"]
    return _saved(view)


@transaction.atomic
def saved_view_delete(*, actor: Actor, view_id: int) -> None:
    """Forget one's own view."""
    _own(actor, view_id).delete()


def _own(actor: Actor, view_id: int) -> SavedView:
    actor.require("view.save")
    view = SavedView.objects.filter(organisation=actor.organisation, pk=view_id).first()
    if view is None or (view.user_id != actor.user.pk and not view.shared):
        raise NotFound(_("There is no such view here."))
    if view.user_id != actor.user.pk:
        raise Forbidden(_("This view is %s’s; save one of your own.") % view.user)
    return view


def _name(name: str) -> str:
    if not name.strip():
        raise ApplicationError(_("A view needs a name."), field="name", code="required")
    return name.strip()[:100]


def _query(query: str) -> str:
    if len(query) > LONGEST:
        raise ApplicationError(
            _("The view’s address is longer than %d characters.") % LONGEST, field="query", code="too_long"
        )
    return query.removeprefix("?")


def _saved(view: SavedView) -> SavedView:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        raise ApplicationError(
            _("You have a view named “%s” of this list already.") % view.name, field="name", code="taken", status=409
        ) from error
    return view
