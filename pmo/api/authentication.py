"""Who asks: a token or a signed-in person, in exactly one organisation. `request.auth` is the Actor."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from pmo.kit.errors import ApplicationError, NotFound
from pmo.models import User
from pmo.selectors.actors import Actor, actor_for, organisation_by_slug, organisations_of
from pmo.selectors.tokens import token_shown
from pmo.services.token_use import token_used

HEADER = "X-Organisation"


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer <token>`. The organisation is the token's; naming another one is a 404."""

    def authenticate(self, request: Request) -> tuple[User, Actor] | None:
        given = request.headers.get("Authorization", "")
        if not given:
            return None
        scheme, _blank, text = given.partition(" ")
        now = timezone.now()
        token = token_shown(text.strip(), now=now) if scheme.lower() == "bearer" else None
        if token is None:
            raise AuthenticationFailed(_("The token is unknown, expired or revoked."))
        named = request.headers.get(HEADER)
        if named is not None and named != token.organisation.slug:
            raise NotFound(_("There is no such organisation here."))
        try:
            actor = actor_for(token.user, token.organisation, token=token)
        except NotFound as gone:
            raise AuthenticationFailed(_("The token is unknown, expired or revoked.")) from gone
        token_used(token=token, now=now)
        return token.user, actor

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's own session, with CSRF. A person in several organisations names one in X-Organisation."""

    def authenticate(self, request: Request) -> tuple[Any, Actor] | None:
        found = super().authenticate(request)
        if found is None:
            return None
        user = found[0]
        named = request.headers.get(HEADER)
        if named is not None:
            return user, actor_for(user, organisation_by_slug(user, named))
        organisations = organisations_of(user)
        if len(organisations) > 1:
            names = ", ".join(organisation.slug for organisation in organisations)
            raise ApplicationError(
                _("Say in which organisation you act: send the header X-Organisation with one of %(names)s.")
                % {"names": names},
                code="organisation_required",
                field=HEADER,
            )
        if not organisations:
            raise NotFound(_("You belong to no organisation yet."))
        return user, actor_for(user, organisations[0])
