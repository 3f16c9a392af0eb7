import dagster as dg

from orchestration.assets.intake import metadata_of
from sources import ParseReport


def test_all_that_was_passed_over_stands_in_the_metadata_of_the_source() -> None:
    report = ParseReport(
        "north-2030", "provincial", 1, 1, 0, 2, 0, 1, {"unknown_place": 1}, {"a.csv": ["url"]}, {"note": 2}, {"header": 6, "title": 7}
    )
    said = metadata_of(report)
    tables = {
        name: [record.data for record in value.value.records] for name, value in said.items() if isinstance(value, dg.TableMetadataValue)
    }
    assert tables == {
        "rejects by rule 各规则退回": [{"rule 规则": "unknown_place", "number": "1"}],
        "rows passed over 略过的行": [{"kind 类别": "note", "number": "2"}],
        "cells passed over 略过的单元格": [{"kind 类别": "title", "number": "7"}, {"kind 类别": "header", "number": "6"}],
        "headers that nobody asks for 未采用的列": [{"file": "a.csv", "header": "url"}],
    }
