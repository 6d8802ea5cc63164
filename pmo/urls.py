"""The site map."""

from __future__ import annotations

from django.urls import include, path

from pmo.web import home

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", home.healthz, name="healthz"),
    path("readyz", home.readyz, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("api/", include("portfolio.api.urls")),
    path("o/<slug:org>/", include("portfolio.urls")),
    path("o/<slug:org>/", include("projects.urls")),
    path("o/<slug:org>/", include("pmo.office_urls")),
]
