"""New York City capital projects: one row a half-yearly report; the newest counts, the others are its history."""

from __future__ import annotations

from projects.imports.preset import PRESETS, Preset

PRESETS.add(
    "nyc-capital",
    Preset(
        key="nyc-capital",
        name="NYC capital projects",
        target="projects",
        about="One row a report. The newest report of each project counts; earlier budgets are kept as budget history.",
        signature=("Date Reported As Of", "PID", "Budget Forecast", "Forecast Completion", "Total Budget Changes"),
        mapping={
            "name": {"column": "Project Name"},
            "description": {"column": "Description"},
            "portfolio": {"default": "NYC capital projects"},
            "programme": {"column": "Managing Agency"},
            "tags": {"column": ["Category", "Borough"], "join": ", "},
            "phase": {
                "column": "Current Phase",
                "values": {
                    "Design": "Planning",
                    "Construction Procurement": "Planning",
                    "Construction": "Execution",
                    "IT": "Execution",
                },
            },
            "start": {"column": "Design Start"},
            "finish": {"column": "Forecast Completion"},
            "budget": {"column": "Budget Forecast"},
            "status_date": {"column": "Date Reported As Of"},
            "currency": {"default": "USD"},
        },
        options={
            "key": ["PID"],
            "date_order": "MDY",
            "on_duplicate": "newest",
            "create_missing": True,
            "source": "NYC capital projects",
        },
    ),
)
