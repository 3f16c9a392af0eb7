from __future__ import annotations

import pytest

from frameworks.published_names import datasets_of_file, published_name
from tests.sources_world import World

LOAD = "0123456789abcdef" * 4


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("small"))


@pytest.mark.parametrize(
    ("source", "dataset", "file", "expected"),
    [
        ("expert_review", "scores", "2021-01-10/专家评分_张三.XLSX", "scores_0123456789ab.xlsx"),
        ("expert_review", "scores", "专家评分.张三", "scores_0123456789ab"),
        ("provincial", "residents", "2021-01-10/人口.csv", "2021-01-10/人口.csv"),
        ("provincial", None, "别的.csv", "别的.csv"),  # no dataset of its source has a personal field
        ("expert_review", None, "张三.csv", "expert_review_0123456789ab.csv"),
        ("expert_review", None, "专家_张三.csv.delivery.yaml", "expert_review_0123456789ab.yaml"),
        ("unknown", None, "张三.csv", "unknown_0123456789ab.csv"),
    ],
)
def test_a_file_that_may_name_persons_is_published_under_a_neutral_name(
    source: str, dataset: str | None, file: str, expected: str, small: World
) -> None:
    framework = small.framework.file
    assert published_name(file, LOAD, dataset or source, datasets_of_file(framework, source, dataset)) == expected
