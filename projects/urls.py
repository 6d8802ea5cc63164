"""Pages of one project, and imports, below `/o/<organisation>/`."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

import pmo.kit.addresses  # noqa: F401  (the address step of a project's code)
from projects.web import (
    activity,
    budget_grid,
    budget_versions,
    budgets,
    changes,
    edit,
    explain,
    forecasts,
    imports,
    ledger,
    match_queue,
    money,
    ownership,
    periods,
    phase_methods,
    statements,
    vendors,
)

app_name = "projects"
PROJECT = "projects/<code:code>"
urlpatterns: list[URLPattern] = [
    path(f"{PROJECT}/figures/<slug:key>/", explain.explain, name="explain"),
    path(f"{PROJECT}/money/", money.money, name="money"),
    path(f"{PROJECT}/phases/", phase_methods.phases, name="phases"),
    path(f"{PROJECT}/ledger/", ledger.ledger, name="ledger"),
    path(f"{PROJECT}/ledger/new/", ledger.cost_post, name="cost_post"),
    path(f"{PROJECT}/ledger/<int:pk>/reverse/", ledger.cost_reverse, name="cost_reverse"),
    path(f"{PROJECT}/budgets/", budgets.budgets, name="budgets"),
    path(f"{PROJECT}/budgets/new/", budgets.budget_new, name="budget_new"),
    path(f"{PROJECT}/budgets/<int:pk>/submit/", budgets.submit, name="budget_submit"),
    path(f"{PROJECT}/budgets/<int:pk>/approve/", budgets.approve, name="budget_approve"),
    path(f"{PROJECT}/budgets/<int:pk>/reject/", budgets.reject, name="budget_reject"),
    path(f"{PROJECT}/budgets/<int:pk>/copy/", budget_versions.budget_copied, name="budget_copy"),
    path(f"{PROJECT}/budgets/<int:pk>/lines/", budget_grid.budget_grid, name="budget_grid"),
    path(f"{PROJECT}/budgets/<int:before>/vs/<int:after>/", budget_versions.budget_compare, name="budget_diff"),
    path(f"{PROJECT}/changes/", changes.changes, name="changes"),
    path(f"{PROJECT}/changes/new/", changes.change_new, name="change_new"),
    path(f"{PROJECT}/changes/<int:pk>/", changes.change, name="change"),
    path(f"{PROJECT}/changes/<int:pk>/edit/", changes.change_edit, name="change_edit"),
    path(f"{PROJECT}/changes/<int:pk>/submit/", changes.change_submit, name="change_submit"),
    path(f"{PROJECT}/changes/<int:pk>/withdraw/", changes.change_withdraw, name="change_withdraw"),
    path(f"{PROJECT}/activity/", activity.activity, name="activity"),
    path(f"{PROJECT}/progress/", statements.progress, name="progress"),
    path(f"{PROJECT}/forecast/months/", forecasts.etc, name="etc"),
    path(f"{PROJECT}/forecast/", statements.forecast, name="forecast"),
    path(f"{PROJECT}/declare-health/", statements.health, name="health"),
    path(f"{PROJECT}/edit/", edit.edit, name="edit"),
    path(f"{PROJECT}/responsibilities/", ownership.responsibilities, name="responsibilities"),
    path("answers/", ownership.my_answers, name="my-answers"),
    path("people/<int:pk>/answers/", ownership.answers, name="person-answers"),
    path("people/<int:pk>/handover/", ownership.handover, name="person-handover"),
    path("vendors/", vendors.vendors, name="vendors"),
    path("settings/periods/", periods.periods, name="periods"),
    re_path(
        r"^settings/periods/(?P<month>\d{4}-\d{2})/(?P<act>close|reopen)/$", periods.period_turn, name="period-turn"
    ),
    path("imports/", imports.imports, name="imports"),
    path("imports/queue/", match_queue.match_queue, name="match-queue"),
    re_path(r"^imports/queue/(?P<pk>\d{1,18})/(?P<act>match|dismiss)/$", match_queue.match_act, name="match-act"),
    path("imports/<int:pk>/", imports.import_detail, name="import"),
    path("imports/<int:pk>/columns/", imports.import_columns, name="import-columns"),
    path("imports/<int:pk>/rejects.csv", imports.import_rejects, name="import-rejects"),
    *(
        path(f"imports/<int:pk>/{act}/", imports.import_act, {"act": act}, name=f"import-{act}")
        for act in ("apply", "undo", "cancel")
    ),
]
