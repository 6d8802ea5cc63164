"""Where the command line enters: the boot verbs, and the way into the project's environment for every other verb."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from pmo.boot import checks, environment, up
from pmo.boot.errors import CannotStart

ROOT = Path(__file__).resolve().parents[2]

VERBS: dict[str, Callable[[Path, Sequence[str]], int]] = {"up": up.main, "test": checks.main}


def run(verb: str, arguments: Sequence[str]) -> int:
    """Run a boot verb; its exit code. A refusal is one sentence on stderr and exit code 1."""
    try:
        return VERBS[verb](ROOT, arguments)
    except CannotStart as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename or verb} could not be used: {error.strerror or error}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def enter_environment(argv: Sequence[str]) -> None:
    """Become the Python of `.venv` when it exists and this is a system Python; another environment is left alone."""
    own = environment.interpreter(ROOT)
    if sys.prefix == sys.base_prefix and own.exists():
        os.execv(own, [str(own), *argv])
    if importlib.util.find_spec("django") is None:
        sys.exit("The packages are not installed yet: `python3 manage.py up` installs them and starts Plumbline.")
