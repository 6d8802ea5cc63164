"""Pages of the portfolio, below `/o/<organisation>/`."""

from __future__ import annotations

from django.urls import path

from portfolio.web import cockpit, health

app_name = "portfolio"
urlpatterns = [
    path("", cockpit.cockpit, name="cockpit"),
    path("rows/", cockpit.rows, name="rows"),
    path("charts/", cockpit.charts, name="charts"),
    path("projects/<str:code>/health/", health.health, name="health"),
    path("views/", cockpit.view_save, name="view-save"),
    path("views/<int:pk>/forget/", cockpit.view_delete, name="view-delete"),
]
