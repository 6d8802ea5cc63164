"""The command lines of the three services and the variables they get."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pmo.boot.supervisor import Service


def is_embedded(variables: Mapping[str, str]) -> tuple[bool, bool]:
    """(database is SQLite, broker is the folder): what is used when nothing else is asked for."""
    database, broker = variables.get("DATABASE_URL", ""), variables.get("CELERY_BROKER_URL", "")
    return (not database or database.startswith("sqlite"), not broker or broker.startswith("filesystem"))


def data_folder(root: Path, variables: Mapping[str, str]) -> Path:
    """Where the database, the queue, uploads and logs are kept."""
    return Path(variables.get("PMO_DATA") or root / "data").absolute()


def variables_for(data: Path, host: str, given: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment of every service."""
    result = dict(given)
    # Else each process would compile the project's own modules again at each start and restart.
    result.pop("PYTHONDONTWRITEBYTECODE", None)
    result.update(PYTHONUNBUFFERED="1", PMO_DATA=str(data))
    result.setdefault("DJANGO_SETTINGS_MODULE", "pmo.settings")
    if host not in ("127.0.0.1", "localhost", "0.0.0.0", "::1", "::"):  # nosec B104: compared, not listened on
        result.setdefault("ALLOWED_HOSTS", f"localhost,127.0.0.1,[::1],{host}")
    return result


def web(python: Path, root: Path, variables: Mapping[str, str], host: str, port: int) -> Service:
    """The web server: one process with threads, which is what SQLite's single writer wants; two on a database server.
    --preload shares memory."""
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    sqlite, _ = is_embedded(variables)
    command = [str(python), "-m", "gunicorn", "pmo.wsgi:application", "--chdir", str(root), "--bind", address]
    command += ["--workers", "1" if sqlite else "2", "--threads", "8", "--preload", "--no-control-socket"]
    command += ["--graceful-timeout", "3", "--timeout", "60"]
    return Service("web", command)


def worker(python: Path, root: Path, variables: Mapping[str, str]) -> Service:
    """The Celery worker: threads beside SQLite, processes (with their hard time limits) on a real broker."""
    _, folder_broker = is_embedded(variables)
    command = [str(python), "-m", "celery", "--app", "pmo.celery:app", "--workdir", str(root), "worker"]
    command += ["--pool", "threads" if folder_broker else "prefork", "--concurrency", "2", "--loglevel", "INFO"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return Service("worker", command)


def beat(python: Path, root: Path, data: Path) -> Service:
    """The clock: exactly one. As a child of a worker (`-B`) it would outlive a killed worker and tick twice."""
    command = [str(python), "-m", "celery", "--app", "pmo.celery:app", "--workdir", str(root), "beat"]
    command += ["--pidfile", "", "--schedule", str(data / "beat"), "--loglevel", "INFO"]
    return Service("beat", command)
