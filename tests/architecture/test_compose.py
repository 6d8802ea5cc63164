"""docker-compose.yml cannot be run by the tests; what can be read from it is held to what the product needs."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PINNED = re.compile(r"^[a-z/]+:\d[\w.-]*$")
OURS = ("migrate", "web", "worker", "beat")


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def services(compose):
    return compose["services"]


def test_the_services_are_the_database_the_broker_and_the_four_of_ours(services):
    assert set(services) == {"postgres", "redis", *OURS}
    assert services["worker"]["deploy"]["replicas"] >= 2


def test_there_is_exactly_one_clock(services):
    clocks = [name for name, service in services.items() if "beat" in service.get("command", [])]
    assert clocks == ["beat"]
    assert services["beat"]["deploy"]["replicas"] == 1
    assert not [name for name, service in services.items() if {"-B", "--beat"} & set(service.get("command", []))]


def test_images_of_others_are_pinned_to_a_version(services):
    assert all(PINNED.match(services[name]["image"]) for name in ("postgres", "redis"))
    bases = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert bases
    assert all(PINNED.match(base) for base in bases)


def test_every_variable_given_is_one_the_product_reads(services):
    read = set(re.findall(r"""env(?:\.\w+)?\(\s*"(\w+)\"""", (ROOT / "pmo" / "settings.py").read_text()))
    read |= {"PLUMBLINE_FIRST_PASSWORD"}
    assert {"DATABASE_URL", "CELERY_BROKER_URL", "SECRET_KEY", "ALLOWED_HOSTS", "PMO_DATA"} <= read
    for name in OURS:
        assert set(services[name]["environment"]) <= read, name
        assert {"DATABASE_URL", "CELERY_BROKER_URL", "PMO_DATA"} <= set(services[name]["environment"]), name


def test_the_addresses_name_services_of_this_file(services):
    variables = services["web"]["environment"]
    assert "@postgres:5432/" in variables["DATABASE_URL"]
    assert variables["CELERY_BROKER_URL"].startswith("redis://redis:")


def test_whatever_runs_for_long_has_a_health_check(services):
    assert [
        name for name, service in services.items() if name != "migrate" and not service["healthcheck"]["test"]
    ] == []


def test_nothing_of_ours_starts_before_the_database_is_migrated(services):
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
        assert services[name]["depends_on"]["postgres"]["condition"] == "service_healthy"
    assert services["migrate"]["restart"] == "no"


def test_redis_keeps_its_messages(services):
    command = " ".join(services["redis"]["command"])
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command
    assert any(volume.endswith(":/data") for volume in services["redis"]["volumes"])


def test_a_task_in_hand_is_finished_before_the_worker_is_stopped(services, settings):
    assert int(services["worker"]["stop_grace_period"].removesuffix("s")) > settings.CELERY_TASK_TIME_LIMIT


def test_every_volume_used_is_declared_and_holds_what_must_survive(compose, services):
    used = {volume.split(":")[0] for service in services.values() for volume in service.get("volumes", [])}
    assert used == set(compose["volumes"])
    assert all("data:/data" in services[name]["volumes"] for name in OURS), (
        "uploads are written by web and read by workers"
    )


def test_no_password_is_written_in_the_file(services):
    assert services["postgres"]["environment"]["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")
    assert not re.search(r"://\w+:[^$@]+@", (ROOT / "docker-compose.yml").read_text())


def test_only_this_machine_reaches_the_web_server_unless_asked_otherwise(services):
    assert services["web"]["ports"] == ["${PLUMBLINE_BIND:-127.0.0.1:8000}:8000"]
    assert "ports" not in services["postgres"]
    assert "ports" not in services["redis"]


def test_the_image_does_not_run_as_root_and_leaves_out_what_it_does_not_need():
    users = re.findall(r"^USER (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert users == ["plumbline"]
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in ignored
    for needed in ("manage.py", "pmo", "projects", "portfolio", "templates", "static", "requirements.txt"):
        assert f"!{needed}" in ignored
