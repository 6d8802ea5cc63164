"""The packages are installed once, again when a list changes, and every obstacle is one plain sentence."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from pmo.boot import environment
from pmo.boot.errors import CannotStart

ROOT = Path(__file__).resolve().parents[2]

OFFLINE = """\
WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(
Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')': /simple/uv/
ERROR: Could not find a version that satisfies the requirement uv==0.13.9 (from versions: none)
ERROR: No matching distribution found for uv==0.13.9"""
UV_OFFLINE = (
    "error: Failed to fetch: `https://index.example/simple/django/`\n  Caused by: dns error: failed to lookup address"
)
NO_WHEEL = "ERROR: Could not find a version that satisfies the requirement uv==0.13.9 (from versions: none)"
FULL_DISK = "error: failed to copy file: No space left on device (os error 28)"


@pytest.fixture
def root(tmp_path):
    for name in (environment.RUNTIME, environment.DEVELOPMENT, environment.INSTALLER):
        (tmp_path / name).write_text(f"# {name}\n")
    return tmp_path


@pytest.fixture
def installer(root, monkeypatch):
    """Plays pip and uv: notes each command and fails those whose marker is in `fails`."""
    commands, fails = [], {}

    def run(command, log, variables=None):
        line = " ".join(command)
        commands.append(line)
        for marker, output in fails.items():
            if marker in line:
                raise environment._Failed(output)
        if "--target" in line:
            (root / ".tools" / "bin").mkdir(parents=True)
            (root / ".tools" / "bin" / "uv").touch()
        if "venv" in command:
            environment.interpreter(root).parent.mkdir(parents=True, exist_ok=True)
            environment.interpreter(root).touch()

    monkeypatch.setattr(environment, "_run", run)
    monkeypatch.setattr(environment, "_has_pip", lambda: True)
    run.commands, run.fails = commands, fails
    return run


def install(root, *lists):
    said = []
    environment.ensure(root, lists or [environment.RUNTIME], said.append)
    return said


def test_a_first_start_installs_and_a_second_does_nothing(root, installer):
    assert install(root) == [
        "Fetching the installer (uv)",
        "Making the Python environment .venv",
        "Installing the packages of requirements.txt",
    ]
    installer.commands.clear()
    assert install(root) == []
    assert installer.commands == []


def test_every_download_is_checked_against_its_hash_and_compiled(root, installer):
    install(root)
    downloads = [line for line in installer.commands if " install " in line]
    assert len(downloads) == 2
    assert all("--require-hashes" in line for line in downloads)
    assert "--compile-bytecode" in downloads[1]


def test_a_changed_list_installs_again_without_fetching_the_installer(root, installer):
    install(root)
    (root / environment.RUNTIME).write_text("# other\n")
    assert install(root) == ["Installing the packages of requirements.txt"]


def test_a_newer_python_of_the_system_makes_the_environment_anew(root, installer):
    install(root)
    older, newer = root / "python3.11", root / "python3.13"
    older.touch()
    newer.touch()
    own = environment.interpreter(root)
    (root / ".venv" / "lib" / "python3.11").mkdir(parents=True)
    own.unlink()
    own.symlink_to(older)
    assert install(root) == []
    own.unlink()
    own.symlink_to(newer)
    assert install(root)[0] == "Making the Python environment .venv"


def test_the_tests_add_their_own_list_and_the_product_stays_current(root, installer):
    install(root)
    said = install(root, environment.RUNTIME, environment.DEVELOPMENT)
    assert said == ["Installing the packages of requirements.txt and requirements-dev.txt"]
    assert environment.is_current(root, [environment.RUNTIME])


def test_an_interrupted_installation_is_not_taken_for_a_finished_one(root, installer):
    install(root)
    (root / environment.RUNTIME).write_text("# other\n")
    installer.fails["pip install --python"] = UV_OFFLINE
    with pytest.raises(CannotStart):
        install(root)
    assert not environment.is_current(root, [environment.RUNTIME])


@pytest.mark.parametrize(("step", "output"), [("--target", OFFLINE), ("--compile-bytecode", UV_OFFLINE)])
def test_without_a_network_one_sentence_says_so(root, installer, step, output):
    installer.fails[step] = output
    with pytest.raises(CannotStart, match="package index could not be reached"):
        install(root)


def test_where_uv_does_not_exist_pip_installs_the_same_list(root, installer):
    installer.fails["--target"] = NO_WHEEL
    assert "Installing with pip instead of uv; this takes a minute" in install(root)
    assert "-m pip install --quiet --require-hashes -r" in installer.commands[-1]
    assert environment.is_current(root, [environment.RUNTIME])


def test_a_full_disk_is_named(root, installer):
    installer.fails["--compile-bytecode"] = FULL_DISK
    with pytest.raises(CannotStart, match="disk is full"):
        install(root)


def test_a_failure_of_every_installer_gives_the_last_line_and_the_log(root, installer):
    installer.fails["install --"] = "something\nERROR: hashes do not match"
    with pytest.raises(CannotStart, match=r"ERROR: hashes do not match \(all of it is in .*install\.log\)"):
        install(root)


def test_a_python_without_pip_uses_the_wheel_that_comes_along(root, installer, monkeypatch):
    monkeypatch.setattr(environment, "_has_pip", lambda: False)
    (root / "tools" / "pip").mkdir(parents=True)
    (root / "tools" / "pip" / "pip-1.0-py3-none-any.whl").touch()
    install(root)
    assert any("pip-1.0-py3-none-any.whl/pip install" in line for line in installer.commands)


def test_a_python_without_pip_in_a_clone_without_the_wheel_is_told_so(root, installer, monkeypatch):
    monkeypatch.setattr(environment, "_has_pip", lambda: False)
    with pytest.raises(CannotStart, match="has no pip, and the one that comes along"):
        install(root)


def test_the_wheel_that_comes_along_is_the_one_that_was_taken_and_runs_from_its_zip():
    wheel = ROOT / "tools" / "pip" / "pip-26.3-py3-none-any.whl"
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    assert digest == "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"
    answer = subprocess.run(
        [sys.executable, str(wheel / "pip"), "--version"], capture_output=True, text=True, check=True
    )
    assert answer.stdout.startswith("pip 26.3 ")


def test_a_folder_that_cannot_be_written_is_one_sentence(root, monkeypatch):
    (root / ".tools").write_text("in the way")
    with pytest.raises(CannotStart, match="cannot be written"):
        install(root)


def test_the_mirror_and_certificates_given_to_pip_serve_uv_too():
    given = {"PIP_INDEX_URL": "https://mirror.example/simple", "PIP_CERT": "/ca.pem", "SSL_CERT_FILE": "/mine.pem"}
    result = environment._uv_environment(given)
    assert result["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert result["SSL_CERT_FILE"] == "/mine.pem"


def test_the_boot_programmes_run_without_any_installed_package():
    script = "import sys; sys.path.insert(0, '.'); import pmo.boot.launch, pmo.boot.tether; print(len(sys.modules))"
    answer = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
