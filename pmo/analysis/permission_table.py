"""The permission matrix as the two tables of docs/permissions.md, so that the page cannot say something else.

`python -m pmo.analysis.permission_table` prints the page as it should be.
"""

import sys
from pathlib import Path

from pmo.analysis.permissions import GRANTS, MATRIX, ROLES

BEGIN = "<!-- matrix: begin -->"
END = "<!-- matrix: end -->"
PAGE = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"


def tables() -> str:
    """The generated part, in Markdown, without its two marker lines."""
    names = [role.replace("_", " ") for role in ROLES]
    lines = [
        f"| Action | What it is | {' | '.join(names)} | Token scopes |",
        f"| --- | --- |{' --- |' * (len(ROLES) + 1)}",
    ]
    for key, action in MATRIX.items():
        reaches = " | ".join(str(action.by_role.get(role, "–")) for role in ROLES)
        scopes = ", ".join(f"`{scope}`" for scope in action.scopes) or "never by token"
        lines.append(f"| `{key}` | {action.says} | {reaches} | {scopes} |")
    lines += ["", "| Who | may give and take the roles |", "| --- | --- |"]
    for giver, given in GRANTS.items():
        words = ", ".join(role.replace("_", " ") for role in ROLES if role in given)
        lines.append(f"| {giver.replace('_', ' ')} | {words} |")
    return "\n".join(lines)


def renewed(page: str) -> str:
    """The page with its generated part replaced. ValueError if a marker is missing."""
    before, begun, rest = page.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not begun or not ended:
        raise ValueError(f"The page lacks the marker {BEGIN if not begun else END}.")
    return f"{before}{BEGIN}\n\n{tables()}\n\n{END}{after}"


if __name__ == "__main__":
    sys.stdout.write(renewed(PAGE.read_text(encoding="utf-8")))
