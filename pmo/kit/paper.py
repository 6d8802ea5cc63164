"""PDF from data: headings, paragraphs and tables, with page numbers. Text is escaped; no address is ever fetched."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import IO, Any, Final

import reportlab
from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

INK: Final = colors.HexColor("#12262b")
SECOND: Final = colors.HexColor("#43565b")
LINE: Final = colors.HexColor("#c6d0d0")
SUNKEN: Final = colors.HexColor("#f0f5f4")
MARGIN: Final = 18 * mm
LONGEST: Final = 2_000  # characters of one cell: a cell higher than a page cannot be laid out
_INSTALLED: Final = Path("/usr/share/fonts/truetype/dejavu")
_SHIPPED: Final = Path(reportlab.__file__).parent / "fonts"


@cache
def fonts() -> tuple[str, str]:
    """Names of the text and the bold font, embedded: DejaVu Sans where the machine has it, else Bitstream Vera."""
    for folder, plain, bold in ((_INSTALLED, "DejaVuSans", "DejaVuSans-Bold"), (_SHIPPED, "Vera", "VeraBd")):
        if (folder / f"{plain}.ttf").exists() and (folder / f"{bold}.ttf").exists():
            pdfmetrics.registerFont(TTFont(plain, str(folder / f"{plain}.ttf")))
            pdfmetrics.registerFont(TTFont(bold, str(folder / f"{bold}.ttf")))
            return plain, bold
    return "Helvetica", "Helvetica-Bold"


class Paper:
    """A document in the making. Nothing is written before `save`."""

    def __init__(self, title: str, footer: str) -> None:
        self.title, self.footer = title, footer
        self.plain, self.bold = fonts()
        self._parts: list[Any] = []
        base: dict[str, Any] = {"fontName": self.plain, "textColor": INK, "splitLongWords": 1}
        self._text = ParagraphStyle("text", fontSize=9, leading=12.5, spaceAfter=4, **base)
        self._cell = ParagraphStyle("cell", fontSize=7.5, leading=9.5, **base)
        self._right = ParagraphStyle("right", parent=self._cell, alignment=TA_RIGHT)
        self._head = ParagraphStyle("head", parent=self._cell, fontName=self.bold)
        self._headings = {
            level: ParagraphStyle(
                f"h{level}", fontName=self.bold, fontSize=size, leading=size * 1.3, spaceBefore=size * 0.7,
                spaceAfter=3, textColor=INK, keepWithNext=1,
            )
            for level, size in ((1, 17), (2, 12), (3, 9.5))
        }  # fmt: skip

    def heading(self, text: str, level: int = 2) -> None:
        self._parts.append(Paragraph(escape(text), self._headings[level]))

    def text(self, text: str) -> None:
        self._parts.append(Paragraph(escape(text).replace("\n", "<br/>"), self._text))

    def table(
        self, heads: Sequence[str], rows: Sequence[Sequence[str]], shares: Sequence[float], right: int = 0
    ) -> None:
        """A table over the whole width. `shares` of the columns add up to anything; the last `right` are numbers."""
        width, whole, first_number = A4[0] - 2 * MARGIN, sum(shares), len(heads) - right
        styles = [self._cell if place < first_number else self._right for place in range(len(heads))]
        cells: list[list[Any]] = [[Paragraph(escape(head), self._head) for head in heads]]
        cells += [
            [Paragraph(escape(str(text)[:LONGEST]), style) for text, style in zip(row, styles, strict=True)]
            for row in rows
        ]
        table = LongTable(cells, colWidths=[width * share / whole for share in shares], repeatRows=1)
        table.setStyle(
            TableStyle(
                [
                    ("BACKGROUND", (0, 0), (-1, 0), SUNKEN),
                    ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
                    ("VALIGN", (0, 0), (-1, -1), "TOP"),
                    ("TOPPADDING", (0, 0), (-1, -1), 2.5),
                    ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
                    ("LEFTPADDING", (0, 0), (-1, -1), 3),
                    ("RIGHTPADDING", (0, 0), (-1, -1), 3),
                ]
            )
        )
        self._parts += [table, Spacer(1, 6)]

    def save(self, target: IO[bytes]) -> None:
        """Lay it out and write it."""
        document = SimpleDocTemplate(
            target, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN,
            title=self.title, author="Plumbline", lang="en",
        )  # fmt: skip
        document.build(self._parts, onFirstPage=self._foot, onLaterPages=self._foot)

    def _foot(self, canvas: Any, document: Any) -> None:
        canvas.saveState()
        canvas.setFont(self.plain, 7)
        canvas.setFillColor(SECOND)
        canvas.drawString(MARGIN, 10 * mm, self.footer)
        canvas.drawRightString(A4[0] - MARGIN, 10 * mm, str(document.page))
        canvas.restoreState()
