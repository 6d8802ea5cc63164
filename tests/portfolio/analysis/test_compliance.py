"""The worked numbers of docs/algorithms/compliance.md, and the edges between them."""

from datetime import date
from decimal import Decimal

import pytest

from portfolio.analysis.compliance import (
    NOTHING_ASKED,
    NOTHING_DUE,
    Compliance,
    Leave,
    Requirement,
    counts,
    judge,
    judge_all,
    packed,
    passed_on,
    percent_shown,
    summed,
    worst,
)


def on(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def asked(number: int, due: str | None = None, done: str | None = None, *leaves: tuple[str, str], **changes):
    values = {
        "id": number, "kind": "activity", "key": f"r{number}", "name": f"Requirement {number}", "phase": "initiation",
        "phase_name": "Initiation", "phase_order": 1, "order": number, "due": on(due) if due else None,
        "done_on": on(done) if done else None, "leaves": tuple(Leave(on(a), on(b)) for a, b in leaves),
    }  # fmt: skip
    return Requirement(**(values | changes))


WORKED = (
    asked(1, "02-01", "01-30"),
    asked(2, "02-10", "02-11"),
    asked(3, "02-28"),
    asked(4, "03-15", None, ("03-10", "04-30"), kind="gate"),
    asked(5, "03-01", None, ("03-20", "04-30"), kind="deliverable"),
    asked(6, "04-10"),
    asked(7, "03-01", mandatory=False),
    asked(8, "12-01"),
    asked(9, "03-01", applies=False),
    asked(10, "03-05", "03-25", ("03-04", "03-28")),
)
DAY = on("03-31")


def test_the_worked_states_are_those_of_the_document():
    states = {item.requirement.id: item.state for item in judge_all(WORKED, DAY)}
    assert states == {
        1: "met", 2: "late", 3: "breach", 4: "waived", 5: "waived", 6: "due", 7: "open", 8: "open",
        9: "not_applicable", 10: "met",
    }  # fmt: skip


def test_the_worked_percentage_is_that_of_the_document():
    sums = summed(judge_all(WORKED, DAY))
    assert sums == Compliance(applicable=6, met=2, waived=1, late=2, breached=1, due_soon=1)
    assert percent_shown(sums) == Decimal("50.00")


def test_at_an_earlier_day_nothing_later_is_seen():
    sums = summed(judge_all(WORKED, on("02-28")))
    assert (sums.applicable, sums.met, sums.late, sums.breached) == (2, 1, 1, 0)
    assert percent_shown(sums) == 50
    assert judge(WORKED[2], on("02-28")).state == "due"
    assert judge(WORKED[2], on("03-01")).state == "breach"
    assert judge(WORKED[0], on("01-29")).state == "due"


@pytest.mark.parametrize(
    ("done", "state"), [("03-15", "met"), ("03-16", "late"), (None, "breach")], ids=["on the day", "after", "never"]
)
def test_done_on_the_due_day_is_in_time(done, state):
    assert judge(asked(1, "03-15", done), DAY).state == state


def test_the_last_day_of_a_waiver_still_waives_and_the_next_does_not():
    item = asked(1, "03-15", None, ("03-10", "03-31"))
    assert (judge(item, on("03-31")).state, judge(item, on("03-31")).in_time) == ("waived", True)
    assert (judge(item, on("04-01")).state, judge(item, on("04-01")).in_time) == ("breach", False)


def test_a_waiver_in_time_that_another_follows_before_it_ends_goes_on():
    item = asked(1, "03-15", None, ("03-10", "03-20"), ("03-20", "04-30"))
    assert judge(item, DAY).deadline == on("04-30")
    gap = asked(1, "03-15", None, ("03-10", "03-20"), ("03-21", "04-30"))
    assert judge(gap, DAY).deadline == on("03-20")
    assert (judge(gap, DAY).state, judge(gap, DAY).in_time) == ("waived", False)


def test_due_begins_fourteen_days_before():
    assert judge(asked(1, "04-14"), DAY).state == "due"
    assert judge(asked(1, "04-15"), DAY).state == "open"


def test_what_has_no_due_day_is_never_counted():
    assert judge(asked(1), DAY).state == "open"
    done = judge(asked(1, None, "03-01"), DAY)
    assert (done.state, done.counted) == ("met", False)


def test_no_percentage_has_a_reason():
    assert (summed(()).percent, summed(()).why_undefined) == (None, NOTHING_ASKED)
    ahead = summed(judge_all([asked(1, "12-01")], DAY))
    assert (percent_shown(ahead), ahead.why_undefined) == (None, NOTHING_DUE)


def test_a_gate_counts_from_the_first_pass_that_nothing_undid():
    passes = [(on("01-10"), "pass")]
    assert passed_on(passes, DAY) == on("01-10")
    assert passed_on(passes, on("01-09")) is None
    held = [*passes, (on("02-10"), "hold")]
    assert passed_on(held, DAY) is None
    assert passed_on(held, on("02-09")) == on("01-10")
    again = [*held, (on("03-10"), "conditional"), (on("03-20"), "pass")]
    assert passed_on(again, DAY) == on("03-10")


def test_almost_all_is_not_shown_as_all():
    assert percent_shown(Compliance(applicable=100_000, met=99_999)) == Decimal("99.99")
    assert percent_shown(Compliance(applicable=3, met=1, waived=1)) == Decimal("66.67")
    assert percent_shown(Compliance(applicable=3, met=3)) == 100


def test_cells_tell_what_the_matrix_shows():
    cells = packed(judge_all(WORKED, DAY))
    assert cells["gate:initiation:r4"] == ["waived", 4, "2026-03-15", None, "2026-04-30", 0]
    assert cells["deliverable:initiation:r5"][5] == 1
    assert counts(cells)["breach"] == 1 and counts(cells)["met"] == 2
    assert worst(["met", "waived", "open"]) == "waived"
    assert worst([]) is None


def test_phases_come_in_order_and_policies_last():
    order = [
        asked(1, kind="policy", phase_order=0), asked(2, phase_order=2), asked(3, phase_order=1, kind="gate"),
        asked(4, phase_order=1, order=9),
    ]  # fmt: skip
    assert [item.requirement.id for item in judge_all(order, DAY)] == [4, 3, 2, 1]
