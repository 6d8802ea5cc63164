"""Make `.venv` from the hash-locked requirements with nothing but a system Python; do nothing when that is done.

uv installs the whole list in seconds; where it does not exist (an unusual platform) venv and pip install the same list.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from pmo.boot.errors import CannotStart

RUNTIME = "requirements.txt"
DEVELOPMENT = "requirements-dev.txt"
INSTALLER = "requirements-tools.txt"

UNREACHABLE = re.compile(
    r"error sending request|dns error|failed to lookup address|name resolution|Name or service not known"
    r"|getaddrinfo failed|Failed to establish a new connection|Connection refused|Network is unreachable"
    r"|No route to host|connect(ion)? timed? ?out|operation timed out|tunnel|proxy|certificate",
    re.IGNORECASE,
)
FULL = re.compile(r"No space left on device|Disk quota exceeded|os error 28")
VERSIONED = re.compile(r"python3\.\d+")

Say = Callable[[str], None]


def interpreter(root: Path) -> Path:
    """The Python of the project's own environment, whether it exists or not."""
    return root / ".venv" / "bin" / "python"


def ensure(root: Path, lists: Sequence[str], say: Say) -> Path:
    """Install the named requirement lists into `root/.venv` unless that has been done; return its Python.

    The stamp in `.venv` holds the SHA-256 of each list installed, so a changed list installs again and an unchanged one
    costs a few milliseconds. Raises CannotStart.
    """
    if is_current(root, lists):
        return interpreter(root)
    try:
        with _alone(root):
            if not is_current(root, lists):  # another start may have done it meanwhile
                _install(root, lists, say)
    except OSError as error:
        raise CannotStart(
            f"The folder {root} cannot be written ({error.strerror}): make it writable to install there."
        ) from None
    return interpreter(root)


def is_current(root: Path, lists: Sequence[str]) -> bool:
    """Whether `.venv` exists and was made from these lists as they are now."""
    try:
        done = _stamp(root).read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    return _is_usable(root) and all(_line(root, name) in done for name in lists)


def _is_usable(root: Path) -> bool:
    """Whether `.venv` has a Python and packages for that one: an upgrade of the system may have put in a newer."""
    python = interpreter(root)
    name = python.resolve().name
    return python.exists() and (not VERSIONED.fullmatch(name) or (root / ".venv" / "lib" / name).is_dir())


def _stamp(root: Path) -> Path:
    return root / ".venv" / "installed-lists"


def _line(root: Path, name: str) -> str:
    return f"{hashlib.sha256((root / name).read_bytes()).hexdigest()}  {name}"


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Only one bootstrap at a time in this folder; the next waits."""
    tools = root / ".tools"
    tools.mkdir(exist_ok=True)
    with (tools / "lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _install(root: Path, lists: Sequence[str], say: Say) -> None:
    log = root / ".tools" / "install.log"
    log.write_bytes(b"")
    _stamp(root).unlink(missing_ok=True)
    uv = _uv(root, log, say)
    if uv is not None:
        try:
            _with_uv(root, uv, lists, log, say)
        except _Failed as failure:
            _give_up_if_hopeless(failure)
            uv = None
    if uv is None:
        _with_pip(root, lists, log, say)
    _stamp(root).write_text("".join(_line(root, name) + "\n" for name in lists), encoding="utf-8")


def _uv(root: Path, log: Path, say: Say) -> Path | None:
    """uv from `.tools`, fetched there first if need be; None where there is none for this platform."""
    folder = root / ".tools"
    uv, mark = folder / "bin" / "uv", folder / "installed-lists"
    if uv.exists() and mark.exists() and mark.read_text(encoding="utf-8").strip() == _line(root, INSTALLER):
        return uv
    say("Fetching the installer (uv)")
    command = [*_pip(root), "install", "--quiet", "--target", str(folder), "--upgrade", "--no-deps"]
    # One retry: somebody without a network should hear of it soon.
    command += ["--only-binary", ":all:", "--require-hashes", "--retries", "1", "-r", str(root / INSTALLER)]
    try:
        _run(command, log)
    except _Failed as failure:
        _give_up_if_hopeless(failure)
        return None
    mark.write_text(_line(root, INSTALLER) + "\n", encoding="utf-8")
    return uv


def _with_uv(root: Path, uv: Path, lists: Sequence[str], log: Path, say: Say) -> None:
    venv = root / ".venv"
    if not _is_usable(root):
        say("Making the Python environment .venv")
        _run([str(uv), "venv", "--python", _system_python(), "--clear", str(venv)], log)
    say(f"Installing the packages of {' and '.join(lists)}")
    # Without bytecode each process would compile the packages again at each start: about 3 s of CPU instead of 1.
    command = [str(uv), "pip", "install", "--python", str(interpreter(root)), "--require-hashes", "--compile-bytecode"]
    _run([*command, *_options(root, lists)], log, _uv_environment(os.environ))


def _with_pip(root: Path, lists: Sequence[str], log: Path, say: Say) -> None:
    say("Installing with pip instead of uv; this takes a minute")
    try:
        _run([_system_python(), "-m", "venv", "--clear", str(root / ".venv")], log)
        _run(
            [str(interpreter(root)), "-m", "pip", "install", "--quiet", "--require-hashes", *_options(root, lists)], log
        )
    except _Failed as failure:
        _give_up_if_hopeless(failure)
        raise CannotStart(
            f"The packages could not be installed: {failure.last_line()} (all of it is in {log})."
        ) from None


def _options(root: Path, lists: Sequence[str]) -> list[str]:
    return [part for name in lists for part in ("-r", str(root / name))]


def _uv_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """uv does not read pip's settings: hand on the mirror and the certificates that pip was told to use."""
    result = dict(environment)
    for theirs, ours in (("PIP_INDEX_URL", "UV_DEFAULT_INDEX"), ("PIP_CERT", "SSL_CERT_FILE")):
        if environment.get(theirs) and not environment.get(ours):
            result[ours] = environment[theirs]
    return result


def _system_python() -> str:
    """The Python that `.venv` is made from, also when this very process runs in `.venv` (which has no pip)."""
    return str(getattr(sys, "_base_executable", sys.executable))


def _pip(root: Path) -> list[str]:
    """The command for pip: Python's own, or, as Debian's python3 has none, the wheel that comes along."""
    if _has_pip():
        return [_system_python(), "-m", "pip"]
    wheel = next((root / "tools" / "pip").glob("pip-*.whl"), None)
    if wheel is None:
        raise CannotStart(
            f"This Python ({_system_python()}) has no pip, and the one that comes along (tools/pip) is missing: "
            "clone the project anew."
        )
    return [_system_python(), str(wheel / "pip")]


def _has_pip() -> bool:
    answer = subprocess.run([_system_python(), "-m", "pip", "--version"], capture_output=True, check=False)
    return answer.returncode == 0


class _Failed(Exception):
    """A command of the installation failed; carries what it printed."""

    def __init__(self, output: str) -> None:
        super().__init__(output)
        self.output = output

    def last_line(self) -> str:
        lines = [line.strip() for line in self.output.splitlines() if line.strip()]
        return lines[-1][:200] if lines else "no message"


def _run(command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None) -> None:
    answer = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        check=False,
    )
    text = answer.stdout.decode("utf-8", "replace")
    with log.open("a", encoding="utf-8") as stream:
        stream.write(f"$ {' '.join(command)}\n{text}\n")
    if answer.returncode:
        raise _Failed(text)


def _give_up_if_hopeless(failure: _Failed) -> None:
    """Another installer would meet the same obstacle: say which it is."""
    if FULL.search(failure.output):
        raise CannotStart("The disk is full: about 400 MB are needed for the packages.") from None
    if UNREACHABLE.search(failure.output):
        raise CannotStart(
            "The package index could not be reached: check the network (or set HTTPS_PROXY, or PIP_INDEX_URL to a "
            "mirror) and run the same command again; it goes on where it stopped."
        ) from None
