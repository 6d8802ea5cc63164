"""UK Government Major Projects Portfolio, yearly department tables: millions of pounds, headers with long footnotes."""

from __future__ import annotations

from projects.imports.preset import PRESETS, Preset

PRESETS.add(
    "uk-gmpp",
    Preset(
        key="uk-gmpp",
        name="UK Government Major Projects Portfolio",
        target="projects",
        about="One row a project. Whole life cost is the budget; the published delivery confidence (of the authority, "
        "else of the senior responsible owner) is the declared health. Exempt and early-planning cells are left empty.",
        signature=("GMPP ID Number", "Project Name", "TOTAL Baseline Whole Life Costs*", "SRO Delivery Confidence*"),
        mapping={
            "name": {"column": "Project Name"},
            "description": {"column": "Description / Aims"},
            "programme": {"column": "Annual Report Category"},
            "portfolio": {"column": "Department"},
            "start": {"column": "Project - Start Date*"},
            "finish": {"column": "Project - End Date*"},
            "budget": {"column": "TOTAL Baseline Whole Life Costs*", "scale": 1000000},
            "health": {
                "column": ["IPA Delivery Confidence Assessment*", "SRO Delivery Confidence Assessment*"],
                "join": "/",
                "values": {"Amber/Red": "amber", "Amber/Green": "amber", "Reset": ""},
            },
            "currency": {"default": "GBP"},
        },
        options={
            "key": ["GMPP ID Number"],
            "date_order": "YMD",
            "empty_values": ["Exempt under*", "Early planning GMPP*", "The GMPP project did not provide data*"],
            "create_missing": True,
            "source": "UK GMPP",
        },
    ),
)
