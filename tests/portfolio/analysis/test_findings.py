"""Reconciling what rules see with what is on record."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.analysis.findings import Finding, Known, Plan, fingerprint, fingerprint_of, raised, reconcile

TODAY = date(2026, 11, 1)


def finding(rule: str = "stale-data", subject: str = "project:1", title: str = "Old", severity="low") -> Finding:
    return Finding(rule, severity, title, "", subject, (1,))


def known(seen: Finding, status="open", until: date | None = None) -> Known:
    return Known(fingerprint(seen), seen.rule, seen.subject, status, until)


def everything(rule: str, subject: str) -> bool:
    return True


def nothing(rule: str, subject: str) -> bool:
    return False


def test_the_same_rule_and_subject_are_the_same_finding_whatever_the_words():
    assert fingerprint(finding(title="Old")) == fingerprint(finding(title="Older"))
    assert fingerprint(finding()) != fingerprint(finding(subject="project:2"))
    assert fingerprint(finding()) != fingerprint(finding(rule="missing-owner"))
    assert len(fingerprint_of("a", "b")) == 64


def test_a_new_one_is_opened():
    assert reconcile([], [finding()], everything, TODAY) == Plan(opened=(finding(),))


def test_one_seen_again_keeps_being_acknowledged():
    plan = reconcile([known(finding(), "acknowledged")], [finding()], everything, TODAY)
    assert [change.status for change in plan.seen_again] == ["acknowledged"]
    assert plan == Plan(seen_again=plan.seen_again)


def test_one_whose_cause_is_gone_resolves_itself():
    before = known(finding(), "in_treatment")
    assert reconcile([before], [], everything, TODAY) == Plan(resolved=(before,))


def test_one_that_was_not_looked_at_stays():
    assert reconcile([known(finding())], [], nothing, TODAY) == Plan()


def test_one_that_returns_is_reopened():
    plan = reconcile([known(finding(), "resolved")], [finding()], everything, TODAY)
    assert [change.status for change in plan.reopened] == ["open"]


def test_one_suppressed_stays_so_until_the_day_before_its_date():
    tomorrow = known(finding(), "suppressed", date(2026, 11, 2))
    assert [each.status for each in reconcile([tomorrow], [finding()], everything, TODAY).seen_again] == ["suppressed"]
    today = known(finding(), "suppressed", TODAY)
    assert [each.status for each in reconcile([today], [finding()], everything, TODAY).unsuppressed] == ["open"]


def test_one_suppressed_that_went_and_came_back_early_is_still_suppressed():
    gone = known(finding(), "resolved", date(2026, 12, 1))
    assert [each.status for each in reconcile([gone], [finding()], everything, TODAY).reopened] == ["suppressed"]


def test_a_suppressed_one_whose_cause_is_gone_resolves():
    before = known(finding(), "suppressed", date(2027, 1, 1))
    assert reconcile([before], [], everything, TODAY).resolved == (before,)


def test_severity_moves_within_the_four_there_are():
    assert [raised("high", steps) for steps in (-9, -1, 0, 1, 9)] == ["low", "medium", "high", "critical", "critical"]


SUBJECTS = st.sampled_from([f"project:{n}" for n in range(4)])
SEEN = st.lists(
    st.builds(
        finding,
        rule=st.sampled_from(["a", "b"]),
        subject=SUBJECTS,
        title=st.sampled_from(["x", "y"]),
        severity=st.sampled_from(["low", "high"]),
    ),
    max_size=8,
)
EXISTING = st.lists(
    st.builds(
        lambda rule, subject, status, until: Known(fingerprint_of(rule, subject), rule, subject, status, until),
        st.sampled_from(["a", "b"]),
        SUBJECTS,
        st.sampled_from(["open", "acknowledged", "in_treatment", "suppressed", "resolved"]),
        st.sampled_from([None, date(2026, 10, 1), date(2026, 12, 1)]),
    ),
    max_size=8,
    unique_by=lambda each: each.fingerprint,
)


def carried_out(existing: list[Known], plan: Plan) -> list[Known]:
    """What is on record once the plan was written: the model the database has to follow."""
    record = {each.fingerprint: each for each in existing}
    for opened in plan.opened:
        assert fingerprint(opened) not in record, "a finding may never be opened twice"
        record[fingerprint(opened)] = known(opened)
    for change in (*plan.seen_again, *plan.reopened, *plan.unsuppressed):
        record[change.known.fingerprint] = replace(record[change.known.fingerprint], status=change.status)
    for each in plan.resolved:
        record[each.fingerprint] = replace(each, status="resolved")
    return list(record.values())


@settings(max_examples=50, deadline=None)
@given(EXISTING, SEEN)
def test_doing_it_twice_changes_nothing_more(existing, seen):
    once = carried_out(existing, reconcile(existing, seen, everything, TODAY))
    again = reconcile(once, seen, everything, TODAY)
    assert (again.opened, again.resolved, again.reopened, again.unsuppressed) == ((), (), (), ())
    assert sorted(carried_out(once, again), key=repr) == sorted(once, key=repr)


@settings(max_examples=50, deadline=None)
@given(EXISTING, SEEN)
def test_every_finding_is_in_one_list_at_most_and_no_fingerprint_twice(existing, seen):
    plan = reconcile(existing, seen, everything, TODAY)
    touched = [fingerprint(each) for each in plan.opened]
    touched += [each.known.fingerprint for each in (*plan.seen_again, *plan.reopened, *plan.unsuppressed)]
    touched += [each.fingerprint for each in plan.resolved]
    assert len(touched) == len(set(touched))
    assert {fingerprint(each) for each in seen} <= set(touched)


@settings(max_examples=50, deadline=None)
@given(EXISTING, SEEN, st.randoms(use_true_random=False))
def test_the_order_of_things_does_not_matter(existing, seen, random):
    plan = reconcile(existing, seen, everything, TODAY)
    random.shuffle(existing)
    random.shuffle(seen)
    assert reconcile(existing, seen, everything, TODAY) == plan


@settings(max_examples=50, deadline=None)
@given(EXISTING, SEEN, st.sets(SUBJECTS))
def test_what_was_not_evaluated_is_never_resolved(existing, seen, looked_at):
    plan = reconcile(existing, seen, lambda rule, subject: subject in looked_at, TODAY)
    assert all(each.subject in looked_at for each in plan.resolved)


@settings(max_examples=50, deadline=None)
@given(EXISTING, SEEN)
def test_part_by_part_gives_the_same_as_all_at_once(existing, seen):
    whole = carried_out(existing, reconcile(existing, seen, everything, TODAY))
    parts = list(existing)
    for subject in (f"project:{n}" for n in range(4)):
        part = [each for each in seen if each.subject == subject]
        parts = carried_out(parts, reconcile(parts, part, lambda rule, s, only=subject: s == only, TODAY))
    assert sorted(parts, key=repr) == sorted(whole, key=repr)
