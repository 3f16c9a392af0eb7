"""The tiny edition as a fixture."""

from pathlib import Path

import pytest

from tests.unit.expectations.tiny_edition import Edition


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    return Edition(tmp_path)
