"""A project from the first idea to its closure, as its manager and its sponsor do it; every step leaves a record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from benchmarks.installation import Installation
from tests.browser.conftest import NARROW

CODE = "WIZ-001"
AT = f"/o/demo/projects/{CODE}/"
STEPS = {
    "project.create", "complexity.assess", "activity.done", "deliverable.submit", "deliverable.accept",
    "evidence.add", "gate_review.prepare", "gate_review.submit", "gate_review.verdict", "gate_review.decide",
    "project.update", "lesson.record", "benefit_owner.name",
}  # fmt: skip


def recorded(page: Page) -> list[dict[str, Any]]:
    """The newest events of the log of changes."""
    answer = page.request.get("/api/v1/audit-events/?page_size=200&ordering=-at", headers={"X-Organisation": "demo"})
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def as_manager(visit: Callable[..., Page], house: Installation) -> Page:
    page = visit(signed=False)
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill("project.manager@demo.example")
    page.locator("[name=password]").fill(house.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/o/demo/")
    return page


def created(page: Page) -> None:
    """Idea, size and complexity, tier and plan; going back keeps what was filled in."""
    page.goto("/o/demo/projects/new/")
    for name, value in (("name", "Bicycle shelter"), ("code", CODE), ("start", "2026-12-01"), ("finish", "2027-03-31")):
        page.locator(f"main [name={name}]").fill(value)
    page.locator("main [name=portfolio]").select_option(index=1)
    for name, who in (
        ("project_manager", "Saskia Castellane"), ("sponsor", "Imogen Farrant"), ("budget_owner", "Tamsin Orrell"),
    ):  # fmt: skip
        page.locator(f"main [name={name}]").select_option(label=who)
    page.get_by_role("button", name="Next: size and complexity").click()
    page.locator("[name=team]").fill("3")
    for question in page.locator("fieldset.question").all():
        question.get_by_role("radio").first.check()
    page.get_by_role("button", name="Next: what is asked of it").click()
    expect(page.locator("main")).to_contain_text("Tier 1")
    page.get_by_role("link", name="Back").click()
    expect(page.locator("[name=team]")).to_have_value("3")
    page.get_by_role("button", name="Next: what is asked of it").click()
    expect(page.locator("main")).to_contain_text("Write the charter")
    page.get_by_role("button", name="Create the project").click()
    page.wait_for_url(f"**{AT}plan/")


def worked(page: Page) -> None:
    """Everything of the current phase done, by keyboard where it is a tick; deliverables handed in."""
    page.goto(f"{AT}plan/")
    ticks = page.locator("details[open] .plan-tick:not(.on)")
    while ticks.count():
        left = ticks.count()
        ticks.first.focus()
        page.keyboard.press("Enter")
        expect(ticks).to_have_count(left - 1)
    handing = page.locator("details[open] .plan-row[id^=deliverable-] a").evaluate_all("all => all.map(a => a.href)")
    for href in dict.fromkeys(handing):
        page.goto(href)
        button = page.get_by_role("button", name="Hand in for acceptance")
        if button.count():
            page.locator("#ev-url").fill("https://example.org/paper")
            page.get_by_role("button", name="Attach").click()
            page.get_by_role("button", name="Hand in for acceptance").click()


def submitted(page: Page) -> bool:
    """The gate of the current phase put before its approvers; False where the phase has none."""
    page.goto(f"{AT}plan/")
    gate = page.locator("details[open] .plan-row[id^=gate-] a").first
    if not gate.count():
        return False
    gate.click()
    page.get_by_role("button", name="Prepare the review").click()
    for each in page.locator("fieldset.crit").all():
        each.get_by_role("radio", name="Met", exact=True).check()
    page.locator("#summary").fill("Ready.")
    page.get_by_role("button", name="Submit to the approvers").click()
    expect(page.locator("main")).to_contain_text("Waiting for approval")
    return True


def decided(page: Page) -> None:
    """What waits for the sponsor: deliverables accepted, the review passed."""
    page.goto("/o/demo/waiting/")
    mine = page.locator("article.wait-item").filter(has_text=CODE)
    while mine.count():
        left = mine.count()
        one = mine.first
        button = one.get_by_role("button", name="Accept")
        (button if button.count() else one.get_by_role("button", name="Pass", exact=True)).click()
        expect(mine).to_have_count(left - 1)


def test_a_project_goes_from_the_wizard_through_all_phases_to_closure(
    visit: Callable[..., Page], house: Installation
) -> None:
    director = visit()
    created(director)
    manager = as_manager(visit, house)
    manager.goto(f"{AT}plan/")
    phases = manager.locator("details.plan-phase").count()
    assert phases == 5
    for place in range(phases):
        worked(manager)
        gated = submitted(manager)
        decided(director)
        if place == phases - 1:
            break
        manager.goto(f"{AT}plan/")
        if place == 3:
            assert not gated, "a small project has no gate here"
        manager.get_by_role("button", name="Go on to").click()
        expect(manager.locator("details.plan-phase .pl-tag-brand")).to_have_count(1)
    manager.goto(f"{AT}closing/")
    expect(manager.get_by_role("button", name="Close the project")).to_have_count(0)
    for name, value in (("title", "Ask earlier"), ("happened", "Late permit."), ("advice", "Ask in the first week.")):
        manager.locator(f"main [name={name}]").fill(value)
    manager.get_by_role("button", name="Write it down").click()
    manager.locator("main [name=benefit]").fill("More people cycle")
    manager.locator("main [name=person]").select_option(label="Tamsin Orrell")
    manager.locator("main [name=review_on]").fill("2027-09-01")
    manager.get_by_role("button", name="Name the owner").click()
    manager.get_by_role("button", name="Close the project").click()
    expect(manager.locator("main")).to_contain_text("Closed")
    told = {row["action"] for row in recorded(director)}
    assert told >= STEPS


def test_a_waiver_is_asked_for_and_granted_by_somebody_else(visit: Callable[..., Page], house: Installation) -> None:
    manager, director = as_manager(visit, house), visit()
    code = (
        manager.locator("main a[href*='/projects/']").first.get_attribute("href").split("/projects/")[1].split("/")[0]
    )
    manager.goto(f"/o/demo/projects/{code}/waivers/new/")
    manager.locator("[name=reason]").fill("Too small for this.")
    manager.get_by_role("button", name="Ask", exact=True).click()
    director.goto("/o/demo/waiting/")
    director.locator("article.wait-item").filter(has_text="Too small for this.").get_by_role(
        "button", name="Grant"
    ).click()
    director.goto(f"/o/demo/projects/{code}/waivers/")
    expect(director.locator("article.wait-item").filter(has_text="Too small for this.")).to_contain_text("Granted")


def test_the_plan_fits_a_phone(visit: Callable[..., Page]) -> None:
    page = visit(NARROW)
    page.goto(f"{AT}plan/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
