"""US Federal IT Dashboard, project export: millions of dollars; dates once read with day and month exchanged."""

from __future__ import annotations

from projects.imports.preset import PRESETS, Preset

PRESETS.add(
    "us-it-dashboard",
    Preset(
        key="us-it-dashboard",
        name="US Federal IT Dashboard",
        target="projects",
        about="One row a project. Planned cost is the budget, projected or actual cost the reported estimate at "
        "completion. Project ids are unique only within a business case; day and month are exchanged up to the 12th.",
        signature=(
            "Business Case ID",
            "Project ID",
            "Investment Title",
            "Planned Cost ($ M)",
            "Projected/Actual Cost ($ M)",
        ),
        mapping={
            "name": {"column": "Project Name"},
            "description": {"column": "Project Description"},
            "programme": {"column": "Investment Title"},
            "portfolio": {"column": "Agency Name"},
            "start": {"column": "Start Date"},
            "finish": {"column": "Completion Date (B1)"},
            "forecast_finish": {"column": "Projected/Actual Project Completion Date (B2)"},
            "budget": {"column": "Planned Cost ($ M)", "scale": 1000000},
            "reported_eac": {"column": "Projected/Actual Cost ($ M)", "scale": 1000000},
            "status_date": {"column": "Updated Date"},
            "currency": {"default": "USD"},
        },
        options={
            "key": ["Business Case ID", "Project ID"],
            "date_order": "YMD",
            "swap_day_month": True,
            "create_missing": True,
            "source": "US Federal IT Dashboard",
        },
    ),
)
