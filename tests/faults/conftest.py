"""One running installation for the small fault runs; the heavy ones are the scripts in benchmarks/."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.installation import Installation, installation

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of this folder take more than a few seconds."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def running() -> Iterator[Installation]:
    """Web, worker and clock with the demo portfolio, as `up` runs them."""
    try:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
    except OSError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"no port can be opened here: {error}")
    with installation() as here:
        here.start("web", "worker", "beat")
        here.worker_is_up()
        here.settled()
        yield here
