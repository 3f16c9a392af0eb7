"""The demonstration's deliveries: made beside the inbox, then dropped into it, unless somebody's own deliveries lie there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from examples import DEFAULT_SEED, make_deliveries
from frameworks import Framework
from storage import SOURCES, Workspace, temporary_folder


class NotADemo(Exception):
    """The edition's inbox holds files that the demonstration did not make; the message names one."""


@dataclass(frozen=True)
class Dropped:
    """How many files the demonstration has for an edition, and how many of them were not in the inbox before."""

    files: int
    new: int


def drop(workspace: Workspace, framework: Framework) -> Dropped:
    """Put the edition's made-up deliveries into its inbox. Raises NotADemo, and changes nothing, where other files lie there."""
    workspace.prepare()
    with temporary_folder(".demo-", workspace.data) as folder:
        made_in = Workspace(folder, workspace.frameworks)
        make_deliveries(made_in, framework, DEFAULT_SEED)
        made, there = _files(made_in, framework.edition), _files(workspace, framework.edition)
        foreign = sorted(name for name, path in there.items() if name not in made or made[name].read_bytes() != path.read_bytes())
        if foreign:
            raise NotADemo(
                f"{framework.edition}: the inbox holds {len(foreign)} files that are not the demonstration's, such as {foreign[0]}; "
                f"run them with `make run EDITION={framework.edition}`, or set ZHENGXIN_DATA to another folder for the demonstration."
            )
        new = sorted(made.keys() - there.keys())
        for name in new:
            place = workspace.data / "inbox" / framework.edition / name
            place.parent.mkdir(parents=True, exist_ok=True)
            made[name].replace(place)
    return Dropped(len(made), len(new))


def _files(workspace: Workspace, edition: str) -> dict[str, Path]:
    """The files of an edition's inbox by their path from its top."""
    folders = [workspace.inbox(edition, source) for source in SOURCES]
    return {path.relative_to(folder.parent).as_posix(): path for folder in folders for path in folder.rglob("*") if path.is_file()}
