"""A whole installation of its own for a measurement: web, worker and clock as `manage.py up` runs them, in one folder.

Everything listens on 127.0.0.1 and ends with the measuring process. DATABASE_URL and CELERY_BROKER_URL choose the
database and the queue as ever; without them it is SQLite and the folder queue. The throttle is off, because a
measurement asks faster than the limit for one token.
"""

from __future__ import annotations

import http.client
import http.cookiejar
import itertools
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pmo.boot import services
from pmo.boot.supervisor import Child, Supervisor

HOST = "127.0.0.1"
DIRECTOR = "director@demo.example"
NUMBERS = itertools.count(os.getpid())
SCOPES = "projects:read,projects:write,costs:read,costs:write,finance:read"


class Api:
    """One keep-alive connection of a sane client. Not for several threads at once."""

    def __init__(self, port: int, headers: Mapping[str, str], timeout: float = 60) -> None:
        self._port, self._headers, self._timeout = port, dict(headers), timeout
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """(status, JSON or text). OSError or HTTPException where the server is away or dies meanwhile."""
        sent = {**self._headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        text = None if body is None else json.dumps(body)
        if text is not None:
            sent["Content-Type"] = "application/json"
        fresh = self._connection is None
        try:
            status, kind, answer = self._once(method, path, text, sent)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self.close()
            if fresh or method != "GET" and "Idempotency-Key" not in sent:
                raise
            status, kind, answer = self._once(method, path, text, sent)  # an idle connection the server had closed
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        return status, json.loads(answer) if "json" in kind else answer.decode(errors="replace")

    def _once(self, method: str, path: str, text: str | None, headers: Mapping[str, str]) -> tuple[int, str, bytes]:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(HOST, self._port, timeout=self._timeout)
        self._connection.request(method, path, body=text, headers=dict(headers))
        response = self._connection.getresponse()
        return response.status, response.getheader("Content-Type", ""), response.read()

    def close(self) -> None:
        """Let go of the connection; the next request opens one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Installation:
    """Made by `installation()`: its address, a director's token, its processes by name."""

    def __init__(self, folder: Path, variables: Mapping[str, str]) -> None:
        self.data = folder
        self.port = free_port()
        given = {**os.environ, "API_THROTTLES": "false", **variables}
        self._server = {**given, "PMO_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "pmo.settings"}
        self.database = f"plumbline_{secrets.token_hex(6)}" if given.get("DATABASE_URL", "").startswith("pos") else ""
        if self.database:
            given["DATABASE_URL"] = urllib.parse.urlsplit(given["DATABASE_URL"])._replace(path=self.database).geturl()
        if given.get("CELERY_BROKER_URL", "").startswith("redis+socket") and "?" not in given["CELERY_BROKER_URL"]:
            given["CELERY_BROKER_URL"] += (
                f"?virtual_host={next(NUMBERS) % 15 + 1}"  # no other's worker gets our messages
            )
        self.variables = services.variables_for(folder, HOST, given)
        self.supervisor = Supervisor(folder / "logs", self.variables, lambda line: None)
        self.children: dict[str, Child] = {}
        self.token = self.password = ""

    def prepare(self) -> None:
        """Migrate, load the demo portfolio, make a token of its PMO director."""
        self._on_server(f"CREATE DATABASE {self.database}")
        self.password = secrets.token_hex(8)
        self.manage("prepare", PLUMBLINE_FIRST_PASSWORD=self.password)
        made = ("--email", DIRECTOR, "--organisation", "demo", "--scopes", SCOPES)
        self.token = self.manage("create_token", *made).strip().splitlines()[-1]

    def remove(self) -> None:
        """End all processes and drop what was made."""
        self.supervisor.stop(seconds=3)
        self._on_server(f"DROP DATABASE {self.database} WITH (FORCE)")
        shutil.rmtree(self.data, ignore_errors=True)

    def _on_server(self, statement: str) -> None:
        """On PostgreSQL, where several installations share a server: one database for each."""
        if self.database:
            script = (
                "import sys, django; django.setup()\n"
                "from django.db import connection\n"
                "connection.cursor().execute(sys.argv[1])"
            )
            command = [sys.executable, "-c", script, statement]
            subprocess.run(command, cwd=ROOT, env=self._server, check=True, capture_output=True)

    def run(self, script: str, *arguments: str) -> str:
        """Run one of the scripts of this folder beside the installation, on its database; what it printed."""
        command = [sys.executable, str(ROOT / "benchmarks" / script), *arguments]
        done = subprocess.run(command, env=self.variables, capture_output=True, text=True, timeout=300)
        if done.returncode:
            raise RuntimeError(f"{script} failed: {done.stdout[-2_000:]}{done.stderr[-2_000:]}")
        return done.stdout

    def manage(self, *arguments: str, check: bool = True, **variables: str) -> str:
        """Run a command of manage.py; what it printed. RuntimeError with its words when it fails."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            env={**self.variables, **variables},
            capture_output=True,
            text=True,
            timeout=600,
        )
        if check and done.returncode:
            raise RuntimeError(f"{arguments[0]} failed: {done.stdout[-2_000:]}{done.stderr[-2_000:]}")
        return done.stdout

    def start(self, *names: str) -> None:
        """Start "web", "worker", "beat" (again)."""
        for name in names:
            if name in self.children:
                self.children[name].start(time.monotonic())
            else:
                self.children[name] = self.supervisor.add(self._service(name))
            if name == "web":
                wait_for(self._answers, 60, "the first page")

    def _service(self, name: str) -> services.Service:
        python = Path(sys.executable)
        if name == "web":
            return services.web(python, ROOT, self.variables, HOST, self.port)
        if name == "worker":
            return services.worker(python, ROOT, self.variables)
        return services.beat(python, ROOT, self.data)

    def _answers(self) -> bool:
        try:
            return Api(self.port, {}, timeout=5).ask("GET", "/healthz")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def worker_is_up(self, seconds: float = 60) -> None:
        """Wait for the worker's first heartbeat since now."""
        since = time.monotonic()

        def seen() -> bool:
            age = self.api().ask("GET", "/readyz")[1].get("worker_seen_seconds_ago")
            return age is not None and age < time.monotonic() - since

        wait_for(seen, seconds, "a heartbeat of the worker")

    def kill(self, name: str) -> None:
        """kill -9 the process and all it started; it stays down until `start`, or until the supervisor looks."""
        self.children[name].kill()
        process = self.children[name].process
        if process is not None:
            process.wait()

    def api(self) -> Api:
        """A client with the director's token."""
        return Api(self.port, {"Authorization": f"Bearer {self.token}"})

    def pages(self) -> Api:
        """A browser signed in as the director."""
        jar = http.cookiejar.CookieJar()
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(jar))
        address = f"http://{HOST}:{self.port}/accounts/login/"
        form = opener.open(address, timeout=30).read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        fields = {"csrfmiddlewaretoken": token[1] if token else "", "login": DIRECTOR, "password": self.password}
        request = urllib.request.Request(address, urllib.parse.urlencode(fields).encode(), {"Referer": address})
        opener.open(request, timeout=30).read()
        return Api(self.port, {"Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)})

    def settled(self, seconds: float = 120) -> float:
        """Wait until nothing is owed; the seconds it took. `keep` looks after the processes meanwhile."""
        api = self.api()

        def quiet() -> bool:
            self.keep()
            try:
                return api.ask("GET", "/readyz")[1].get("outbox_open") == 0
            except (OSError, http.client.HTTPException):
                return False

        return wait_for(quiet, seconds, "an empty outbox")

    def keep(self) -> None:
        """Restart what ended, as the supervisor of `up` does."""
        self.supervisor.tick(0)

    def log(self, name: str) -> str:
        """The whole log of one process."""
        path = self.data / "logs" / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""


@contextmanager
def installation(**variables: str) -> Iterator[Installation]:
    """A prepared installation in a temporary folder, nothing started; at the end everything of it is gone."""
    folder = Path(tempfile.mkdtemp(prefix="plumbline-bench-"))
    made = Installation(folder, variables)
    try:
        made.prepare()
        yield made
    finally:
        made.remove()


class Redis:
    """A Redis of its own on a socket, to be stopped, frozen and brought back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"redis+socket://{folder}/redis.sock"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait for its socket. With its append-only file on, as production has it."""
        self.process = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", str(self.folder / "redis.sock"), "--save", ""]
            + ["--appendonly", "yes", "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for((self.folder / "redis.sock").exists, 10, "the socket of Redis")

    def kill(self) -> None:
        """kill -9."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
        (self.folder / "redis.sock").unlink(missing_ok=True)


@contextmanager
def redis() -> Iterator[Redis]:
    """A running Redis, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="plumbline-redis-") as folder:
        made = Redis(Path(folder))
        made.start()
        try:
            yield made
        finally:
            made.kill()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], bool], seconds: float, what: str) -> float:
    """Wait until `condition` holds; the seconds it took. TimeoutError naming `what`."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"{what} did not come within {seconds:.0f} s")
        time.sleep(0.02)
    return time.monotonic() - began


def quantile(values: list[float], share: float) -> float:
    """The value below which `share` of them lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]


def cost(project: str, amount: str, **more: str) -> dict[str, str]:
    """The body of a cost entry."""
    return {"project": project, "amount": amount, "incurred_on": "2026-01-15", "category": "services", **more}


def running_project(api: Api) -> dict[str, Any]:
    """A project under way of the demo portfolio, with figures."""
    for project in api.ask("GET", "/api/v1/projects/?status=active&page_size=50")[1]["results"]:
        if api.ask("GET", f"/api/v1/projects/{project['id']}/performance/")[1]["cpi"] is not None:
            return dict(project)
    raise LookupError("the demo portfolio has no project under way")
