"""300 mutated workbooks and 300 mutated text files: rows or a reject of each, its bytes kept, the run whole. `make fuzz`: 5,000 of each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.fuzz.mutations import Base, mutated, texts, workbooks
from tests.fuzz.running import fuzz

SEED = 20201231


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(("bases", "at_least"), [(workbooks(), 50), (texts(), 150)], ids=["workbooks", "texts"])
def test_every_mutated_file_gives_rows_or_a_reject(tmp_path: Path, bases: Sequence[Base], at_least: int) -> None:
    """Some ten seconds each: 300 files go the whole way."""
    outcome = fuzz(tmp_path, bases, range(300), SEED)
    assert outcome.faults == []
    assert (outcome.files, outcome.taken >= at_least, len(outcome.rules) > 10) == (300, True, True)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_mutation_is_decided_by_its_seed() -> None:
    for base in (*workbooks(), *texts()):
        assert mutated(base, 7, SEED) == mutated(base, 7, SEED)
        assert len({mutated(base, number, SEED)[1] for number in range(20)}) > 10
