"""Pages of the portfolio, below `/o/<organisation>/`."""

from __future__ import annotations

from django.urls import path, re_path

import pmo.kit.addresses  # noqa: F401  (the address step of a project's code)
from portfolio.web import changed, cockpit, findings, health, money, project, project_new, rules, scoreboard, search

app_name = "portfolio"
urlpatterns = [
    path("", cockpit.cockpit, name="cockpit"),
    path("rows/", cockpit.rows, name="rows"),
    path("charts/", cockpit.charts, name="charts"),
    path("projects/<code:code>/standing/", health.health, name="health"),
    path("projects/new/", project_new.project_new, name="project-new"),
    path("projects/<code:code>/", project.project, name="project"),
    path("projects/<code:code>/live/", project.project_live, name="project-live"),
    path("changed/", changed.changed_office, name="changed"),
    path("projects/<code:code>/changed/", changed.changed_project, name="changed-project"),
    path("money/", money.money, name="money"),
    path("scoreboard/", scoreboard.scoreboard_page, name="scoreboard"),
    path("search/", search.search, name="search"),
    path("views/", cockpit.view_save, name="view-save"),
    path("views/<int:pk>/forget/", cockpit.view_delete, name="view-delete"),
    path("findings/", findings.findings, name="findings"),
    path("findings/acknowledge/", findings.findings_bulk, name="findings-acknowledge"),
    path("findings/<int:pk>/", findings.finding, name="finding"),
    path("findings/<int:pk>/comment/", findings.finding_say, name="finding-comment"),
    re_path(
        r"^findings/(?P<pk>\d{1,18})/(?P<act>acknowledge|treat|reopen|assign|suppress)/$",
        findings.finding_act,
        name="finding-act",
    ),
    path("settings/rules/", rules.rules, name="rules"),
    path("settings/rules/<slug:slug>/", rules.rule_set, name="rule"),
]
