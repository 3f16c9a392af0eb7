from decimal import Decimal

import polars as pl
import pytest

from orchestration.tables import escape, table


def test_values_are_text_and_nothing_is_empty() -> None:
    shown = table(pl.DataFrame({"rank": [1, None], "name": ["南京市", "<b>*x*</b>"]}))
    assert [record.data for record in shown.records] == [{"rank": "1", "name": "南京市"}, {"rank": "", "name": "<b>*x*</b>"}]
    assert [column.name for column in shown.schema.columns] == ["rank", "name"]


def test_a_long_table_is_cut() -> None:
    assert len(table(pl.DataFrame({"n": range(60)}), rows=5).records) == 5


def test_an_empty_table_keeps_its_columns() -> None:
    shown = table(pl.DataFrame(schema={"file": pl.String}))
    assert shown.records == []
    assert [column.name for column in shown.schema.columns] == ["file"]


def test_a_file_name_is_shown_and_not_read_as_markup() -> None:
    assert escape("2020_自评*.xlsx [x](http://y) <b>\n第二行") == r"2020\_自评\*.xlsx \[x\]\(http://y\) \<b\> 第二行"


@pytest.mark.parametrize(
    ("value", "shown"), [(0.0, "0"), (10.32, "10.32"), (Decimal("88.500000000"), "88.5"), (Decimal(120), "120"), (1e-7, "1e-07")]
)
def test_numbers_are_shown_without_idle_noughts(value: object, shown: str) -> None:
    assert table(pl.DataFrame({"n": [value]})).records[0].data == {"n": shown}
