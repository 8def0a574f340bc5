"""Asks nursery.py for a Synapse on its own file descriptors 0, 1 and 3, and ends as that one ends:
admit.py SOCKET CONFIG_FILE CLOCK_OFFSET_MS"""

import ctypes
import os
import signal
import socket
import sys

PR_SET_PDEATHSIG = 1
ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

nursery = socket.socket(socket.AF_UNIX)
nursery.connect(sys.argv[1])
socket.send_fds(nursery, ["\0".join(sys.argv[2:4]).encode()], [0, 1, 3])
# From now on only Synapse holds them: their other ends must see when it is gone.
for descriptor in (0, 1, 2, 3):
    os.close(descriptor)
code = int(nursery.recv(16) or b"1")
os._exit(code if code >= 0 else 128 - code)
