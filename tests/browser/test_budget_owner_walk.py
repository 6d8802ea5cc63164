"""From an empty project to an explained estimate, in the browser only, by what the pages themselves offer.

Three people: the director opens the project and closes a month, the project manager plans, spends and asks for a
change, the budget owner decides. Every page is reached by its link or button, every field is found by its label.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
from playwright.sync_api import Page, expect

from benchmarks.installation import Installation
from tests.browser.conftest import NARROW, WIDE, sideways

CODE = "WALK-1"
PASTE = """(text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
}"""
Visit = Callable[..., Page]


def month(ahead: int) -> date:
    """The first day of the month so many months from this one."""
    today = date.today()
    year, place = divmod(today.year * 12 + today.month - 1 + ahead, 12)
    return date(year, place + 1, 1)


def named(day: date) -> str:
    return f"{day:%B %Y}"


def somebody(visit: Visit, house: Installation, local: str, size: dict[str, int] = WIDE) -> Page:
    """A window in which this person of the demo has signed in."""
    page = visit(size, signed=False)
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(f"{local}@demo.example")
    page.locator("[name=password]").fill(house.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/o/demo/")
    return page


def tab(page: Page, name: str) -> None:
    """One of the sections of the project."""
    link = page.get_by_role("navigation", name="Project sections").get_by_role("link", name=name, exact=True)
    link.click()
    expect(link).to_have_attribute("aria-current", "page")
    page.wait_for_load_state()
    assert sideways(page) == 0, name


def find(page: Page) -> None:
    """The project, by searching the cockpit for its code."""
    page.goto("/o/demo/")
    page.get_by_role("searchbox", name="Filter projects").fill(CODE)
    page.keyboard.press("Enter")
    page.locator(".dt-cockpit").get_by_role("link", name="Harbour lift bridge").click()
    expect(page.get_by_role("heading", level=1, name="Harbour lift bridge")).to_be_visible()


def actuals(folder: Path) -> Path:
    """Three months of costs as finance sends them; the last line names no project that is known here."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Project", "Document", "Posting date", "Vendor", "Description", "Category", "Amount"])
    sheet.append([CODE, "INV-100", month(-2).replace(day=14), "Tidewater Surveys", "Site survey", "Services", 19_500])
    sheet.append([CODE, "INV-101", month(-1).replace(day=12), "Marlow Steel", "Deck steel", "Material", 98_000.5])
    sheet.append([CODE, "INV-102", month(0), "Marlow Steel", "Deck steel, second part", "Material", 104_250])
    sheet.append(["HARBOUR?", "INV-103", month(0), "Kestrel Crane Hire", "Crane", "Equipment", 8_200])
    path = folder / "actuals.xlsx"
    book.save(path)
    return path


def send(page: Page, file: Path) -> None:
    """Choose the file on the page of imports and wait for the preview."""
    page.get_by_role("link", name="Imports", exact=True).first.click()
    page.get_by_label("Drop a CSV or Excel file here, or choose one").set_input_files(str(file))
    page.wait_for_url(re.compile(r"/imports/\d+/"))
    expect(page.get_by_text(re.compile("(Ready|Nothing) to apply")).first).to_be_visible(timeout=30_000)


def outcome(page: Page, name: str) -> str:
    """How many rows of the import came to this."""
    return page.locator(".import-sum dl > div", has_text=name).locator("dd").inner_text()


def the_project_is_opened(director: Page) -> None:
    director.get_by_role("link", name="New project").click()
    director.get_by_role("button", name="Create the project").click()
    expect(director.get_by_text("“Code” is needed.")).to_be_visible()
    director.get_by_label("Name").fill("Harbour lift bridge")
    director.get_by_label("Code").fill(CODE)
    director.get_by_label("Portfolio").select_option(label="Capital")
    director.get_by_label("Planned start").fill(month(-3).isoformat())
    director.get_by_label("Planned finish").fill(month(9).isoformat())
    director.get_by_label("Project manager").select_option(label="Saskia Castellane")
    director.get_by_label("Budget owner").select_option(label="Tamsin Orrell")
    director.get_by_role("button", name="Create the project").click()
    expect(director.get_by_text(f"{CODE} is created.")).to_be_visible()


def the_budget_is_planned_in_the_grid(manager: Page) -> None:
    find(manager)
    tab(manager, "Money")
    manager.get_by_role("link", name="Open the budget").click()
    manager.get_by_role("link", name="Propose a budget").last.click()
    manager.get_by_label("What changes").fill("First budget")
    for line, (phase, amount) in enumerate((("Initiation", "40000"), ("Execution", "600000")), 1):
        manager.get_by_label(f"Line {line}: Phase").select_option(label=phase)
        manager.get_by_label(f"Line {line}: Amount").fill(amount)
    manager.get_by_role("button", name="Keep as a draft").click()
    manager.get_by_role("link", name="Edit lines").click()
    manager.get_by_label(f"Initiation, Services · Operating, {named(month(-3))}").focus()
    manager.evaluate(PASTE, "20,000\t20,000\n\t\t100,000\t100 000\t100000.00\t100000\t100000\t100000\n5,000")
    expect(manager.get_by_text("lies outside the grid and was left out")).to_be_visible()
    expect(manager.locator("[data-total]")).to_have_text("1,280,000.00")  # what is spread counts beside the months
    for row in ("Initiation", "Execution"):
        manager.get_by_label(f"{row}, Services · Operating, spread").fill("")
    expect(manager.locator("[data-total]")).to_have_text("640,000.00")
    manager.get_by_label(f"Initiation, Services · Operating, {named(month(-3))}").focus()
    manager.keyboard.press("ArrowDown")
    expect(manager.get_by_label(f"Execution, Services · Operating, {named(month(-3))}")).to_be_focused()
    manager.get_by_role("button", name="Save", exact=True).click()
    expect(manager.get_by_text("B1 is saved.")).to_be_visible()
    manager.get_by_role("link", name="Back to the versions").click()
    manager.get_by_role("button", name="Submit for decision").click()
    expect(manager.get_by_text("waits for a decision by Tamsin Orrell")).to_be_visible()
    expect(manager.get_by_role("button", name="Approve")).to_have_count(0)


def somebody_else_approves(owner: Page) -> None:
    owner.goto("/o/demo/")
    owner.get_by_role("link", name="Decide on budget B1").click()
    owner.get_by_role("button", name="Approve").click()
    expect(owner.get_by_text("B1 is approved and is the baseline now.")).to_be_visible()
    tab(owner, "Money")
    owner.get_by_role("navigation", name="What the cells show").get_by_role("link", name="Budget").click()
    expect(owner.locator(".mgrid tbody tr").last.locator("td").last).to_have_text("640,000")


def three_months_of_costs_come_in(manager: Page, file: Path) -> None:
    send(manager, file)
    manager.get_by_role("button", name="Apply", exact=True).click()
    manager.get_by_role("link", name="1 line waits for its project").click()
    manager.get_by_role("button", name="Match HARBOUR?").click()
    dialog = manager.get_by_role("dialog")
    dialog.get_by_label("Code of the project").fill(CODE)
    dialog.get_by_role("button", name="Post to the project").click()
    expect(manager.get_by_text("The line is posted.")).to_be_visible()
    send(manager, file)
    expect(manager.get_by_text("There is nothing to apply.")).to_be_visible()
    assert [outcome(manager, name) for name in ("Created", "Updated", "Unchanged", "Rejected")] == ["0", "0", "4", "0"]
    expect(manager.get_by_role("button", name="Apply", exact=True)).to_have_count(0)


def a_change_is_asked_for(manager: Page) -> None:
    find(manager)
    manager.get_by_role("link", name="State progress").first.click()
    manager.get_by_label("Done, in percent").fill("30")
    manager.get_by_role("button", name="Record").click()
    tab(manager, "Budget")
    manager.get_by_text("Copy forward").click()
    manager.get_by_label("What changes").fill("Second lane")
    manager.get_by_role("button", name="Copy", exact=True).click()
    manager.get_by_label(f"Execution, Services · Operating, {named(month(5))}").fill("80,000")
    manager.get_by_role("button", name="Save", exact=True).click()
    expect(manager.get_by_text("B2 is saved.")).to_be_visible()
    manager.get_by_role("link", name="Back to the versions").click()
    manager.get_by_role("link", name="Request the change").click()
    manager.get_by_label("What changes").fill("Second lane")
    manager.get_by_label("Why", exact=True).fill("The council voted for two lanes.")
    manager.get_by_label("New finish").fill(month(11).isoformat())
    manager.get_by_label("Effect on scope").fill("A second lane over the whole span.")
    manager.get_by_label("Effect on risk").fill("The crane is needed for six more weeks.")
    manager.get_by_role("button", name="Keep as a draft").click()
    expect(manager.get_by_text("+80,000.00 GBP")).to_be_visible()
    manager.get_by_role("button", name="Submit for decision").click()
    expect(manager.get_by_text("waits for a decision by Tamsin Orrell")).to_be_visible()
    tab(manager, "Overview")
    expect(manager.get_by_role("link", name="CR-1 waits for a decision")).to_be_visible()


def it_is_decided_and_makes_a_baseline(owner: Page) -> None:
    owner.goto("/o/demo/")
    owner.get_by_role("link", name="CR-1: Second lane").click()
    owner.get_by_role("button", name="Approve").click()
    expect(owner.get_by_text("“Reason of the decision” is needed.")).to_be_visible()
    owner.get_by_label("Reason of the decision").fill("Affordable, and the vote is public.")
    owner.get_by_role("button", name="Approve").click()
    expect(owner.get_by_text("the project has a new baseline")).to_be_visible()
    owner.get_by_role("link", name="Compare with BL-1").click()
    facts = owner.get_by_label("Baselines").first.locator("xpath=ancestor-or-self::section").locator("dl.facts")
    # 30 % of 640,000 earned, 229,950.50 spent: measured against the first baseline
    expect(facts.locator("div", has_text="Cost variance")).to_contain_text("−37,950.50")
    bridge = owner.locator("table.bridge tbody tr")
    expect(bridge.first).to_contain_text("640,000.00")
    expect(bridge.filter(has_text="CR-1 Second lane")).to_contain_text("+80,000.00")
    # 720,000 / (216,000 / 229,950.50)
    expect(bridge.last).to_contain_text("766,501.67")


def the_estimate_is_explained_down_to_the_entries(owner: Page) -> None:
    tab(owner, "Overview")
    money = owner.get_by_role("group", name="Money")
    expect(money.get_by_role("link", name="767")).to_be_visible(timeout=30_000)
    money.get_by_role("link", name="767").click()
    panel = owner.locator("#panel")
    expect(panel).to_contain_text("766,501.67")
    panel.get_by_role("link", name="Cost performance index").click()
    panel.get_by_role("link", name="Actual cost").click()
    expect(panel).to_contain_text("229,950.50")
    expect(panel).to_contain_text("INV-101")
    expect(panel).to_contain_text("98,000.50")


def a_closed_month_takes_nothing(director: Page, manager: Page) -> None:
    closed = named(month(-1))
    director.get_by_role("link", name="Periods").click()
    director.get_by_role("button", name=f"Close {closed}").click()
    director.get_by_role("button", name="Close the month").click()
    expect(director.get_by_text(f"{closed} is closed.")).to_be_visible()
    try:
        find(manager)
        manager.get_by_role("link", name="Post a cost").click()
        manager.get_by_label("Amount").fill("500")
        manager.get_by_label("Date of the cost").fill(month(-1).replace(day=20).isoformat())
        manager.get_by_role("button", name="Post", exact=True).click()
        expect(manager.get_by_text(f"{closed} is closed; post it to {named(month(0))}.")).to_be_visible()
    finally:
        director.get_by_role("button", name=f"Reopen {closed}").click()
        director.get_by_role("dialog").get_by_label("Reason").fill("The walk is over.")
        director.get_by_role("button", name="Reopen the month").click()
        expect(director.get_by_text(f"{closed} takes postings again.")).to_be_visible()


def test_a_budget_owner_gets_from_an_empty_project_to_an_explained_estimate(
    visit: Visit, house: Installation, tmp_path: Path
) -> None:
    director, manager = somebody(visit, house, "director"), somebody(visit, house, "project.manager")
    owner = somebody(visit, house, "budget.owner")
    the_project_is_opened(director)
    the_budget_is_planned_in_the_grid(manager)
    somebody_else_approves(owner)
    three_months_of_costs_come_in(manager, actuals(tmp_path))
    a_change_is_asked_for(manager)
    it_is_decided_and_makes_a_baseline(owner)
    the_estimate_is_explained_down_to_the_entries(owner)
    a_closed_month_takes_nothing(director, manager)
    narrow = somebody(visit, house, "budget.owner", NARROW)
    find(narrow)
    for name in ("Money", "Ledger", "Budget", "Changes"):
        tab(narrow, name)
