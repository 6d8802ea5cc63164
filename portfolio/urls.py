"""Pages of the portfolio, below `/o/<organisation>/`."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "portfolio"
urlpatterns: list[URLPattern] = []
