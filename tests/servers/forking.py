"""Children of a process that has loaded everything, each of which may be killed: starting Python for each takes longer."""

import json
import os
import sys


def fork_for_each_line(work):
    """For each line of JSON do the work in a child, and say how it ended: its own words, or ``killed``.

    Parameters
    ----------
    work
        Takes what the line says, and a file descriptor to write its words to.
    """
    for line in sys.stdin:
        reads, writes = os.pipe()
        if (child := os.fork()) == 0:
            work(json.loads(line), writes)
            os._exit(0)
        os.close(writes)
        _, status = os.waitpid(child, 0)
        said = os.read(reads, 100).decode()
        os.close(reads)
        sys.stdout.write(f"{'killed' if os.WIFSIGNALED(status) else said}\n")
        sys.stdout.flush()
