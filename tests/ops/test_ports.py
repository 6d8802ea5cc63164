"""The address is checked before anything is started, and a refusal says what to do."""

import socket

import pytest

from pmo.boot import ports
from pmo.boot.errors import CannotStart


@pytest.fixture
def taken_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(1)
        yield server.getsockname()[1]


def test_a_free_port_is_accepted_and_zero_finds_one():
    found = ports.reserve("127.0.0.1", 0)
    assert found > 0
    assert ports.reserve("127.0.0.1", found) == found


def test_a_port_in_use_is_refused_with_another_to_try(taken_port):
    with pytest.raises(CannotStart, match=rf"Port {taken_port} on 127\.0\.0\.1 is in use .* --port {taken_port + 1}\."):
        ports.reserve("127.0.0.1", taken_port)


def test_a_port_closed_a_moment_ago_is_free_again():
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as web servers do
        server.bind(("127.0.0.1", 0))
        server.listen(1)
        port = server.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port))
        accepted, _ = server.accept()
        accepted.close()  # the server closes first, so its side waits in TIME_WAIT
        client.close()
    assert ports.reserve("127.0.0.1", port) == port


@pytest.mark.parametrize("port", [-1, 65536, 1_000_000])
def test_a_number_that_is_no_port_is_refused(port):
    with pytest.raises(CannotStart, match="not a port number"):
        ports.reserve("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(CannotStart, match="not an address of this machine"):
        ports.reserve("192.0.2.1", 8000)


def test_an_unknown_host_name_is_refused():
    with pytest.raises(CannotStart, match="not known on this machine"):
        ports.reserve("no-such-host.invalid", 8000)


def test_links_are_ones_a_person_can_open():
    assert ports.url("0.0.0.0", 8000) == "http://127.0.0.1:8000/"
    assert ports.url("::1", 8000, "/readyz") == "http://[::1]:8000/readyz"


def test_fetching_where_nothing_listens_is_status_zero():
    assert ports.fetch("127.0.0.1", ports.reserve("127.0.0.1", 0), "/healthz") == (0, b"")
