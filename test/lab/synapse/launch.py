"""Runs one Synapse for a test: launch.py CONFIG_FILE CLOCK_OFFSET_MS

Four things that a plain `python -m synapse.app.homeserver` does not do:

* It never outlives who started it. The kernel kills it when the starter's thread ends
  (PR_SET_PDEATHSIG, works even while it is paused by SIGSTOP), and it ends by itself when
  stdin, a pipe that only the starter holds, is closed (covers a starter that died before
  the first line of this file ran).
* Its clock can be moved. Synapse reads the time of day in one place, synapse.util.clock.Clock;
  a line with a number on stdin is the new offset in milliseconds. Timers and rate limits
  stay true.
* It says which process it is: a line "pid 123" on file descriptor 3. See nursery.py.
* It says when it listens: a line "ready" on file descriptor 3, so that nobody has to poll.
"""

import ctypes
import gc
import os
import signal
import sys
import threading

PR_SET_PDEATHSIG = 1


def die_with_starter() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


die_with_starter()

# A sixth of the start would be spent looking for garbage among modules that all stay.
gc.disable()

# -I keeps Python from looking beside this file.
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
# Nothing is written into the source tree.
sys.dont_write_bytecode = True

import synapse.app._base as base  # noqa: E402
from synapse.api.ratelimiting import Ratelimiter  # noqa: E402
from synapse.app import homeserver  # noqa: E402
from synapse.util.clock import Clock  # noqa: E402

offset_ms = 0
true_time = Clock.time


def follow_starter() -> None:
    global offset_ms
    for line in os.fdopen(0, "rb"):
        offset_ms = int(line)
        os.write(3, b"clock %d\n" % offset_ms)
    os.kill(os.getpid(), signal.SIGKILL)


def shifted_time(self: Clock) -> float:
    return true_time(self) + offset_ms / 1000


Clock.time = shifted_time


class TrueClock:
    """For the rate limits: a clock that went back would hold everybody until it has caught up."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def time(self) -> float:
        return true_time(self._clock)

    def __getattr__(self, name: str) -> object:
        return getattr(self._clock, name)


make_limiter = Ratelimiter.__init__


def make_limiter_on_true_clock(self: Ratelimiter, *, clock: Clock, **rest: object) -> None:
    make_limiter(self, clock=TrueClock(clock), **rest)


Ratelimiter.__init__ = make_limiter_on_true_clock


def listening(state: bytes) -> None:
    """Stands in for systemd's socket: Synapse calls this once its listeners are up."""
    if state.startswith(b"READY=1"):
        gc.enable()
        os.write(3, b"ready\n")


base.sdnotify = listening


def run(config_file: str, clock_offset_ms: int) -> None:
    """Becomes that Synapse; returns when it has ended."""
    global offset_ms
    offset_ms = clock_offset_ms
    os.write(3, b"pid %d\n" % os.getpid())
    threading.Thread(target=follow_starter, daemon=True).start()
    sys.argv = ["synapse", "-c", config_file]
    homeserver.main()


if __name__ == "__main__":
    run(sys.argv[1], int(sys.argv[2]))
