from pmo.kit.spreadsheet import Row
from projects.imports import guess, mapping


def table(*lines):
    return lines[0], [Row(number, line) for number, line in enumerate(lines[1:], start=2)]


def test_a_newcomers_file_mostly_maps_itself():
    headers, rows = table(
        (
            "Project No.",
            "Project Title",
            "PM",
            "Start Date",
            "End Date",
            "Budget (£m)",
            "Spent to date (£k)",
            "% Complete",
            "RAG",
        ),
        ("P-1", "Bridge", "Ann Lee", "01/02/2024", "31/12/2025", "1.5", "700", "0.5", "Green"),
        ("P-2", "Tunnel", "Bo Ek", "15/02/2024", "31/10/2025", "TBA", "10", "0.25", "Red"),
        ("Total", None, None, None, None, "1.5", "710", None, None),
    )
    proposal, options = guess.guess("projects", headers, rows)
    assert {key: rule["column"] for key, rule in proposal.items() if "column" in rule} == {
        "code": "Project No.",
        "name": "Project Title",
        "project_manager": "PM",
        "start": "Start Date",
        "finish": "End Date",
        "budget": "Budget (£m)",
        "actual_cost": "Spent to date (£k)",
        "percent_complete": "% Complete",
        "health": "RAG",
    }
    assert proposal["budget"]["scale"] == 1_000_000 and proposal["actual_cost"]["scale"] == 1_000
    assert proposal["percent_complete"]["scale"] == 100
    assert proposal["currency"] == {"default": "GBP"}
    assert options == {"skip_footer": 1, "empty_values": ["TBA"], "create_missing": True}
    mapping.parse("projects", proposal, options)


def test_a_ledger_is_recognised_as_cost_entries():
    headers, rows = table(
        ("Project", "Invoice Date", "Supplier", "Amount", "Invoice Number"),
        ("P-1", "2024-02-01", "Acme", "1.234,50", "R1"),
        ("P-1", "2024-02-02", "Acme", "99,00", "R2"),
    )
    assert guess.guess_target(headers, rows) == "cost-entries"
    proposal, options = guess.guess("cost-entries", headers, rows)
    assert proposal["incurred_on"] == {"column": "Invoice Date"} and proposal["amount"] == {"column": "Amount"}
    assert options["decimal_comma"] is True


def test_a_column_whose_contents_disagree_with_its_header_is_left_alone():
    headers, rows = table(("Project Name", "Budget"), ("A", "approved"), ("B", "refused"), ("C", "approved"))
    assert "budget" not in guess.guess("projects", headers, rows)[0]


def test_a_change_of_the_budget_is_no_budget():
    headers, rows = table(("Project Name", "Total Budget Changes"), ("A", "12"))
    assert "budget" not in guess.guess("projects", headers, rows)[0]


def test_a_total_at_the_end_is_no_project():
    headers, rows = table(("Project", "Budget"), ("A", "1"), ("B", "2"), ("Total", "3"))
    assert guess.guess("projects", headers, rows)[1] == {"skip_footer": 1}


def test_a_list_of_projects_with_spending_is_no_ledger():
    headers, rows = table(("Project Name", "Budget", "Actual Cost", "Status Date"), ("A", "5", "3", "2026-01-31"))
    assert guess.guess_target(headers, rows) == "projects"
