"""The order of day and month in the date columns of one file."""

from __future__ import annotations

from collections.abc import Sequence

from pmo.kit.spreadsheet import Row
from projects.imports import dates, headers
from projects.imports.headers import shorten
from projects.imports.mapping import Plan


class DateOrders:
    """Found per column: the order that fits every value of it. A column that fits both follows the other columns of the
    file, or else the default; `notes` say so in plain sentences.
    """

    def __init__(self, plan: Plan, names: Sequence[str], sample: Sequence[Row], default: str) -> None:
        self._given = plan.options.date_order
        self._names = names
        self._sample = sample
        self.notes: list[str] = []
        shown = self._shown(plan)
        self._agreed = shown.pop() if len(shown) == 1 else ""
        self._default = self._agreed or default

    def _shown(self, plan: Plan) -> set[str]:
        found: set[str] = set()
        for rule in plan.rules.values():
            if plan.target.fields[rule.field].kind == "date" and not rule.format:
                for name in rule.columns:
                    if (place := headers.find(name, self._names)) is not None:
                        found.add(dates.column_order(row.cells[place] for row in self._sample) or "")
        return found - {""}

    def of(self, places: Sequence[int]) -> str:
        """DMY, MDY or YMD for the columns at these places."""
        if self._given != "auto":
            return self._given
        cells = [row.cells[place] for row in self._sample for place in places]
        found = dates.column_order(cells)
        if found is None and places:
            self.notes.append(
                f"Column “{shorten(self._names[places[0]])}” holds dates in both orders, day first and month first; "
                f"those that do not fit {self._default} are rejected."
            )
        if found == "" and not self._agreed and any(map(dates.is_short, cells)):
            first, second = ("day", "month") if self._default == "DMY" else ("month", "day")
            column = shorten(self._names[places[0]])
            note = f"Dates in column “{column}” do not show their order; {first} before {second} is taken."
            if note not in self.notes:
                self.notes.append(note)
        return found or self._default
