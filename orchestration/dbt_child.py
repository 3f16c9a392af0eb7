"""dbt as a child process that ends with its parent.

A run that is killed gives the edition's lock back at once, and the next run may start; a dbt process that outlived it would go on
writing the warehouse. So a thread looks at the parent and ends the process, at any point: the warehouse is rebuilt by the next run.
The parent says its number in ZHENGXIN_PARENT: asked for later, it could already be that of whoever inherits orphans.
Run as a script by `dbt-child`; never imported.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from importlib.metadata import version

_SECONDS = 0.2
_ORPHANED = 1
_VERSION = ["--version"]


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_SECONDS)
    os._exit(_ORPHANED)


def main(arguments: list[str]) -> None:
    """Run dbt with `arguments`; its own `--version` would ask the network for the newest one, so that is answered here."""
    if arguments == _VERSION:
        sys.stdout.write(f"installed: {version('dbt-core')}\n")
        return
    parent = int(os.environ["ZHENGXIN_PARENT"])
    if os.getppid() != parent:
        sys.exit(_ORPHANED)
    threading.Thread(target=_end_with, args=[parent], daemon=True).start()
    from dbt.cli.main import cli

    cli(arguments, prog_name="dbt")


if __name__ == "__main__":
    main(sys.argv[1:])
