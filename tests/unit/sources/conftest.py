"""The small edition of `tests/sources_world.py`: `world` for tests that write into its folder, `reading` for those that only read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sources_world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture(scope="session")
def reading(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("reading"))
