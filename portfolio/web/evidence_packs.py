"""Evidence packs: asking for one, watching it being made, stopping it, fetching it."""

from __future__ import annotations

from typing import Any, Final

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError, NotFound
from pmo.kit.parameters import parse_positive, parse_value
from pmo.web.listing import ListPage, list_page
from pmo.web.pages import OfficeRequest, page
from portfolio.listings.evidence_packs import PACKS
from portfolio.models import EvidencePack
from portfolio.selectors.evidence_packs import pack_get, packs_for, portfolios_to_pack
from portfolio.services.evidence_packs import evidence_pack_cancel, evidence_pack_request

MAKE: Final = "pack.run"
WORKING: Final = (EvidencePack.State.QUEUED, EvidencePack.State.RUNNING)
LARGEST: Final = 9_223_372_036_854_775_807


@page(MAKE, post=MAKE)
def packs(request: OfficeRequest, org: str) -> HttpResponseBase:
    """The packs there are; posting asks for one more, of a project or of a portfolio."""
    actor, refusal = request.actor, ""
    if request.method == "POST":
        try:
            return redirect("portfolio:pack", org, _asked(request).pk)
        except ApplicationError as error:
            if error.status in (403, 404):
                raise
            refusal = error.message
        shown = list_page(request, PACKS, packs_for(actor), actor.allows, menus=("state",))
    else:
        shown = list_page(request, PACKS, packs_for(actor), actor.allows, menus=("state",))
    if not isinstance(shown, ListPage):
        return shown
    context = {
        "list": shown,
        "portfolios": list(portfolios_to_pack(actor)),
        "nav_active": "compliance",
        "refusal": refusal,
        "working": WORKING,
    }
    return render(request, "portfolio/packs.html", context, status=422 if refusal else 200)


def _asked(request: OfficeRequest) -> EvidencePack:
    given = request.POST
    as_of = parse_value("as_of", given["as_of"], "date") if given.get("as_of") else None
    if given.get("project"):
        return evidence_pack_request(actor=request.actor, project_code=given["project"], as_of=as_of)
    if not given.get("portfolio"):
        raise ApplicationError(_("Choose a portfolio first."), field="portfolio", code="required")
    portfolio = parse_positive("portfolio", given["portfolio"], at_most=LARGEST)
    return evidence_pack_request(actor=request.actor, portfolio_id=portfolio, as_of=as_of)


@page(MAKE)
def pack(request: OfficeRequest, org: str, pk: int) -> HttpResponseBase:
    """One pack: its progress, then its download. Asked with a stamp, it answers only what is new."""
    found = pack_get(request.actor, pk)
    stamp = f"{found.state}-{found.progress}-{int(found.cancel_requested)}"
    if request.GET.get("stamp") == stamp:
        return HttpResponse(status=204)
    context: dict[str, Any] = {
        "pack": found,
        "stamp": stamp,
        "working": found.state in WORKING,
        "nav_active": "compliance",
    }
    return render(request, "portfolio/_pack.html" if "stamp" in request.GET else "portfolio/pack.html", context)


@page(MAKE, post=MAKE)
def pack_cancel(request: OfficeRequest, org: str, pk: int) -> HttpResponseBase:
    """Stop it."""
    if request.method == "POST":
        evidence_pack_cancel(actor=request.actor, pack_id=pk)
    return redirect("portfolio:pack", org, pk)


@page(MAKE)
def pack_file(request: OfficeRequest, org: str, pk: int) -> HttpResponseBase:
    """The ZIP, for whom it was made and for the office, as long as they may make such packs."""
    found = pack_get(request.actor, pk)
    if found.state != EvidencePack.State.READY or not default_storage.exists(found.file.name):
        raise NotFound(_("This pack has no file to fetch."))
    code = found.project.code if found.project else found.portfolio.code if found.portfolio else ""
    response = FileResponse(
        default_storage.open(found.file.name), as_attachment=True, content_type="application/zip",
        filename=f"evidence-{code}-{found.as_of}.zip",
    )  # fmt: skip
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
