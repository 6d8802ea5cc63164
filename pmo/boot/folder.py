"""The data folder: can it be written, is it safe for SQLite, and is somebody using it already?"""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from pathlib import Path

from pmo.boot.errors import CannotStart

# File locks do not hold between machines there, and SQLite in WAL mode needs shared memory: data would be damaged.
NETWORK_FILE_SYSTEMS = frozenset(
    ["nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "beegfs", "gpfs", "davfs"]
    + ["fuse.sshfs", "fuse.s3fs", "fuse.glusterfs", "fuse.rclone", "fuse.gcsfuse", "fuse.ceph-fuse", "fuse.davfs"]
)


def prepare(folder: Path) -> None:
    """Make the folder (mode 0700) if need be, and prove that files can be written in it; else raise CannotStart."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"x" * 4096)
            probe.flush()
    except OSError as error:
        raise CannotStart(
            f"The data folder {folder} cannot be written ({error.strerror}): "
            "make it writable, or name another with PMO_DATA=/path/to/folder."
        ) from None


def refuse_network_file_system(folder: Path, mounts: str | None = None) -> None:
    """Raise CannotStart when `folder` lies on a network file system. `mounts` is the text of /proc/self/mountinfo."""
    if mounts is None:
        try:
            mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return  # not Linux: nothing to ask
    kind = file_system(folder.resolve(), mounts)
    if kind in NETWORK_FILE_SYSTEMS:
        raise CannotStart(
            f"The data folder {folder} is on a network file system ({kind}), where SQLite can lose data: "
            "name a local folder with PMO_DATA, or use PostgreSQL with DATABASE_URL."
        )


def file_system(folder: Path, mounts: str) -> str:
    """The type of the file system that holds `folder`, by the text of /proc/self/mountinfo; "" if it is not listed."""
    best, kind = "", ""
    for line in mounts.splitlines():
        mount, separator, device = line.partition(" - ")
        if not separator or len(mount.split()) < 5:
            continue
        point = mount.split()[4].encode().decode("unicode_escape")  # a space is written \040
        inside = point == "/" or str(folder) == point or str(folder).startswith(point + "/")
        if inside and len(point) >= len(best):
            best, kind = point, device.split()[0]
    return kind


class Claim:
    """Holds the data folder for one running installation. The system lets go of it when the process ends, however."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "up.lock"
        self._descriptor: int | None = None

    def take(self, address: str) -> None:
        """Claim the folder and leave a note of who holds it; raise CannotStart when it is taken."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = self._holder()
            os.close(descriptor)
            raise CannotStart(f"Plumbline is already running on this data folder{holder}: stop it first.") from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, json.dumps({"pid": os.getpid(), "address": address}).encode())
        self._descriptor = descriptor

    def _holder(self) -> str:
        try:
            note = json.loads(self._path.read_text(encoding="utf-8"))
            return f" (process {int(note['pid'])}, {note['address']})"
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def release(self) -> None:
        """Let go of the folder."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
