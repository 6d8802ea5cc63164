"""Plain verbs run in the project's own environment, unless another one was chosen."""

import sys

import pytest

from pmo.boot import launch
from pmo.boot.errors import CannotStart


class Became(Exception):
    pass


@pytest.fixture
def root(tmp_path, monkeypatch):
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").touch()
    monkeypatch.setattr(launch, "ROOT", tmp_path)

    def become(path, argv):
        raise Became(str(path), argv)

    monkeypatch.setattr(launch.os, "execv", become)
    return tmp_path


def test_a_system_python_hands_over_to_the_environment_with_all_arguments(root, monkeypatch):
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    with pytest.raises(Became) as became:
        launch.enter_environment(["manage.py", "rebuild", "--check"])
    own = str(root / ".venv" / "bin" / "python")
    assert became.value.args == (own, [own, "manage.py", "rebuild", "--check"])


def test_a_chosen_environment_is_left_alone(root, monkeypatch):
    monkeypatch.setattr(sys, "prefix", "/somewhere/else")
    launch.enter_environment(["manage.py", "check"])


def test_without_packages_the_first_command_is_named(root, monkeypatch):
    monkeypatch.setattr(sys, "prefix", "/somewhere/else")
    monkeypatch.setattr(launch.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="`python3 manage.py up` installs them"):
        launch.enter_environment(["manage.py", "check"])


def test_a_refusal_is_one_sentence_on_the_error_stream_and_exit_code_one(monkeypatch, capsys):
    def refuse(root, arguments):
        raise CannotStart("The moon is in the way.")

    monkeypatch.setitem(launch.VERBS, "up", refuse)
    assert launch.run("up", []) == 1
    captured = capsys.readouterr()
    assert captured.err == "The moon is in the way.\n"
    assert captured.out == ""


def test_a_file_that_cannot_be_used_is_named_without_a_traceback(monkeypatch, capsys, tmp_path):
    monkeypatch.setitem(launch.VERBS, "up", lambda root, arguments: (tmp_path / "no" / "file").read_text())
    assert launch.run("up", []) == 1
    assert capsys.readouterr().err == f"{tmp_path}/no/file could not be used: No such file or directory.\n"
