"""`manage.py up` refuses in one sentence, with exit code 1 and no traceback; other verbs reach Django."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from pmo.boot import checks, services, up
from pmo.boot.errors import CannotStart

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments, **variables):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def assert_one_sentence(answer, *words):
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    assert answer.stderr.strip().count("\n") == 0, answer.stderr
    for word in words:
        assert word in answer.stderr


def test_a_port_in_use_is_one_sentence(tmp_path):
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(1)
        port = server.getsockname()[1]
        assert_one_sentence(run("up", "--port", str(port), PMO_DATA=str(tmp_path)), f"Port {port}", "in use")


def test_a_data_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    assert_one_sentence(run("up", PMO_DATA=str(tmp_path / "file" / "data")), "cannot be written", "PMO_DATA")


def test_an_old_python_is_one_sentence():
    script = (
        "import sys; sys.version_info = (3, 9, 2); sys.argv = ['manage.py', 'up'];"
        "import runpy; runpy.run_path('manage.py', run_name='__main__')"
    )
    answer = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert_one_sentence(answer, "needs Python 3.11 or newer, and this is 3.9")


def test_a_database_that_cannot_be_prepared_is_one_sentence(tmp_path):
    class Quiet:
        say = plain = staticmethod(lambda text: None)

    (tmp_path / "manage.py").write_text("import sys; sys.exit('could not connect to the server')")
    with pytest.raises(CannotStart, match=r"could not be prepared: could not connect to the server \(all of it is in"):
        up._prepare(tmp_path, Path(sys.executable), tmp_path, dict(os.environ), True, Quiet())


def test_the_reason_is_the_message_of_the_error_not_the_advice_after_it():
    text = """\
psycopg2.OperationalError: connection refused
Traceback (most recent call last):
django.db.utils.OperationalError: connection to server at "db", port 5432 failed: Connection refused
\tIs the server running on that host and accepting TCP/IP connections?
"""
    assert up._reason(text) == 'connection to server at "db", port 5432 failed: Connection refused'
    assert up._reason("CommandError: no") == "no"
    assert up._reason("just words.\n") == "just words"
    assert up._reason("") == "it gave no reason"


def test_the_first_password_reaches_only_the_step_that_makes_the_account(tmp_path):
    steps = []

    class Recorder:
        say = plain = staticmethod(steps.append)

    (tmp_path / "manage.py").write_text(
        "import os; print('Making it'); print('sign-in: a@b.example')\n"
        f"assert len(os.environ[{up.PASSWORD_VARIABLE!r}]) > 15"
    )
    email, password = up._prepare(tmp_path, Path(sys.executable), tmp_path, dict(os.environ), True, Recorder())
    assert email == "a@b.example"
    assert steps == ["Looking at the database", "Making it"]
    assert up.PASSWORD_VARIABLE not in services.variables_for(tmp_path, "127.0.0.1")
    assert password not in (tmp_path / "logs" / "prepare.log").read_text()


def test_the_embedded_worker_uses_threads_and_a_real_broker_gets_processes():
    python = Path("/python")
    assert "threads" in services.worker(python, ROOT, {}).command
    assert "prefork" in services.worker(python, ROOT, {"CELERY_BROKER_URL": "redis://r/0"}).command


@pytest.mark.parametrize(
    ("database", "processes"), [("", "1"), ("sqlite:///x.sqlite3", "1"), ("postgres://pmo@db/pmo", "2")]
)
def test_a_database_server_gets_two_web_processes_and_sqlite_one(database, processes):
    command = services.web(Path("/python"), ROOT, {"DATABASE_URL": database}, "127.0.0.1", 8000).command
    assert command[command.index("--workers") + 1] == processes


def test_the_clock_is_a_process_of_its_own():
    commands = [services.worker(Path("/python"), ROOT, {}).command, services.beat(Path("/python"), ROOT, ROOT).command]
    assert all("-B" not in command and "--beat" not in command for command in commands)


def test_listening_on_a_named_address_allows_that_name():
    assert "pmo.lan" in services.variables_for(ROOT, "pmo.lan", {})["ALLOWED_HOSTS"]
    assert services.variables_for(ROOT, "pmo.lan", {"ALLOWED_HOSTS": "mine"})["ALLOWED_HOSTS"] == "mine"
    assert "ALLOWED_HOSTS" not in services.variables_for(ROOT, "127.0.0.1", {})


def test_lint_runs_every_check_and_fails_when_one_does(monkeypatch):
    class Recorder:
        lines = []
        say = plain = lines.append

    python = sys.executable
    commands = [("bad", [python, "-c", "print('why'); raise SystemExit(1)"]), ("good", [python, "-c", ""])]
    monkeypatch.setattr(checks, "lint_commands", lambda python: commands)
    assert checks.lint(Path(python), Recorder()) == 1
    text = "\n".join(Recorder.lines)
    assert "FAILED bad" in text
    assert "why" in text
    assert "ok     good" in text
    assert text.endswith("lint: 1 failed: bad")
