"""What can run text as code or leave the process stands on a list with its reason; and the headers of every answer."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from tests.world import build, undone

ROOT = Path(__file__).resolve().parents[2]

# tests/architecture/test_escapes.py holds the lists of what goes around escaping, forgery protection and queries.
BOOT = "starts the parts of the installation; its arguments are our own"
DEMO = dict.fromkeys(
    [
        *(f"portfolio/analysis/{name}.py" for name in ("demo", "demo_finished", "demo_ledger", "demo_names")),
        "portfolio/services/demo_compliance.py",
    ],
    "the demo portfolio is the same for the same seed; nothing of it is secret",
)
ALLOWED = {
    r"\bsubprocess\b|\bmultiprocessing\b": {
        "pmo/boot/checks.py": BOOT,
        "pmo/boot/environment.py": BOOT,
        "pmo/boot/supervisor.py": BOOT,
        "pmo/boot/up.py": BOOT,
        "pmo/kit/workbook.py": "reads a workbook in a child with limits on memory and time",
        "pmo/services/backup.py": "pg_dump and pg_restore; a list of arguments, no shell",
        "portfolio/services/rebuild_split.py": "rebuilds in several processes of our own",
    },
    r"(?<![\w.])eval\(|(?<![\w.])exec\(|\b__import__\(|(?<![\w.])compile\(": {},
    r"\bpickle\b|\bmarshal\b|\bshelve\b|yaml\.load\(": {
        "pmo/analysis/standard_file.py": "its loader makes nothing but text, lists and mappings; tags are refused",
    },
    r"os\.system|os\.popen|shell=True": {},
    r"\bxml\.etree\b|\bxml\.sax\b|\bminidom\b|\blxml\b": {},
    r"verify=False|ssl\._create_unverified|\bmd5\(|\bsha1\(": {},
    r"^import random|^from random|\brandom\.\w+\(": DEMO,
    r"cursor\(\)|RawSQL\(": {
        "pmo/kit/bulk.py": "fills tables by COPY; names come from the models",
        "pmo/kit/constraints.py": "triggers and keys; names come from the models",
        "pmo/services/backup.py": "the database's own backup",
        "pmo/services/periods.py": "PostgreSQL's advisory locks; two numbers go in as parameters",
        "portfolio/services/rebuild.py": "one statement over all rows; no text of anybody in it",
        "portfolio/services/rebuild_split.py": "one constant setting",
    },
}


def sources():
    for folder in ("pmo", "projects", "portfolio"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


SOURCES = dict(sources())


@pytest.mark.parametrize("pattern", ALLOWED)
def test_every_use_has_a_reason_and_every_reason_a_use(pattern):
    used = {name for name, text in SOURCES.items() if re.search(pattern, _code(text), re.MULTILINE)}
    assert used == set(ALLOWED[pattern])


def _code(text):
    """Without comments and document strings."""
    return re.sub(r"#.*", "", re.sub(r'"""[\s\S]*?"""', "", text))


def test_the_query_layer_is_never_given_a_text_put_together():
    found = [name for name, text in SOURCES.items() if re.search(r"\.(raw|extra)\(\s*f?[\"']", _code(text))]
    assert found == []


def deploy(tmp_path, **variables):
    environment = {**os.environ, "PMO_DATA": str(tmp_path), "PYTHONWARNINGS": "ignore", **variables}
    for name in ("DEBUG", "DJANGO_ALLOW_ASYNC_UNSAFE"):  # the second is the browser tests' own
        environment.pop(name, None)
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_framework_has_nothing_to_say_against_a_deployment_behind_tls(tmp_path):
    answer = deploy(tmp_path, BEHIND_TLS="1", SECRET_KEY=secrets.token_urlsafe(60))
    assert answer.returncode == 0, answer.stderr
    assert "no issues (0 silenced)" in answer.stdout


def test_nobody_need_invent_a_secret(tmp_path):
    """The one the installation makes for itself is long enough, kept, and readable by its owner alone."""
    assert deploy(tmp_path, BEHIND_TLS="1", SECRET_KEY="").returncode == 0
    kept = tmp_path / "secret_key"
    assert len(kept.read_text().strip()) >= 50
    assert kept.stat().st_mode & 0o077 == 0


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), undone():
        yield build()


PLACES = {
    "a page": "/o/alder/",
    "a fragment": "/o/alder/rows/",
    "a form": "/o/alder/projects/new/",
    "a download": "/o/alder/?format=csv",
    "what is not there": "/o/nowhere/",
    "an address that is none": "/nothing/at/all",
    "the sign-in": "/accounts/login/",
    "the API": "/api/v1/projects/",
    "a refusal of the API": "/api/v1/projects/987654321/",
    "the schema": "/api/v1/schema/",
    "the browsable API": "/api/docs/",
    "health": "/healthz",
    "a NUL byte": "/o/alder/?q=%00",
}


@pytest.mark.django_db
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("who", ["somebody", "nobody"])
def test_every_answer_carries_the_strict_headers(world, place, who):
    client = world.alder.client("pmo_director") if who == "somebody" else Client()
    answer = client.get(PLACES[place])
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    policy = dict(part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == policy["style-src"] == "'self'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert "*" not in answer["Content-Security-Policy"]
    assert set(re.sub(r"'nonce-[^']+'", "", policy["script-src"]).split()) == {"'self'"}


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["a page", "a fragment", "a download", "the API", "a refusal of the API"])
def test_no_cache_on_the_way_keeps_what_is_somebodys_own(world, place):
    answer = world.alder.client("pmo_director").get(PLACES[place])
    kept = answer.get("Cache-Control", "")
    assert "Cookie" in answer.get("Vary", "") or "no-store" in kept
    assert "public" not in kept
