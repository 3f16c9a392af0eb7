"""dbt as a child process that is asked several times and ends with its parent.

A run that is killed gives the edition's lock back at once, and the next run may start; a dbt process that outlived it would go on
writing the warehouse. So a thread looks at the parent and ends the process, at any point: the warehouse is rebuilt by the next run.
The parent says its number: asked for later, it could already be that of whoever inherits orphans.
Each line of its input is a command (`Command` of orchestration/dbt_process.py); dbt's own lines come back, of a command that reports its
events and before each model its rows, then one that says that it has ended. It is imported once for all commands of a run, and given the
project as it was parsed once a version of the code.
Run as a script, never imported.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
import time
from functools import cache
from pathlib import Path
from typing import Any

_SECONDS = 0.2
# Where a project that is parsed for all editions has its sources and its tables.
_NO_EDITION = {"ZHENGXIN_STAGE": "/stage/of/no/edition", "ZHENGXIN_WAREHOUSE": "warehouse.duckdb"}
_REPORTED = {"info", "warn", "error"}
_ORPHANED, _INTERRUPTED, _FAILED = 1, 130, 1


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_SECONDS)
    os._exit(_ORPHANED)


def main(parent: int, ended: str, rows: str) -> None:
    """Obey commands until there are no more; each ends with a line `<ended><exit code>`."""
    if os.getppid() != parent:
        sys.exit(_ORPHANED)
    threading.Thread(target=_end_with, args=[parent], daemon=True).start()
    gc.disable()  # what is imported stays: whoever looks for garbage among it, now or later, finds none
    import dbt.adapters.duckdb
    import dbt.cli.main  # noqa: F401  what takes a second, while nothing is asked yet

    gc.freeze()
    gc.enable()
    for line in sys.stdin:
        command = json.loads(line)
        os.environ.update(_NO_EDITION | command["environment"])
        code = _obey(command["arguments"], command["parsed"], [_Report(rows)] if command["reports"] else [])
        _close_warehouse()
        _say(f"{ended}{code}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class _Report:
    """Says dbt's events as they come, from whichever of its threads, as its own log would: all but those that are for debugging.

    Its log makes a line of those too before it drops them, which is a tenth of what dbt does.
    """

    def __init__(self, rows: str) -> None:
        self._rows = rows
        self._lock = threading.Lock()

    def __call__(self, event: Any) -> None:
        from dbt_common.events.functions import msg_to_dict

        if event.info.level not in _REPORTED:
            return
        line = json.dumps(msg_to_dict(event))
        with self._lock:
            if event.info.name == "LogModelResult" and event.data.node_info.node_status == "success":
                _say(f"{self._rows}{json.dumps(_counted(event.data.node_info.node_relation))}")
            _say(line)


def _counted(relation: Any) -> dict[str, int]:
    """A model's rows, by `<schema>.<name>`."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    warehouse: Any = DuckDBConnectionManager.env()
    cursor = warehouse.conn.cursor()
    try:
        rows = cursor.execute(f'select count(*) from "{relation.schema}"."{relation.alias}"').fetchone()[0]
    finally:
        cursor.close()
    return {f"{relation.schema}.{relation.alias}": rows}


def _obey(arguments: list[str], parsed: str | None, callbacks: list[Any]) -> int:
    from dbt.cli.main import dbtRunner

    # The manifest anew for each command: dbt writes into it while it compiles.
    result = dbtRunner(manifest=_manifest(parsed) if parsed else None, callbacks=callbacks).invoke(arguments)
    if isinstance(result.exception, KeyboardInterrupt):
        raise result.exception
    if result.exception is not None:
        sys.stdout.write(f"{result.exception}\n")
    return 0 if result.success else _FAILED


def _close_warehouse() -> None:
    """Let others read what was written: dbt-duckdb keeps it open for as long as the process lives."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    opened: Any = DuckDBConnectionManager._ENV  # noqa: SLF001  asking for it in public raises where there is none
    if opened is not None:
        opened.close()
        DuckDBConnectionManager._ENV = None  # noqa: SLF001


def _manifest(parsed: str) -> Any:
    """The project as it was parsed for no edition, with its sources and tables where this edition's are."""
    from dbt.contracts.graph.manifest import Manifest

    manifest = Manifest.from_msgpack(_content(parsed))
    # dbt-duckdb names a database by its file; it reads the place of a source as a format string, in which SQL stands.
    database, stage = Path(os.environ["ZHENGXIN_WAREHOUSE"]).stem, os.environ["ZHENGXIN_STAGE"].replace("'", "''")
    for node in (*manifest.nodes.values(), *manifest.sources.values()):
        node.database = database
        if place := node.meta.get("external_location"):
            node.meta["external_location"] = place.replace(_NO_EDITION["ZHENGXIN_STAGE"], stage.replace("{", "{{").replace("}", "}}"))
    return manifest


@cache
def _content(path: str) -> bytes:
    return Path(path).read_bytes()


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]), *sys.argv[2:])
    except KeyboardInterrupt:
        # At once, whatever dbt's threads still do: the warehouse is rebuilt by the next run.
        os._exit(_INTERRUPTED)
