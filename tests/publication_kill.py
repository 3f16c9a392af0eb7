"""A publication that is killed before a given line of our code, as a program that a test starts.

`python -m tests.publication_kill FOLDER EDITION VERSION LINE…` does for each LINE, in a copy `FOLDER/<line>` of `FOLDER/base`: publish in a
child that kills itself (SIGKILL) before the LINE-th line that `publish` runs in the modules that write; check what stands there
and publish again, in a second child. LINE 0 kills nothing and prints how many lines there are. Children are forked from a process that has
imported everything and started no thread, which spares each of them a second.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from publication import publish
from storage import Workspace
from storage.workspace import PROJECT
from tests.publication_world import check_published, prepare, publish_version

# The modules that write; reading leaves nothing behind.
_WRITING = {
    str(PROJECT / name) for name in ("publication/release.py", "publication/folder.py", "publication/current.py", "publication/releases.py")
}
_WRITING |= {str(PROJECT / name) for name in ("storage/atomic.py", "storage/ledger.py")}


def main(folder: Path, edition: str, version: int, lines: list[int]) -> None:
    """Kill before each of `lines`, check, publish again."""
    for line in lines:
        copy = folder / str(line)
        shutil.copytree(folder / "base", copy)
        workspace = Workspace(data=copy / "data", frameworks=copy / "frameworks")
        ended = _in_child(partial(_publish_until, workspace, edition, version, line))
        assert ended == (signal.SIGKILL if line else 0), f"the process was to die before line {line}, and ended with {ended}"
        assert _in_child(partial(_check_and_publish, workspace, edition, version)) == 0, f"killed before line {line}: what stands above"


def _in_child(work: Callable[[], object]) -> int:
    """Run `work` in a forked process; its signal, or its exit code."""
    child = os.fork()
    if not child:
        try:
            work()
        except BaseException as error:  # noqa: BLE001
            sys.stderr.write(f"{error!r}\n")
            os._exit(1)
        sys.stdout.flush()
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return abs(code)


def _check_and_publish(workspace: Workspace, edition: str, version: int) -> None:
    check_published(workspace)
    publish_version(workspace, edition, version)


def _publish_until(workspace: Workspace, edition: str, version: int, line: int) -> None:
    framework, release = prepare(workspace, edition, version)
    run = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal run
        if frame.f_code.co_filename not in _WRITING:
            return None
        if event == "line":
            run += 1
            if run == line:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    sys.settrace(trace)
    publish(workspace, framework, release)
    sys.settrace(None)
    sys.stdout.write(f"{run}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), [int(line) for line in sys.argv[4:]])
