"""Every case of the corpus: its file gives the rows and rejects that the case names, to the cell, and nothing else."""

from __future__ import annotations

import pytest

from tests.dirt import cases_of_files, cases_of_forms, cases_of_places, cases_of_tables, cases_of_values
from tests.dirt.corpus import CASES, Case, DirtWorld, expected, outcome

MODULES = (cases_of_files, cases_of_forms, cases_of_places, cases_of_tables, cases_of_values)


@pytest.fixture(scope="module")
def dirt(tmp_path_factory: pytest.TempPathFactory) -> DirtWorld:
    return DirtWorld(tmp_path_factory.mktemp("dirt"))


@pytest.mark.parametrize("each", CASES, ids=[f"{case.kind}: {case.name}" for case in CASES])
def test_what_comes_of_the_file(dirt: DirtWorld, each: Case) -> None:
    batch = dirt.read(each.make())
    assert outcome(batch) == expected(each)
    assert batch.cells or batch.items or batch.rejects, "the file was accepted in silence"
    for reject in batch.rejects:
        assert reject.message_zh.endswith("。")
        assert "{" not in reject.message_zh + reject.message_en


def test_the_corpus_is_large_and_wide() -> None:
    assert len(CASES) >= 150
    assert len({case.kind for case in CASES}) >= 60
