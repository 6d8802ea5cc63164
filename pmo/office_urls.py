"""Pages of the office, below `/o/<organisation>/`."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "pmo"
urlpatterns: list[URLPattern] = []
