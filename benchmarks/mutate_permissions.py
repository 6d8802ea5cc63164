"""Does the permission matrix notice? Takes one guard away at random and runs the matrix, so many times.

`python benchmarks/mutate_permissions.py --times 6 --seed 1` works on a copy in a folder of its own; the tree is not
touched. A guard is a filter by organisation, a check of a right, or a narrowing to what somebody reaches. Prints each
guard that was taken away and the first test that noticed; the exit code is the number that nobody noticed.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TESTS = (
    "tests/architecture/test_urls.py", "tests/web/test_several_roles.py", "tests/web/test_permissions.py",
    "tests/api/test_permissions.py",
)  # fmt: skip
COPIED = ("pmo", "projects", "portfolio", "templates", "static", "tests", "docs", "manage.py", "pyproject.toml")
FOLDERS = ("selectors", "services", "api", "web", "analysis")

# What is taken away, and what stands there instead.
GUARDS = (
    ("organisation filter", re.compile(r"\.filter\(organisation=actor\.organisation\)"), ".filter()"),
    ("organisation filter", re.compile(r"organisation=actor\.organisation, (?=pk=)"), ""),
    ("organisation condition", re.compile(r"Q\(organisation=actor\.organisation\)"), "Q()"),
    ("right required", re.compile(r"^( +)(?:self\.|request\.)?actor\.require\([^\n]+\)$", re.M), r"\1pass"),
    ("right of an object", re.compile(r"(?<=project_get\(actor, )action=\"[\w.]+\", "), ""),
    ("right of a page", re.compile(r"(?<=post=)\"(?:budget|cost|project|office|rule)\.\w+\""), '"organisation.view"'),
    ("right of a page", re.compile(r"(?<=@page\()\"(?:money|audit|office|finding|cost)\.\w+\""), '"project.view"'),
    ("right of an operation", re.compile(r"(?<=: )\"(?:money|budget|cost|audit|office|people|finding)\.\w+\"(?=,)"),
     '"organisation.view"'),
    ("right where allowed", re.compile(r"if actor\.allows\(action\) else"), "if True else"),
    ("reach", re.compile(r"if actor\.everywhere\(action\):"), "if True:"),
    ("reach", re.compile(r"if Reach\.ORG in reach(?:\.values\(\))?:"), "if True:"),
)  # fmt: skip


@dataclass(frozen=True)
class Mutation:
    """One guard of one file, from `start` to `end`."""

    what: str
    path: Path
    start: int
    end: int
    instead: str

    def says(self) -> str:
        text = (ROOT / self.path).read_text(encoding="utf-8")
        line = text.count("\n", 0, self.start) + 1
        return f"{self.what}: {self.path}:{line}: {text[self.start : self.end].strip()}"


def candidates() -> list[Mutation]:
    """Every guard of the product."""
    found = []
    for app in ("pmo", "projects", "portfolio"):
        for folder in FOLDERS:
            for path in sorted((ROOT / app / folder).glob("*.py")):
                if path.name not in ("permissions.py", "permission_table.py") and "demo" not in path.name:
                    found += _of(path.relative_to(ROOT), path.read_text(encoding="utf-8"))
    return found


def _of(path: Path, text: str) -> list[Mutation]:
    return [
        Mutation(what, path, match.start(), match.end(), match.expand(instead))
        for what, pattern, instead in GUARDS
        for match in pattern.finditer(text)
    ]


def caught(mutation: Mutation, python: str, only: str) -> str:
    """The first test that fails without the guard; empty where none does."""
    with tempfile.TemporaryDirectory(prefix="plumbline-mutation-") as folder:
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, Path(folder) / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, folder)
        target = Path(folder) / mutation.path
        text = target.read_text(encoding="utf-8")
        target.write_text(text[: mutation.start] + mutation.instead + text[mutation.end :], encoding="utf-8")
        command = [python, "-m", "pytest", "-q", "-x", "--tb=no", "-p", "no:cacheprovider", "-k", only, *TESTS]
        answer = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=False,
            env={"PMO_DATA": f"{folder}/data", "PATH": "/usr/bin:/bin", "LOG_LEVEL": "CRITICAL"},
        )  # fmt: skip
    if answer.returncode == 0:
        return ""
    failed = re.search(r"^(?:FAILED|ERROR) (\S+)", answer.stdout, re.M)
    if failed is None or answer.returncode != 1:  # no test ran, or none to its end: that is no answer
        said = answer.stdout[-900:] + answer.stderr[-900:]
        raise RuntimeError(f"{mutation.says()}: exit code {answer.returncode}\n{said}")
    return failed[1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="a part of the matrix, as pytest -k takes it, such as alder")
    parser.add_argument("--list", action="store_true", help="only print the guards")
    options = parser.parse_args()
    found = candidates()
    if options.list:
        print("\n".join(mutation.says() for mutation in found))
        return 0
    chosen = random.Random(options.seed).sample(found, min(options.times, len(found)))
    missed = 0
    for mutation in chosen:
        by = caught(mutation, sys.executable, options.only)
        missed += not by
        print(f"{'caught' if by else 'MISSED'}  {mutation.says()}\n        {by}", flush=True)
    print(f"{len(chosen) - missed} of {len(chosen)} caught, of {len(found)} guards.")
    return missed


if __name__ == "__main__":
    sys.exit(main())
