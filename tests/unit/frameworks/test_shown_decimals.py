import pytest
from ruamel.yaml import YAML

from frameworks.model import FrameworkFile
from storage.workspace import PROJECT


@pytest.mark.parametrize(("decimals", "expected"), [(None, 3), (3, 3), (4, 4)])
def test_totals_are_shown_as_rounded_unless_the_file_says_otherwise(decimals: int | None, expected: int) -> None:
    content = YAML(typ="safe").load(PROJECT / "frameworks" / "jiangsu-2020.yaml")
    content["round"]["decimals"] = 3
    content["decimals"] = decimals
    assert FrameworkFile.model_validate(content).shown_decimals == expected
