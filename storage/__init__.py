"""Where things lie under the data folder, and how they are written so that a killed process leaves nothing half done."""

from storage.atomic import parquet, sync_folder, write_blocks, write_bytes, write_parquet, write_text
from storage.judged import GATES, Gate, judged
from storage.ledger import append_line, append_lines, read_lines
from storage.leftovers import sweep, temporary_folder
from storage.lock import EditionLocked, edition_lock, is_locked
from storage.workspace import SOURCES, Workspace

__all__ = [
    "GATES",
    "SOURCES",
    "EditionLocked",
    "Gate",
    "Workspace",
    "append_line",
    "append_lines",
    "edition_lock",
    "is_locked",
    "judged",
    "parquet",
    "read_lines",
    "sweep",
    "sync_folder",
    "temporary_folder",
    "write_blocks",
    "write_bytes",
    "write_parquet",
    "write_text",
]
