"""Writes an edition's deliveries into its inbox."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fnmatch import fnmatchcase

from examples.deliveries import Delivery, Year
from examples.profile import load_profile, load_texts
from examples.quantities import NotDescribed
from frameworks import Framework
from storage import Workspace, write_bytes

DEFAULT_SEED = 2020


@dataclass(frozen=True)
class Summary:
    """What was made: files by source, and how many bytes in all. `written` is how many were not there before."""

    edition: str
    files: dict[str, int]
    size: int
    written: int


def make_deliveries(workspace: Workspace, framework: Framework, seed: int = DEFAULT_SEED) -> Summary:
    """Write a year's deliveries of `framework` to inbox/<edition>/<source>/<day>/.

    The same framework and seed give the same files, byte for byte; a file that lies there already is left alone.
    Raises NotDescribed where profiles.yaml lacks a row, before anything is written.
    """
    made = sorted(Year(framework, load_profile(), load_texts(), seed).deliveries(), key=lambda one: (one.source, one.day, one.name))
    _check_names(framework, made)
    workspace.prepare()
    written = sum(_put(workspace, framework.edition, delivery) for delivery in made)
    files = Counter(delivery.source for delivery in made)
    return Summary(framework.edition, dict(files), sum(len(delivery.content) for delivery in made), written)


def _put(workspace: Workspace, edition: str, delivery: Delivery) -> bool:
    path = workspace.inbox(edition, delivery.source) / delivery.day.isoformat() / delivery.name
    if path.exists() and path.read_bytes() == delivery.content:
        return False
    write_bytes(path, delivery.content)
    return True


def _check_names(framework: Framework, made: list[Delivery]) -> None:
    """A made file that no dataset would take is a mistake in profiles.yaml."""
    for delivery in made:
        datasets = framework.file.deliveries[delivery.source]  # type: ignore[index]
        fits = [dataset.dataset for dataset in datasets if any(fnmatchcase(delivery.name, pattern) for pattern in dataset.files)]
        if len(fits) != 1:
            patterns = ", ".join(pattern for dataset in datasets for pattern in dataset.files)
            raise NotDescribed(
                f"examples/profiles.yaml: {delivery.name} fits {len(fits)} datasets of {delivery.source}; patterns: {patterns}."
            )
