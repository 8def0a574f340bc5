"""Keeps a Python at hand that has imported Synapse, and starts home servers by fork: nursery.py SOCKET

Importing is nearly all of what starting one costs, 1.5 s of a processor, and one run of the tests
starts more than a hundred. Who wants one is admit.py: it sends its config file and clock offset
as a line, and its file descriptors 0, 1 and 3. It is told the exit code, and when it goes, its
Synapse goes, too. It is a lean one (lean.py), or with URTC_LAB_SYNAPSE=stock what was released.
"""

import gc
import os
import random
import selectors
import signal
import socket
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

# Nothing is written into the source tree, and what is imported is no garbage.
sys.dont_write_bytecode = True
gc.disable()

# Before launch: what imports the functions that it replaces would keep the old ones.
is_lean = os.environ.get("URTC_LAB_SYNAPSE") != "stock"
if is_lean:
    import lean

import launch  # noqa: E402
from twisted.internet import reactor  # noqa: E402

if is_lean:
    lean.warm_up(os.path.dirname(sys.argv[1]))

# What was imported is never looked through again, so its pages stay shared.
gc.freeze()


def become(config_file: str, offset_ms: int, descriptors: list[int]) -> None:
    """In the forked process. Does not return."""
    code = 1
    try:
        launch.die_with_starter()
        os.setsid()
        stdin, output, notices = descriptors
        for source, target in ((stdin, 0), (output, 1), (output, 2), (notices, 3)):
            os.dup2(source, target)
        os.closerange(4, 1024)
        # Its poller and its wake-up pipe are still those of the process that it was forked from.
        reactor.__init__()
        random.seed()
        launch.run(config_file, offset_ms)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def admit(selector: selectors.BaseSelector, listener: socket.socket) -> None:
    asker, _ = listener.accept()
    line, descriptors, _, _ = socket.recv_fds(asker, 4096, 3)
    config_file, offset_ms = line.decode().split("\0")
    pid = os.fork()
    if pid == 0:
        become(config_file, int(offset_ms), descriptors)
    for descriptor in descriptors:
        os.close(descriptor)
    ending = os.pidfd_open(pid)
    state = {"asker_is_there": True}

    def asker_gone() -> None:
        # Both may be told of in the same round.
        if not state["asker_is_there"]:
            return
        state["asker_is_there"] = False
        selector.unregister(asker)
        asker.close()
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def ended() -> None:
        _, status = os.waitpid(pid, 0)
        selector.unregister(ending)
        os.close(ending)
        if state["asker_is_there"]:
            state["asker_is_there"] = False
            selector.unregister(asker)
            try:
                asker.sendall(b"%d" % os.waitstatus_to_exitcode(status))
            except BrokenPipeError:
                pass
            asker.close()

    selector.register(asker, selectors.EVENT_READ, asker_gone)
    selector.register(ending, selectors.EVENT_READ, ended)


def main() -> None:
    selector = selectors.DefaultSelector()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(sys.argv[1])
        listener.listen(64)
        selector.register(listener, selectors.EVENT_READ, lambda: admit(selector, listener))
        print("ready", flush=True)
        while True:
            for key, _ in selector.select():
                key.data()


main()
