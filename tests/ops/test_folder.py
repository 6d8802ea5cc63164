"""The data folder is proved writable, local and free before anything is started."""

import subprocess
import sys
from pathlib import Path

import pytest

from pmo.boot import folder
from pmo.boot.errors import CannotStart

ROOT = Path(__file__).resolve().parents[2]

MOUNTS = """\
22 1 0:20 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:30 / /srv/shared rw,relatime shared:5 - nfs4 files:/shared rw,vers=4.2
31 30 0:31 / /srv/shared/local rw,relatime - xfs /dev/vdb rw
32 22 0:32 / /srv/with\\040space rw,relatime - cifs //files/x rw
"""


def test_a_missing_folder_is_made_for_its_owner_alone(tmp_path):
    data = tmp_path / "deep" / "data"
    folder.prepare(data)
    assert data.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotStart) as refusal:
        folder.prepare(tmp_path / "file" / "data")
    assert "cannot be written" in str(refusal.value)
    assert "PMO_DATA" in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/me", "ext4"),
        ("/srv/shared/data", "nfs4"),
        ("/srv/shared", "nfs4"),
        ("/srv/shared-too", "ext4"),
        ("/srv/shared/local/data", "xfs"),
        ("/srv/with space/data", "cifs"),
    ],
)
def test_the_innermost_mount_decides_the_file_system(path, kind):
    assert folder.file_system(Path(path), MOUNTS) == kind


def test_a_network_file_system_is_refused_and_a_local_one_is_not():
    with pytest.raises(CannotStart, match=r"network file system \(nfs4\)"):
        folder.refuse_network_file_system(Path("/srv/shared/data"), MOUNTS)
    folder.refuse_network_file_system(Path("/srv/shared/local/data"), MOUNTS)


def test_a_second_start_on_the_same_folder_is_told_who_holds_it(tmp_path):
    first, second = folder.Claim(tmp_path), folder.Claim(tmp_path)
    first.take("http://127.0.0.1:8000/")
    with pytest.raises(
        CannotStart, match=r"already running on this data folder \(process \d+, http://127.0.0.1:8000/\)"
    ):
        second.take("http://127.0.0.1:9000/")
    first.release()
    second.take("http://127.0.0.1:9000/")
    second.release()


def test_a_claim_ends_with_its_process_however_it_ended(tmp_path):
    script = (
        "import os, sys; from pathlib import Path; from pmo.boot.folder import Claim;"
        "Claim(Path(sys.argv[1])).take('http://x/'); os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, check=False).returncode == -9
    claim = folder.Claim(tmp_path)
    claim.take("http://127.0.0.1:8000/")
    claim.release()
