"""What a service prints is kept within limits and never blocks the service."""

import os

from pmo.boot import logs


def test_a_log_file_is_kept_to_its_limit_with_one_predecessor(tmp_path):
    log = logs.LogFile(tmp_path / "web.log", maximum_bytes=100)
    for number in range(50):
        log.write(b"line %02d of ten\n" % number)
    sizes = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    assert set(sizes) == {"web.log", "web.log.1"}
    assert max(sizes.values()) <= 100
    assert log.tail(1) == ["line 49 of ten"]


def test_an_important_line_is_shown_and_the_rest_only_kept(tmp_path):
    shown = _follow(tmp_path, b"INFO all is well\nERROR the disk hums\nValueError: odd\n")
    assert shown == ["  web: ERROR the disk hums", "  web: ValueError: odd"]
    assert (tmp_path / "web.log").read_text().count("\n") == 3


def test_a_flood_of_errors_is_cut_short_on_the_terminal_and_said_so_once(tmp_path):
    shown = _follow(tmp_path, b"".join(b"ERROR %d\n" % number for number in range(500)))
    assert len(shown) == logs.BURST + 1
    assert shown[-1] == "  web: more of this is in the log file only"
    assert (tmp_path / "web.log").read_text().count("\n") == 500


def test_the_quota_opens_again_after_its_time():
    now = [0.0]
    quota = logs.Quota(burst=2, seconds=30, clock=lambda: now[0])
    assert [quota.admit() for _ in range(3)] == [True, True, False]
    now[0] = 31.0
    assert quota.admit()


def test_a_log_that_cannot_be_written_does_not_stop_the_service(tmp_path):
    (tmp_path / "web.log").mkdir()
    assert _follow(tmp_path, b"ERROR still read\n" * 3) == ["  web: ERROR still read"] * 3


def _follow(folder, text):
    read, write = os.pipe()
    shown = []
    thread = logs.follow("web", os.fdopen(read, "rb"), logs.LogFile(folder / "web.log"), shown.append)
    with os.fdopen(write, "wb") as stream:
        stream.write(text)
    thread.join(timeout=10)
    assert not thread.is_alive()
    return shown
