"""Where things lie under the data folder, and how they are written so that a killed process leaves nothing half done."""

from storage.atomic import write_bytes, write_parquet, write_text
from storage.lock import EditionLocked, edition_lock
from storage.workspace import SOURCES, Workspace

__all__ = ["SOURCES", "EditionLocked", "Workspace", "edition_lock", "write_bytes", "write_parquet", "write_text"]
