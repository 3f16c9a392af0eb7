"""Where receipts lie, and names that no file system misreads, whatever the sender's name holds."""

from __future__ import annotations

import hashlib
import re
import unicodedata

import polars as pl

_UNSAFE = re.compile(r'[\\/:*?"<>|\s]+')
_LONGEST = 60
NOBODY = "unnamed"


def safe(name: str) -> str:
    """`name` as a folder may be called on any machine. Where that is another name, signs of its digest keep it apart."""
    seen = "".join(sign for sign in unicodedata.normalize("NFC", name) if unicodedata.category(sign)[0] != "C" or sign.isspace())
    kept = _UNSAFE.sub("_", seen).strip(" ._~$-")[:_LONGEST].rstrip(" ._")
    if kept and kept == name and name != NOBODY:
        return kept
    return f"{kept or '_'}-{hashlib.sha256(name.encode(errors='surrogatepass')).hexdigest()[:8]}"


def receipt_paths(deliveries: pl.DataFrame) -> dict[tuple[str, str | None, str | None, str], str]:
    """By source, sender, dataset and load_id the place of a receipt below the edition's folder, without its ending.

    The dataset is part of the name only where the same bytes, sent under two names, are files of two datasets.
    """
    whose = deliveries.select("source", "sender", "dataset", "load_id").unique().sort("source", "sender", "dataset", "load_id")
    datasets = {tuple(row[:3]): row[3] for row in whose.group_by("source", "sender", "load_id").len().iter_rows()}
    paths = {}
    for source, sender, dataset, load_id in whose.iter_rows():
        apart = f".{dataset}" if datasets[source, sender, load_id] > 1 and dataset else ""
        paths[source, sender, dataset, load_id] = f"{source}/{safe(sender) if sender else NOBODY}/{load_id}{apart}"
    return paths
