"""Findings: what they are, which two are the same, and what becomes of those known when rules have looked again.
Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Final, Literal

Severity = Literal["critical", "high", "medium", "low"]
Status = Literal["open", "acknowledged", "in_treatment", "suppressed", "resolved"]

SEVERITIES: Final[tuple[Severity, ...]] = ("critical", "high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One figure a finding rests on. `unit`: a currency code, '%', 'index', 'days', 'date', 'projects' or 'text'.

    `project_id` and `metric` say where the figure can be opened; None where it belongs to no one project or metric.
    """

    label: str
    value: Decimal | date | str | None
    unit: str
    project_id: int | None = None
    metric: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule saw. `subject` is the part of the identity beside the rule: `project:12`, `vendor:5:GBP`."""

    rule: str
    severity: Severity
    title: str
    detail: str
    subject: str
    project_ids: tuple[int, ...]
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """A finding already on record, as far as reconciling needs it."""

    fingerprint: str
    rule: str
    subject: str
    status: Status
    suppressed_until: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A known finding and what was seen of it now."""

    known: Known
    finding: Finding
    status: Status


@dataclass(frozen=True, slots=True)
class Plan:
    """What to write. A finding is in at most one of the lists; suppressed ones seen again are in `seen_again`.

    A reopened finding is open, or suppressed once more where the date of its suppression has not come yet.
    """

    opened: tuple[Finding, ...] = ()
    seen_again: tuple[Change, ...] = ()
    resolved: tuple[Known, ...] = ()
    reopened: tuple[Change, ...] = ()
    unsuppressed: tuple[Change, ...] = ()


def raised(severity: Severity, steps: int) -> Severity:
    """`severity` made worse by `steps` (milder where negative), within the four there are."""
    index = SEVERITIES.index(severity) - steps
    return SEVERITIES[min(max(index, 0), len(SEVERITIES) - 1)]


def fingerprint_of(rule: str, subject: str) -> str:
    """64 hexadecimal digits: the identity of the finding of `rule` about `subject`, the same for ever."""
    return sha256(f"{rule}\n{subject}".encode()).hexdigest()


def fingerprint(finding: Finding) -> str:
    """The identity of `finding`: its rule and its subject, neither words nor figures."""
    return fingerprint_of(finding.rule, finding.subject)


def reconcile(
    existing: Iterable[Known], seen: Iterable[Finding], evaluated: Callable[[str, str], bool], today: date
) -> Plan:
    """Compare what rules saw now with what is on record, and say what to write.

    `evaluated(rule, subject)` tells whether this run looked at that subject with that rule: only those findings may
    be resolved, so that an evaluation of a few projects closes nothing it did not look at. Two findings of one rule
    about one subject count as one (the graver stays). `today` decides whether a suppression has run out: it holds
    until the day before its date. Order of the arguments' items does not matter; lists in the plan are ordered by
    fingerprint.
    """
    known = {item.fingerprint: item for item in existing}
    current = _one_each(seen)
    opened: list[Finding] = []
    seen_again: list[Change] = []
    reopened: list[Change] = []
    unsuppressed: list[Change] = []
    for key in sorted(current):
        finding, before = current[key], known.get(key)
        if before is None:
            opened.append(finding)
        elif before.status == "resolved":
            back: Status = "suppressed" if _holds(before, today) else "open"
            reopened.append(Change(before, finding, back))
        elif before.status == "suppressed" and not _holds(before, today):
            unsuppressed.append(Change(before, finding, "open"))
        else:
            seen_again.append(Change(before, finding, before.status))
    resolved = [
        item
        for key, item in sorted(known.items())
        if key not in current and item.status != "resolved" and evaluated(item.rule, item.subject)
    ]
    return Plan(tuple(opened), tuple(seen_again), tuple(resolved), tuple(reopened), tuple(unsuppressed))


def _holds(item: Known, today: date) -> bool:
    return item.suppressed_until is not None and today < item.suppressed_until


def _one_each(seen: Iterable[Finding]) -> dict[str, Finding]:
    current: dict[str, Finding] = {}
    for finding in seen:
        key = fingerprint(finding)
        other = current.get(key)
        if other is None or _rank(finding) < _rank(other):
            current[key] = finding
    return current


def _rank(finding: Finding) -> tuple[int, str, str, str]:
    return SEVERITIES.index(finding.severity), finding.title, finding.detail, repr(finding)
