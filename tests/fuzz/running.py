"""Mutated deliveries from the inbox to the intake tables, by the pipeline's own way and in guarded processes; what came of each."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sources.delivery import deliveries
from sources.lake import load
from sources.ledger import read_ledger
from tests.fuzz.mutations import Base, mutated
from tests.sources_world import World

# What says that we did not expect the file, or that it took more than a file may.
OUR_FAULT = ("unreadable", "reader_broke_down", "too_long", "too_much_memory")


@dataclass(frozen=True)
class Outcome:
    """What became of so many mutated files: `faults` is a line each that must not be, and how often each rule spoke."""

    files: int
    taken: int
    rules: Counter[str]
    faults: list[str]


def fuzz(folder: Path, bases: Sequence[Base], numbers: range, seed: int) -> Outcome:
    """Drop a mutation a number, take all in, read and assemble them. Raises what the run raises: nothing may."""
    world, dropped = World(folder), {}
    for number in numbers:
        name, content = mutated(bases[number % len(bases)], number, seed)
        world.drop(name, content)
        dropped[name] = content
    world.run()
    listed = {
        f"{delivery.source}/{delivery.file}": delivery
        for delivery in deliveries(read_ledger(world.workspace, world.framework.edition), world.framework.file)
    }
    loaded = load(world.workspace, world.framework, listed.values())
    rules, faults, taken = Counter[str](), [], 0
    for name, content in dropped.items():
        digest = hashlib.sha256(content).hexdigest()
        kept = world.workspace.archive / digest
        if not kept.exists() or kept.read_bytes() != content or listed[name].load_id != digest:
            faults.append(f"{name}: its bytes are not in the archive")
        found = loaded[listed[name].source, digest]
        taken += bool(found.cells.height or found.items.height)
        rules.update(found.rejects["rule"].to_list())
        if not (found.cells.height or found.items.height or found.rejects.height):
            faults.append(f"{name}: neither rows nor a reject")
        if ours := sorted(set(found.rejects["rule"]) & set(OUR_FAULT)):
            faults.append(f"{name}: {ours[0]}: {found.rejects.filter(rule=ours[0])['message_en'][0]}")
    return Outcome(len(dropped), taken, rules, faults)
