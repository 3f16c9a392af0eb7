import pytest

from frameworks.model import FrameworkFile, Round


@pytest.mark.parametrize(("decimals", "expected"), [(None, 3), (0, 0), (4, 4)])
def test_totals_are_shown_as_rounded_unless_the_file_says_otherwise(decimals: int | None, expected: int) -> None:
    file = FrameworkFile.model_construct(decimals=decimals, round=Round(at="total", decimals=3))
    assert file.shown_decimals == expected
