"""What an import came to: counts, sums, remarks, and one row for each row of the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from pmo.kit.spreadsheet import Row, cell_text
from projects.imports import grouping
from projects.imports.rows import ParsedRow, RowReader
from projects.models import ImportBatch, ImportRow
from projects.services.import_plan import Context, Verdict

SIZE = 1_000


def import_result(
    context: Context,
    reader: RowReader,
    parsed: Sequence[ParsedRow],
    accepted: Iterable[grouping.Record],
    gathered: grouping.Gathered,
) -> dict[str, Any]:
    """Counts, sums, remarks and columns of a run, as the batch keeps them."""
    counts = Counter(verdict.outcome for verdict in context.verdicts)
    sums = grouping.sums(context.plan.target, accepted)
    remarks: Counter[tuple[str, str, str]] = Counter()
    first: dict[tuple[str, str, str], int] = {}
    for row in parsed:
        for remark in row.remarks:
            key = (remark.column, remark.value, remark.text)
            remarks[key] += 1
            first.setdefault(key, remark.line)
    warnings: list[dict[str, Any]] = [{"code": "note", "message": note} for note in reader.notes]
    lines, things = sum(len(record.lines) for record in gathered.records), len(gathered.records)
    if things != lines:
        message = _("%(lines)s rows are about %(things)s projects.") % {"lines": f"{lines:,}", "things": f"{things:,}"}
        warnings.append({"code": "grouped", "message": message})
    if context.references.made:
        message = _("%s portfolios, programmes, people or vendors are new here and come with the import.")
        warnings.append({"code": "made", "message": message % f"{context.references.made:,}"})
    for (column, value, text), count in remarks.most_common(100):
        where = _("line %s") % first[column, value, text] if count == 1 else _("%s rows") % f"{count:,}"
        message = f"{column}: “{value}” {text} ({where})."
        warnings.append({"code": "value", "column": column, "value": value, "count": count, "message": message})
    return {
        "total": len(parsed),
        **{outcome: counts[outcome] for outcome in ("created", "updated", "unchanged", "rejected")},
        "sums": {name: format(total, "f") for name, total in sums.items()},
        "warnings": warnings,
        "columns": _columns(context.batch, reader),
    }


def _columns(batch: ImportBatch, reader: RowReader) -> list[dict[str, Any]]:
    """The file's columns with samples, and the field that each is read into."""
    samples = {column.get("header"): column.get("samples", []) for column in batch.columns}
    fields = {header: field for field, headers in reader.used.items() for header in headers}
    return [
        {"header": header, "samples": samples.get(header, []), "field": fields.get(header, "")}
        for header in reader.names
    ]


def import_rows(context: Context, rows: dict[int, Row]) -> Iterator[list[ImportRow]]:
    """What became of each row, in file order, by the thousand. `rows` by their number in the file."""
    verdicts = sorted(context.verdicts, key=lambda verdict: verdict.line)
    for start in range(0, len(verdicts), SIZE):
        yield [_import_row(context, verdict, rows) for verdict in verdicts[start : start + SIZE]]


def _import_row(context: Context, verdict: Verdict, rows: dict[int, Row]) -> ImportRow:
    thing = verdict.thing
    raw: list[str] = []
    if verdict.outcome == "rejected":  # what the person corrects and sends again
        raw = [cell_text(cell) for cell in rows[verdict.line].cells]
    return ImportRow(
        organisation_id=context.batch.organisation_id,
        batch=context.batch,
        line=verdict.line,
        outcome=verdict.outcome,
        key=verdict.key[:300],
        field=verdict.column[:200],
        value=verdict.value[:500],
        message=verdict.message,
        raw=raw,
        object_type=type(thing)._meta.model_name or "" if thing is not None else "",
        object_id=thing.pk if thing is not None else None,
        before=verdict.before,
    )
