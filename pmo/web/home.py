"""The front door, and the two health addresses."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from pmo.selectors.actors import organisations_of
from pmo.selectors.readiness import readiness


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """On to the organisation last visited, or the first; a plain page where there is none."""
    organisations = organisations_of(request.user)  # type: ignore[arg-type]
    if not organisations:
        return render(request, "pmo/no_organisation.html")
    last = request.session.get("organisation")
    chosen = next((o for o in organisations if o.slug == last), organisations[0])
    return redirect(f"/o/{chosen.slug}/")


def healthz(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "alive"})


def readyz(request: HttpRequest) -> HttpResponse:
    """Database, broker, worker heartbeat, oldest open outbox mark, lag. 503 only where the database is away."""
    try:
        state = readiness()
    except DatabaseError:
        response = JsonResponse({"status": "unavailable", "database": "away"}, status=503)
        response["Retry-After"] = "5"
        return response
    return JsonResponse(state)
