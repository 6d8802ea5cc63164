"""The secret key is made once and only its owner can read it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from pmo.boot.secret import load_or_create


def test_the_key_is_made_once_and_read_ever_after(tmp_path):
    path = tmp_path / "data" / "secret_key"
    key = load_or_create(path)
    assert len(key) >= 50
    assert load_or_create(path) == key
    assert path.stat().st_mode & 0o777 == 0o600


def test_starts_at_the_same_moment_agree_on_one_key(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(load_or_create, [tmp_path / "secret_key"] * 32))
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_a_truncated_key_is_refused_not_used(tmp_path):
    (tmp_path / "secret_key").write_text("short\n")
    with pytest.raises(ValueError, match="no usable secret key"):
        load_or_create(tmp_path / "secret_key")
