"""Paths under the data folder: the one place that knows where things lie. No file is opened here."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SOURCES = ("self_assessment", "third_party", "provincial", "opinion", "expert_review", "correction")


@dataclass(frozen=True)
class Workspace:
    """The folders of one installation: delivered, derived and published data, and the framework files.

    `data` is private to the office (mode 0700). `frameworks` holds one YAML an edition and the registries that they name.
    """

    data: Path
    frameworks: Path

    @classmethod
    def from_environment(cls) -> Workspace:
        """The folders that ZHENGXIN_DATA and ZHENGXIN_FRAMEWORKS name; by default `data/` and `frameworks/` of the project."""
        return cls(
            data=Path(os.environ.get("ZHENGXIN_DATA") or PROJECT / "data").resolve(),
            frameworks=Path(os.environ.get("ZHENGXIN_FRAMEWORKS") or PROJECT / "frameworks").resolve(),
        )

    def prepare(self) -> None:
        """Make the data folder, and have it readable by its owner alone, whoever made it."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.data.stat().st_mode & 0o077:
            self.data.chmod(0o700)

    def framework_file(self, edition: str) -> Path:
        """The edition's framework file."""
        return self.frameworks / f"{edition}.yaml"

    def editions(self) -> list[str]:
        """Codes of all editions that have a framework file, sorted; the file itself may still be wrong."""
        return sorted(path.stem for path in self.frameworks.glob("*.yaml"))

    def inbox(self, edition: str, source: str) -> Path:
        """The drop zone of one source."""
        return self.data / "inbox" / edition / source

    def templates(self, edition: str) -> Path:
        """What is sent out to be filled in, a folder a source; may be deleted and issued again."""
        return self.data / "templates" / edition

    def receipts(self, edition: str) -> Path:
        """What is answered to those who delivered: receipts, places' pages, the summary; may be deleted and written again."""
        return self.data / "receipts" / edition

    @property
    def archive(self) -> Path:
        """Delivered bytes, a file each, named by their SHA-256."""
        return self.data / "archive"

    @property
    def delivery_ledger(self) -> Path:
        """Append-only: a line each time that a file was first seen."""
        return self.archive / "ledger.jsonl"

    def lake(self, source: str, edition: str) -> Path:
        """Typed cells as Parquet, a file a delivery."""
        return self.data / "lake" / source / f"edition={edition}"

    def lake_rejects(self, edition: str) -> Path:
        """Rejects as Parquet, a file a delivery."""
        return self.data / "lake" / "rejects" / f"edition={edition}"

    def warehouse(self, edition: str) -> Path:
        """The edition's DuckDB file, built by dbt; may be deleted and is rebuilt."""
        return self.data / "warehouse" / f"{edition}.duckdb"

    def stage(self, edition: str) -> Path:
        """The snapshot that dbt reads."""
        return self.data / "warehouse" / edition

    def analysis(self, edition: str) -> Path:
        """Answers about an edition's figures that no release holds; may be deleted and asked for again."""
        return self.data / "analysis" / edition

    @property
    def dbt(self) -> Path:
        """What dbt derives from its project: the parsed manifest, and a target folder an edition; may be deleted and is rebuilt."""
        return self.data / "dbt"

    def edition_lock(self, edition: str) -> Path:
        """The file whose operating-system lock a run holds while it writes the edition."""
        return self.data / "warehouse" / f"{edition}.lock"

    @property
    def published(self) -> Path:
        """Immutable releases, and current.duckdb."""
        return self.data / "published"

    def release(self, edition: str, release: str) -> Path:
        """One release's folder."""
        return self.published / edition / release

    @property
    def current(self) -> Path:
        """The database that BI reads."""
        return self.published / "current.duckdb"

    @property
    def release_ledger(self) -> Path:
        """Append-only: a line a release, with its sequence number and the moment at which it was made."""
        return self.published / "ledger.jsonl"
