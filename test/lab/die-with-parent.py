"""Becomes a program that never outlives its starter: die-with-parent.py STARTER_PID PROGRAM ARG…

The kernel's PR_SET_PDEATHSIG survives exec: the process id stays, nothing stands between, and
the program runs as it would without this file.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
if os.getppid() != int(sys.argv[1]):
    sys.exit("the starter is gone already")
os.execv(sys.argv[2], sys.argv[2:])
