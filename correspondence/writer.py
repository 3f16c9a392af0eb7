"""The process that writes receipts: one edition's, once; it says what came of it and ends. It ends with its parent at any point.

A run that is killed gives the edition's lock back at once; what it began must not go on writing beside the next run.
Run as `python -m correspondence.writer`, never imported; `correspondence/answering.py` starts it.
"""

from __future__ import annotations

import os
import pickle
import sys
import threading
import traceback
from multiprocessing.connection import Connection
from typing import Any

from correspondence.receipts import write_receipts

_ORPHANED = 1


def main(connection: Any) -> None:
    """Write what is asked for, and send back the report, the OSError that prevented it, or the trace of a fault of ours."""
    workspace, framework = pickle.loads(connection.recv_bytes())  # noqa: S301  of our own process
    threading.Thread(target=_end_with, args=[connection], daemon=True).start()
    answer: object
    try:
        answer = write_receipts(workspace, framework)
    except OSError as error:
        answer = error
    except Exception:  # noqa: BLE001  the parent raises it
        answer = traceback.format_exc()
    connection.send_bytes(pickle.dumps(answer))


def _end_with(connection: Any) -> None:
    """The parent sends nothing more, so whatever is heard is its end."""
    connection.poll(None)
    os._exit(_ORPHANED)


if __name__ == "__main__":
    try:
        main(Connection(int(sys.argv[1])))
    except (EOFError, BrokenPipeError, ConnectionResetError, KeyboardInterrupt):
        os._exit(_ORPHANED)
