"""Pages of one project, and imports, below `/o/<organisation>/`."""

from __future__ import annotations

from django.urls import URLPattern, path

import pmo.kit.addresses  # noqa: F401  (the address step of a project's code)
from projects.web import activity, budgets, edit, explain, imports, ledger, money, statements

app_name = "projects"
PROJECT = "projects/<code:code>"
urlpatterns: list[URLPattern] = [
    path(f"{PROJECT}/figures/<slug:key>/", explain.explain, name="explain"),
    path(f"{PROJECT}/money/", money.money, name="money"),
    path(f"{PROJECT}/ledger/", ledger.ledger, name="ledger"),
    path(f"{PROJECT}/ledger/new/", ledger.cost_post, name="cost_post"),
    path(f"{PROJECT}/ledger/<int:pk>/reverse/", ledger.cost_reverse, name="cost_reverse"),
    path(f"{PROJECT}/budgets/", budgets.budgets, name="budgets"),
    path(f"{PROJECT}/budgets/new/", budgets.budget_new, name="budget_new"),
    path(f"{PROJECT}/budgets/<int:pk>/submit/", budgets.submit, name="budget_submit"),
    path(f"{PROJECT}/budgets/<int:pk>/approve/", budgets.approve, name="budget_approve"),
    path(f"{PROJECT}/budgets/<int:pk>/reject/", budgets.reject, name="budget_reject"),
    path(f"{PROJECT}/activity/", activity.activity, name="activity"),
    path(f"{PROJECT}/progress/", statements.progress, name="progress"),
    path(f"{PROJECT}/forecast/", statements.forecast, name="forecast"),
    path(f"{PROJECT}/declare-health/", statements.health, name="health"),
    path(f"{PROJECT}/edit/", edit.edit, name="edit"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<int:pk>/", imports.import_detail, name="import"),
    path("imports/<int:pk>/columns/", imports.import_columns, name="import-columns"),
    path("imports/<int:pk>/rejects.csv", imports.import_rejects, name="import-rejects"),
    *(
        path(f"imports/<int:pk>/{act}/", imports.import_act, {"act": act}, name=f"import-{act}")
        for act in ("apply", "undo", "cancel")
    ),
]
