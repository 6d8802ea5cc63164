"""What stands below a table and is no data: totals, sources, notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pmo.kit.spreadsheet import Row, blank, cell_text

_FOOTER: Final = re.compile(
    r"^(grand\s+)?totals?\b|^sum\b|^source\b|^notes?\b|^\*|^\(?[a-z0-9]\)\s|^©|^end of", re.IGNORECASE
)
_TOTAL: Final = re.compile(r"^(grand\s+|sub-?)?totals?\s*:?$", re.IGNORECASE)


def footer_rows(rows: Sequence[Row]) -> int:
    """How many of the last rows are no data: totals, sources, notes."""
    count = 0
    for row in reversed(rows[-10:]):
        filled = [cell for cell in row.cells if not blank(cell)]
        first = cell_text(filled[0]).strip() if filled else ""
        wordy = len(filled) == 1 and len(row.cells) > 3
        partial = len(filled) < len(row.cells)
        if not filled or _TOTAL.match(first) or (partial and _FOOTER.match(first)) or wordy:
            count += 1
        else:
            break
    return count if count < len(rows) else 0
