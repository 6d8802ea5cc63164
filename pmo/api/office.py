"""The base of every API view: who asks, what may be asked, how a write is guarded. Nothing of it can be forgotten."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder
from rest_framework.views import APIView

from pmo.kit.api_guards import SAFE, AskerThrottle
from pmo.kit.api_schema import ResourceSchema
from pmo.kit.api_writes import idempotency_key, in_transaction, is_dry_run, request_digest
from pmo.kit.parameters import only_known
from pmo.models import IdempotencyKey
from pmo.selectors.actors import Actor
from pmo.services.idempotency import StoredAnswer, actor_key, idempotency_claim, idempotency_release, idempotency_store

REPLAYED = "Idempotency-Replayed"
FILES = ("csv", "xlsx")
KEPT_HEADERS = ("ETag", "Location")


class ActorThrottle(AskerThrottle):
    """Counts by token or person, and by organisation."""

    def keys(self, request: Request) -> tuple[str, str]:
        actor: Actor = request.auth
        return f"{actor.organisation.pk}:{actor_key(actor)}", f"organisation:{actor.organisation.pk}"


class OfficeView(APIView):
    """Every view declares `action_map`: DRF action (or HTTP method) -> action of the permission matrix, or None.

    `parameters`: the query parameters an action understands beside those of a listing; any other is a 400.
    Writes take `?dry_run=true`; every POST takes an Idempotency-Key.
    """

    action_map: ClassVar[Mapping[str, str | None]] = {}
    parameters: ClassVar[Mapping[str, Sequence[str]]] = {}
    throttle_classes = [ActorThrottle]
    metadata_class = None
    schema = ResourceSchema()

    @property
    def actor(self) -> Actor:
        """Who asks, in which organisation."""
        actor: Actor = self.request.auth
        return actor

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """A file asked for by `format` is what it is, whatever the caller says it accepts."""
        return super().perform_content_negotiation(request, force or request.query_params.get("format") in FILES)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """After sign-in, permission and throttle: only known parameters, and the guard around a write."""
        super().initial(request, *args, **kwargs)
        self._check_parameters(request)
        method = (request.method or "").lower()
        handler = getattr(self, method, None)
        if request.method not in SAFE and handler is not None:
            setattr(self, method, partial(self._guarded, handler))

    def _check_parameters(self, request: Request) -> None:
        action = getattr(self, "action", None) or (request.method or "").lower()
        if action == "list" and getattr(self, "listing", None) is not None:
            return  # the listing refuses what it does not know
        known = set(self.parameters.get(action, ()))
        if request.method not in SAFE:
            known.add("dry_run")
        only_known(request.query_params, frozenset(known))

    def _guarded(self, handler: Callable[..., Response], request: Request, *args: Any, **kwargs: Any) -> Response:
        effect = partial(handler, request, *args, **kwargs)
        dry_run = is_dry_run(request)
        key = idempotency_key(request) if request.method == "POST" and not dry_run else None
        if dry_run:
            return in_transaction(effect, dry_run=True)
        if key is None:
            return effect()
        digest = request_digest(request)
        claim = idempotency_claim(
            actor=self.actor, route=f"POST {request.path}", key=key, digest=digest, now=timezone.now()
        )
        if isinstance(claim, StoredAnswer):
            return _replay(claim)
        return self._once(claim, effect)

    def _once(self, claim: IdempotencyKey, effect: Callable[[], Response]) -> Response:
        stored = False

        def effect_and_answer() -> Response:
            nonlocal stored
            response = effect()
            if response.status_code < 400:
                idempotency_store(claim=claim, status=response.status_code, body=self._kept(response))
                stored = True
            return response

        try:
            return in_transaction(effect_and_answer)
        except BaseException:
            stored = False
            raise
        finally:
            if not stored:
                idempotency_release(claim=claim)

    def _kept(self, response: Response) -> dict[str, Any]:
        headers = {name: response[name] for name in KEPT_HEADERS if name in response}
        body = json.loads(json.dumps(self.storable(response.data), cls=JSONEncoder))
        return {"body": body, "headers": headers}

    def storable(self, data: Any) -> Any:
        """What of an answer may be kept for a repeated request; a view that shows a secret takes it out."""
        return data

    def finalize_response(
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Answers are one person's own: no cache between us and them keeps a copy."""
        final = super().finalize_response(request, response, *args, **kwargs)
        final.headers.setdefault("Cache-Control", "private, no-store")
        return final


def _replay(answer: StoredAnswer) -> Response:
    headers = {**answer.body["headers"], REPLAYED: "true"}
    return Response(answer.body["body"], status=answer.status, headers=headers)
