"""What an evidence pack holds: one PDF, lists as CSV, the evidence files, and an index of all of them."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePosixPath
from tempfile import TemporaryFile
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.kit import figures
from pmo.kit.errors import ApplicationError
from pmo.kit.export import BOM, safe_text
from pmo.kit.paper import Paper
from portfolio.analysis.compliance import Compliance, Judged, judge_all, percent_shown, summed
from portfolio.models import EvidencePack
from portfolio.selectors.compliance_facts import requirements_of
from portfolio.selectors.evidence_packs import evidence_of, letters_in, reviews_of, waivers_of
from projects.models import Evidence, Project

Progress = Callable[[int], None]
CHUNK: Final = 200
LARGEST: Final = 2 * 1024**3  # bytes of evidence files in one pack
WORDS: Final = {
    "met": "Met", "late": "Met late", "waived": "Waived", "due": "Due", "breach": "Breach", "open": "Open",
    "not_applicable": "Not applicable",
}  # fmt: skip
ASK: Final = ("breach", "late", "waived", "due")  # what a portfolio's PDF lists; the CSV has all


@dataclass(frozen=True)
class Made:
    """A written pack: its name in the store, and what a reader may check it by."""

    name: str
    size: int
    sha256: str
    files: int

    def forget(self) -> None:
        default_storage.delete(self.name)


def pack_write(pack: EvidencePack, projects: Sequence[Project], progress: Progress) -> Made:
    """Write the ZIP into the store. `progress` takes a percentage, and raises to stop."""
    progress(2)
    judged = _judged(pack, projects, progress)
    ids = [project.pk for project in projects]
    with TemporaryFile() as target:
        with ZipFile(target, "w", ZIP_DEFLATED) as archive:
            index = _files(archive, pack, ids, progress)
            lists = {
                "requirements.csv": _requirements(projects, judged),
                "gate-decisions.csv": _decisions(pack, ids),
                "waivers.csv": _waivers(pack, ids),
                "responsibilities.csv": _letters(ids),
                "index.csv": index,
            }
            for name, rows in lists.items():
                archive.writestr(name, _csv(rows))
            progress(80)
            with archive.open("compliance.pdf", "w") as page:
                _pdf(page, pack, projects, judged, lists)
        progress(97)
        size, digest = target.tell(), hashlib.sha256()
        target.seek(0)
        while block := target.read(1 << 20):
            digest.update(block)
        target.seek(0)
        name = default_storage.save(f"packs/{timezone.now():%Y/%m}/pack-{pack.pk}.zip", File(target))
    return Made(name, size, digest.hexdigest(), len(index) - 1)


def _judged(pack: EvidencePack, projects: Sequence[Project], progress: Progress) -> dict[int, tuple[Judged, ...]]:
    found: dict[int, tuple[Judged, ...]] = {}
    for start in range(0, len(projects), CHUNK):
        part = [project.pk for project in projects[start : start + CHUNK]]
        for project, asked in requirements_of(pack.organisation, pack.as_of, part).items():
            found[project] = judge_all(asked, pack.as_of)
        progress(2 + 18 * (start + len(part)) // len(projects))
    return found


# ---------------------------------------------------------------- the files


def _files(archive: ZipFile, pack: EvidencePack, ids: Sequence[int], progress: Progress) -> list[list[Any]]:
    """Put the evidence files in, checked against what was kept of them. Answers the index with its head."""
    rows: list[list[Any]] = [
        ["File", "Project", "Of what", "Title", "Address", "SHA-256", "Bytes", "Added by", "Added at", "State"]
    ]
    evidence = list(evidence_of(ids, pack))
    if sum(row.size for row in evidence) > LARGEST:
        raise ApplicationError(_("The evidence files come to more than 2 GiB. Make packs of single projects instead."))
    for place, row in enumerate(evidence, 1):
        path = _path(row, place) if row.file else ""
        state = "withdrawn" if getattr(row, "withdrawn", None) else "in force"
        if path:
            state = _put(archive, path, row) or state
        rows.append(
            [path, row.project.code, _of_what(row), row.title, row.url, row.sha256, row.size or "", row.added_by or "",
             f"{row.added_at:%Y-%m-%dT%H:%M:%SZ}", state]
        )  # fmt: skip
        if place % 10 == 0:
            progress(20 + 55 * place // len(evidence))
    return rows


def _path(row: Evidence, place: int) -> str:
    suffix = PurePosixPath(row.file).suffix[:10]
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", row.title).strip("-.")[:60] or "evidence"
    code = re.sub(r"[^A-Za-z0-9._-]+", "-", row.project.code)
    return f"evidence/{code}/{place:04}-{name}{re.sub(r'[^A-Za-z0-9.]', '', suffix)}"


def _put(archive: ZipFile, path: str, row: Evidence) -> str:
    """Copy one file. Answers what is wrong with it, "" where it is what was kept."""
    digest = hashlib.sha256()
    try:
        with default_storage.open(row.file) as source, archive.open(path, "w") as target:
            for block in iter(lambda: source.read(1 << 20), b""):
                digest.update(block)
                target.write(block)
    except (OSError, SuspiciousFileOperation):
        return "missing"
    return "" if not row.sha256 or digest.hexdigest() == row.sha256 else "changed since it was attached"


def _of_what(row: Evidence) -> str:
    if row.activity is not None:
        return f"activity {row.activity.name}"
    if row.deliverable is not None:
        return f"deliverable {row.deliverable.name}"
    if row.review is not None:
        return f"{row.review.gate.name}, review {row.review.number}"
    return "project"


# ---------------------------------------------------------------- the lists


def _csv(rows: Iterable[Sequence[Any]]) -> str:
    target = io.StringIO()
    target.write(BOM)
    csv.writer(target).writerows([safe_text("" if value is None else str(value)) for value in row] for row in rows)
    return target.getvalue()


def _requirements(projects: Sequence[Project], judged: Mapping[int, Sequence[Judged]]) -> list[list[Any]]:
    rows: list[list[Any]] = [
        ["Project", "Name", "Phase", "Kind", "Requirement", "Mandatory", "State", "Due", "Deadline", "Done on",
         "Waived until", "Counted", "In time"]
    ]  # fmt: skip
    for project in projects:
        for item in judged[project.pk]:
            asked = item.requirement
            rows.append(
                [project.code, project.name, asked.phase_name or "Policies", asked.kind, asked.name,
                 _yes(asked.mandatory), WORDS[item.state], asked.due, item.deadline, item.done_on, item.until,
                 _yes(item.counted), _yes(item.in_time) if item.counted else ""]
            )  # fmt: skip
    return rows


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _decisions(pack: EvidencePack, ids: Sequence[int]) -> list[list[Any]]:
    rows: list[list[Any]] = [["Project", "Gate", "Review", "Decision", "Decided on", "Decided by", "Reason"]]
    for review in reviews_of(ids, pack):
        said = [review.get_decision_display(), review.decided_on, review.decided_by or "", review.reason]
        rows.append([review.project.code, review.gate.name, review.number, *said])
    return rows


def _waivers(pack: EvidencePack, ids: Sequence[int]) -> list[list[Any]]:
    rows: list[list[Any]] = [
        ["Project", "Of what", "State", "Reason", "Instead", "Asked by", "Decided by", "Decided at", "Expires on"]
    ]
    for waiver in waivers_of(ids, pack):
        named = waiver.activity or waiver.deliverable or waiver.gate or waiver.policy
        at = f"{waiver.decided_at:%Y-%m-%d}" if waiver.decided_at else ""
        rows.append(
            [waiver.project.code, named.name if named else "", waiver.get_state_display(), waiver.reason,
             waiver.instead, waiver.asked_by, waiver.decided_by or "", at, waiver.expires_on]
        )  # fmt: skip
    return rows


def _letters(ids: Sequence[int]) -> list[list[Any]]:
    rows: list[list[Any]] = [["Project", "Kind", "Of what", "Person", "Letter"]]
    for row in letters_in(ids):
        named = row.gate or row.deliverable or row.project_phase or row.project
        rows.append([row.project.code, row.subject.partition(":")[0], named.name, row.person.name, row.letter])
    return rows


# ---------------------------------------------------------------- the page to read


def _pdf(
    target: IO[bytes], pack: EvidencePack, projects: Sequence[Project], judged: Mapping[int, Sequence[Judged]],
    lists: Mapping[str, Sequence[Sequence[Any]]],
) -> None:  # fmt: skip
    about = pack.project or pack.portfolio
    day = figures.day(pack.as_of) or ""
    title = _("Evidence of compliance: %s") % about
    paper = Paper(title, f"{pack.organisation.name} · {about} · {day}")
    paper.heading(title, 1)
    paper.text(
        _("As at %(day)s. Made for %(who)s on %(now)s by Plumbline. The lists beside this file hold every row.")
        % {"day": day, "who": pack.created_by, "now": figures.moment(timezone.now())}
    )
    sums = {project.pk: summed(judged[project.pk]) for project in projects}
    _summary(paper, projects, sums)
    for project in projects:
        _project(paper, project, judged[project.pk], whole=pack.project_id is not None)
    for heading, name, shares in (
        (_("Decisions at gates"), "gate-decisions.csv", (2, 3, 1, 2, 2, 2, 5)),
        (_("Waivers"), "waivers.csv", (2, 3, 1.5, 4, 3, 2, 2, 2, 2)),
    ):
        head, *rows = lists[name]
        if rows:
            paper.heading(heading)
            paper.table(head, [[_shown(value) for value in row] for row in rows], shares)
    head, *rows = lists["index.csv"]
    paper.heading(_("Evidence"))
    if rows:
        kept = (1, 2, 3, 0, 9)
        paper.table(
            [head[place] for place in kept], [[_shown(row[place] or row[4]) if place == 0 else _shown(row[place])
                                               for place in kept] for row in rows], (1.6, 3, 3, 4, 1.4),
        )  # fmt: skip
    else:
        paper.text(_("Nothing has been attached."))
    paper.save(target)


def _summary(paper: Paper, projects: Sequence[Project], sums: Mapping[int, Compliance]) -> None:
    names = ("applicable", "met", "waived", "late", "breached")
    rows = [
        [project.code, project.name, str(project.standard_version), _percent(sums[project.pk]),
         *(str(getattr(sums[project.pk], name)) for name in names)]
        for project in projects
    ]  # fmt: skip
    if len(projects) > 1:
        whole = Compliance(**{name: sum(getattr(each, name) for each in sums.values()) for name in names})
        rows.append([_("All"), "", "", _percent(whole), *(str(getattr(whole, name)) for name in names)])
    paper.heading(_("Compliance"))
    paper.text(
        _("Of the mandatory requirements whose day has passed, those done or waived in time. What was done or waived "
          "too late counts as not in time.")
    )  # fmt: skip
    heads = [_("Code"), _("Project"), _("Standard"), "%", _("Due"), _("In time"), _("Waived"), _("Late"), _("Breach")]
    paper.table(heads, rows, (1.7, 3.6, 2.8, 1.1, 0.9, 1.2, 1.4, 0.9, 1.3), right=6)


def _project(paper: Paper, project: Project, judged: Sequence[Judged], *, whole: bool) -> None:
    shown = [item for item in judged if whole or (item.state in ASK and item.requirement.mandatory)]
    if not shown:
        return
    paper.heading(f"{project.code} {project.name}")
    for phase, items in groupby(shown, key=lambda item: item.requirement.phase_name or _("Policies")):
        paper.heading(phase, 3)
        paper.table(
            [_("Requirement"), _("Kind"), _("State"), _("Due"), _("Done on"), _("Waived until")],
            [
                [
                    item.requirement.name + ("" if item.requirement.mandatory else f" ({_('recommended')})"),
                    item.requirement.kind, WORDS[item.state], _shown(item.requirement.due), _shown(item.done_on),
                    _shown(item.until),
                ]
                for item in items
            ],
            (5, 1.6, 1.6, 1.7, 1.7, 1.7),
        )  # fmt: skip


def _percent(sums: Compliance) -> str:
    percent = percent_shown(sums)
    return "–" if percent is None else f"{percent:.1f}"


def _shown(value: Any) -> str:
    return "–" if value in (None, "") else str(value)
