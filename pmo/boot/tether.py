"""Run a command that ends when its parent ends: `python tether.py PARENT_PID COMMAND...`.

The supervisor may be killed with -9; nothing of it may stay behind. On Linux the kernel is asked to send SIGTERM to
this process when the parent dies, and that request outlives the exec below. (subprocess's preexec_fn could ask as well,
but it runs Python between fork and exec of a process that has threads, which can hang.) Elsewhere the command runs
untethered.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Tie this process to its parent, then become the command."""
    parent, command = int(arguments[0]), arguments[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:  # it died before the request was made
            sys.exit(1)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
