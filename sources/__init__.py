"""Deliveries: from the inbox to the archive, from the archive to the lake, from the lake to what counts. No Dagster and no SQL."""

from sources.archive import ArchiveReport, archive
from sources.assemble import Assembly, assemble
from sources.guarded import readers
from sources.lake import LakeNotCurrent, ParseReport, parse

__all__ = ["ArchiveReport", "Assembly", "LakeNotCurrent", "ParseReport", "archive", "assemble", "parse", "readers"]
