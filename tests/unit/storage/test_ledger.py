"""A ledger keeps every whole line, whatever a kill did to the last one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.ledger import append_line, read_lines


def test_a_ledger_that_does_not_exist_has_no_line(tmp_path: Path) -> None:
    assert read_lines(tmp_path / "ledger.jsonl") == []


def test_lines_come_back_in_their_order(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "ledger.jsonl"
    entries = [{"sequence": 1, "name": "徐州市"}, {"sequence": 2, "name": "南京市"}]
    for entry in entries:
        append_line(path, entry)
    assert read_lines(path) == entries


@given(cut=st.integers(min_value=0, max_value=60))
def test_a_line_cut_at_any_sign_is_passed_over_and_spoils_no_other(cut: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("ledger") / "ledger.jsonl"
    append_line(path, {"sequence": 1, "name": "徐州市"})
    whole = path.read_bytes()
    append_line(path, {"sequence": 2, "name": "南京市鼓楼区"})
    length = len(path.read_bytes()) - len(whole)
    path.write_bytes(path.read_bytes()[: len(whole) + min(cut, length - 1)])
    append_line(path, {"sequence": 3})
    kept = [entry["sequence"] for entry in read_lines(path)]
    # All of the second line but its newline is a whole entry all the same.
    assert kept == ([1, 2, 3] if cut >= length - 1 else [1, 3])
