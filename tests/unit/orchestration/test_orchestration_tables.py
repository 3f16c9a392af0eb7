import polars as pl

from orchestration.tables import table


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
