"""Pages of one project, and imports, below `/o/<organisation>/`."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "projects"
urlpatterns: list[URLPattern] = []
