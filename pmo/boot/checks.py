"""`manage.py test`: the suite by pytest, or with `--lint` everything that can be said without running the product."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from pmo.boot import environment
from pmo.boot.steps import Steps

PACKAGES = ("pmo", "projects", "portfolio")


def main(root: Path, arguments: Sequence[str]) -> int:
    """Install what the tests need, then become pytest, or run the lint checks; the exit code. Raises CannotStart."""
    steps = Steps()
    python = environment.ensure(root, [environment.RUNTIME, environment.DEVELOPMENT], steps.say)
    os.chdir(root)
    if "--lint" in arguments:
        return lint(python, steps)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmo.settings")
    command = [str(python), "-m", "pytest", *arguments]
    os.execv(command[0], command)


def lint_commands(python: Path) -> list[tuple[str, list[str]]]:
    """(what it checks, command), in the order in which they run: the quick ones first."""
    name = str(python)
    return [
        ("mistakes and style", [name, "-m", "ruff", "check", "--output-format", "concise", "."]),
        ("formatting", [name, "-m", "ruff", "format", "--check", "--quiet", "."]),
        ("layers and boundaries", [str(python.with_name("lint-imports")), "--no-cache"]),
        ("security", [name, "-m", "bandit", "-q", "-r", "-ll", "-ii", "-c", "pyproject.toml", *PACKAGES, "manage.py"]),
        ("templates", [name, "-m", "djlint", "--lint", "--quiet", "templates"]),
        ("migrations complete", [name, "manage.py", "makemigrations", "--check", "--dry-run"]),
        ("types", [name, "-m", "mypy"]),
    ]


def lint(python: Path, steps: Steps) -> int:
    """Run every check even when one fails, so that one run shows all there is to mend; 1 if any failed."""
    failed = []
    for title, command in lint_commands(python):
        started = time.monotonic()
        answer = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        outcome = "FAILED" if answer.returncode else "ok"
        steps.say(f"{outcome:6} {title} ({time.monotonic() - started:.1f} s)")
        if answer.returncode:
            failed.append(title)
            steps.plain(answer.stdout.decode("utf-8", "replace").rstrip())
    steps.plain(f"lint: {len(failed)} failed: {', '.join(failed)}" if failed else "lint: all passed")
    return 1 if failed else 0
