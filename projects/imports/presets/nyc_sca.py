"""New York City School Construction Authority: one row a phase of a project; codes of letters in money and dates."""

from __future__ import annotations

from projects.imports.preset import PRESETS, Preset

PRESETS.add(
    "nyc-sca",
    Preset(
        key="nyc-sca",
        name="NYC school construction phases",
        target="projects",
        about="One row a phase: the rows of one project are added up and kept as its phases. Spending to date is the "
        "actual cost, the final estimate the reported estimate at completion. Codes such as PNS are empty.",
        signature=(
            "Project Building Identifier",
            "Project School Name",
            "Project Phase Name",
            "Project Budget Amount",
            "Total Phase Actual Spending Amount",
            "DSF Number(s)",
        ),
        mapping={
            "name": {"column": ["Project School Name", "Project Description"], "join": ": "},
            "portfolio": {"default": "NYC School Construction Authority"},
            "programme": {"column": "Project Type"},
            "phase": {"column": "Project Phase Name"},
            "status": {
                "column": "Project Status Name",
                "values": {"PNS": "proposed", "In-Progress": "active", "Complete": "closed"},
            },
            "start": {"column": "Project Phase Actual Start Date"},
            "finish": {"column": "Project Phase Planned End Date"},
            "actual_finish": {"column": "Project Phase Actual End Date"},
            "budget": {"column": "Project Budget Amount"},
            "reported_eac": {"column": "Final Estimate of Actual Costs Through End of Phase Amount"},
            "actual_cost": {"column": "Total Phase Actual Spending Amount"},
            "currency": {"default": "USD"},
        },
        options={
            "key": ["DSF Number(s)"],
            "group_by": ["DSF Number(s)"],
            "date_order": "MDY",
            "empty_values": ["PNS", "IEH", "DOER", "DOES", "DIIR", "FTK", "EMER"],
            "create_missing": True,
            "source": "NYC SCA",
        },
    ),
)
