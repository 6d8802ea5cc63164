"""Build static/img/icons.svg from the pinned Tabler Icons release on npm (developer tool, needs npm).

    python3 tools/icon_pack.py

Add a name to ICONS and run it again; templates then say {% icon "name" %}. The licence lies beside the sprite.
"""

from __future__ import annotations

import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

IMAGES = Path(__file__).resolve().parent.parent / "static" / "img"
PACKAGE = "@tabler/icons"
VERSION = "3.51.0"
FRAME = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'
ICONS = (
    "adjustments-horizontal",
    "alert-triangle",
    "arrow-back-up",
    "bell",
    "bell-off",
    "bookmark",
    "bulb",
    "calendar-time",
    "chart-line",
    "check",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "circle-check",
    "clock",
    "columns-3",
    "copy",
    "device-desktop",
    "dots",
    "download",
    "external-link",
    "file-report",
    "file-spreadsheet",
    "filter",
    "flag",
    "folder",
    "gavel",
    "history",
    "inbox",
    "info-circle",
    "key",
    "layout-dashboard",
    "layout-sidebar-left-collapse",
    "link",
    "lock",
    "logout",
    "math-function",
    "menu-2",
    "moon",
    "pencil",
    "plus",
    "refresh",
    "ruler-2",
    "search",
    "send",
    "settings",
    "share",
    "star",
    "sun",
    "table",
    "trash",
    "upload",
    "user",
    "user-plus",
    "users",
    "x",
)


def symbol(name: str, text: str) -> str:
    """One icon file as a <symbol> without the invisible frame."""
    body = text[text.index(">") + 1 : text.rindex("</svg>")].replace(FRAME, "")
    body = re.sub(r"\s*\n\s*", "", body).replace(" />", "/>").strip()
    return f'<symbol id="i-{name}" viewBox="0 0 24 24">{body}</symbol>'


def main() -> None:
    """Fetch the package and write sprite and licence."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["npm", "pack", "--silent", f"{PACKAGE}@{VERSION}"], cwd=folder, check=True, capture_output=True, text=True
        )
        with tarfile.open(Path(folder) / done.stdout.strip().splitlines()[-1]) as packed:
            symbols = []
            for name in ICONS:
                member = packed.extractfile(f"package/icons/outline/{name}.svg")
                if member is None:
                    raise FileNotFoundError(name)
                symbols.append(symbol(name, member.read().decode()))
            licence = packed.extractfile("package/LICENSE")
            if licence is None:
                raise FileNotFoundError("LICENSE")
            (IMAGES / "icons.LICENSE").write_bytes(licence.read())
    head = f"<!-- Tabler Icons {VERSION}, MIT, see icons.LICENSE. Built by tools/icon_pack.py. -->"
    sprite = '<svg xmlns="http://www.w3.org/2000/svg">\n' + head + "\n" + "\n".join(symbols) + "\n</svg>\n"
    (IMAGES / "icons.svg").write_text(sprite, encoding="utf-8")


if __name__ == "__main__":
    main()
