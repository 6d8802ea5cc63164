"""`manage.py up`: from a bare Python to a running Plumbline, and keep it running."""

from __future__ import annotations

import argparse
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from pmo.boot import environment, folder, ports, proof, services
from pmo.boot.errors import CannotStart
from pmo.boot.steps import Steps
from pmo.boot.supervisor import TETHER, Supervisor

FIRST_PAGE_SECONDS = 90.0
TRIES = 3  # starts of the web server that may fail before the whole is given up
MOST_ERRORS = 20  # answers that are errors, at ten a second: it will not mend itself
PASSWORD_VARIABLE = "PLUMBLINE_FIRST_PASSWORD"
SIGN_IN_LINE = "sign-in: "  # how `manage.py prepare` reports that it made the first account


def main(root: Path, arguments: Sequence[str]) -> int:
    """Check, install, prepare, start, supervise; the exit code. Raises CannotStart."""
    options = _options(arguments)
    steps = Steps()
    data = services.data_folder(root, os.environ)
    on_sqlite, _ = services.is_embedded(os.environ)
    folder.prepare(data)
    if on_sqlite:
        folder.refuse_network_file_system(data)
    claim = folder.Claim(data)
    claim.take(ports.url(options.host, options.port))
    try:
        port = ports.reserve(options.host, options.port)
        python = environment.ensure(root, [environment.RUNTIME], steps.say)
        variables = services.variables_for(data, options.host)
        sign_in = _prepare(root, python, data, variables, options.demo, steps)
        return _serve(root, python, data, variables, options, port, sign_in, steps)
    finally:
        claim.release()


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="manage.py up", description="Install what is missing, prepare the database and run web, worker and clock."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=int, default=8000, help="port to listen on; 0 takes a free one (default: %(default)s)"
    )
    parser.add_argument("--no-demo", dest="demo", action="store_false", help="start empty, without the demo portfolio")
    parser.add_argument(
        "--check", action="store_true", help="start, prove that pages and queue work, stop; exit code 0 or 1"
    )
    return parser.parse_args(arguments)


def _prepare(
    root: Path, python: Path, data: Path, variables: Mapping[str, str], demo: bool, steps: Steps
) -> tuple[str, str] | None:
    """Bring the database up to date and fill a new one. (e-mail, password) when the first account was made just now."""
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    command = [
        sys.executable,
        "-I",
        "-S",
        str(TETHER),
        str(os.getpid()),
        str(python),
        str(root / "manage.py"),
        "prepare",
    ]
    log = data / "logs" / "prepare.log"
    log.parent.mkdir(mode=0o700, exist_ok=True)
    sign_in = None
    steps.say("Looking at the database")
    with log.open("wb") as errors:
        process = subprocess.Popen(
            command if demo else [*command, "--no-demo"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**variables, PASSWORD_VARIABLE: password},
            text=True,
        )
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith(SIGN_IN_LINE):
                sign_in = (line.removeprefix(SIGN_IN_LINE).strip(), password)
            elif line.strip():
                steps.say(line.strip())
    if process.wait():
        reason = _reason(log.read_text(encoding="utf-8", errors="replace"))
        raise CannotStart(f"The database could not be prepared: {reason} (all of it is in {log}).")
    return sign_in


def _reason(text: str) -> str:
    """The message of the last exception in `text`, without its class; else the last line."""
    messages = re.findall(r"^[\w.]+(?:Error|Exception): (.+)", text, re.MULTILINE)
    lines = messages or text.strip().splitlines() or ["it gave no reason"]
    return str(lines[-1]).strip().rstrip(".")


def _serve(
    root: Path,
    python: Path,
    data: Path,
    variables: Mapping[str, str],
    options: argparse.Namespace,
    port: int,
    sign_in: tuple[str, str] | None,
    steps: Steps,
) -> int:
    supervisor = Supervisor(data / "logs", variables, steps.plain)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # under nohup a closed terminal is to be ignored
            signal.signal(number, supervisor.ask_to_stop)
    try:
        steps.say("Starting the web server")
        supervisor.add(services.web(python, root, variables, options.host, port))
        if not _first_page(supervisor, options.host, port):
            return 0  # told to stop meanwhile
        # Only now: three processes importing Django at once would make the first page two to three times later.
        steps.say("The web server answers; starting the worker and the clock")
        supervisor.add(services.worker(python, root, variables))
        supervisor.add(services.beat(python, root, data))
        _announce(options.host, port, sign_in, "ALLOWED_HOSTS" in variables, steps)
        if options.check:
            return proof.prove(supervisor, options.host, port, sign_in, steps)
        supervisor.watch()
        return 0
    finally:
        steps.say("Stopping")
        killed = supervisor.stop()
        steps.say(f"Stopped ({', '.join(killed)} had to be killed)" if killed else "Stopped")


def _first_page(supervisor: Supervisor, host: str, port: int) -> bool:
    """Wait until the web server answers; False when a stop was asked for. Raises CannotStart when it never does."""
    child = supervisor.children[0]
    deadline = time.monotonic() + FIRST_PAGE_SECONDS
    errors = 0
    while not supervisor.stopping:
        status, _ = ports.fetch(host, port, "/healthz")
        if status == 200:
            return True
        errors += status > 0
        gave_up = child.starts >= TRIES and not child.running()
        if gave_up or errors > MOST_ERRORS or time.monotonic() > deadline:
            seen = f"it answers {status}" if status else "it does not answer"
            tail = child.log.tail(12)
            raise CannotStart("\n".join([*tail, f"The web server did not start ({seen}): its last lines are above."]))
        supervisor.tick()
    return False


def _announce(host: str, port: int, sign_in: tuple[str, str] | None, names_given: bool, steps: Steps) -> None:
    lines = ["", f"  Plumbline   {ports.url(host, port)}"]
    if host in ports.ANY_ADDRESS and not names_given:
        lines += ["  Elsewhere   set ALLOWED_HOSTS=name,address to open it from other machines under these names"]
    if sign_in:
        lines += [f"  E-mail      {sign_in[0]}", f"  Password    {sign_in[1]}   (shown this once)"]
        lines += [f"  New one     python3 manage.py changepassword {sign_in[0]}"]
    lines += ["  Stop        Ctrl-C", ""]
    steps.plain("\n".join(lines))
