"""Is the address free, and is something answering there?"""

from __future__ import annotations

import errno
import http.client
import socket

from pmo.boot.errors import CannotStart

ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # nosec B104: compared, not listened on


def reserve(host: str, port: int) -> int:
    """Return `port` if it can be listened on at `host`, or a free one when `port` is 0; else raise CannotStart."""
    if not 0 <= port <= 65535:
        raise CannotStart(f"{port} is not a port number: choose one between 1 and 65535.")
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except socket.gaierror:
        raise CannotStart(f"The host name {host} is not known on this machine: use --host 127.0.0.1.") from None
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # The web server sets this too; without it a port closed a moment ago would count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            probe.listen(1)
        except OSError as error:
            raise CannotStart(_reason(error, host, port)) from None
        return int(probe.getsockname()[1])


def _reason(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is in use by another programme: stop it, or choose another with --port {port + 1}."
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"Port {port} needs administrator rights: choose one above 1023, for example --port 8000."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is not an address of this machine: use --host 127.0.0.1, or 0.0.0.0 for every address."
    return f"Port {port} on {host} cannot be opened: {error.strerror}."


def reachable(host: str) -> str:
    """The address at which this machine reaches a server that listens on `host`."""
    return ANY_ADDRESS.get(host, host)


def url(host: str, port: int, path: str = "/") -> str:
    """A link a person can open."""
    name = reachable(host)
    return f"http://[{name}]:{port}{path}" if ":" in name else f"http://{name}:{port}{path}"


def fetch(host: str, port: int, path: str, timeout: float = 5.0) -> tuple[int, bytes]:
    """GET `path`: (status, the first megabyte of the body). (0, b"") when nothing answers. Proxies are not asked."""
    connection = http.client.HTTPConnection(reachable(host), port, timeout=timeout)
    try:
        connection.request("GET", path, headers={"Connection": "close"})
        response = connection.getresponse()
        return response.status, response.read(1_000_000)
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()
