"""The one module that knows Great Expectations: our checks as its expectations, its results as our verdicts.

Importing it costs seconds: run as `python -m expectations.great` by expectations/asking.py, never imported by ours.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import great_expectations as gx
import sqlalchemy as sa
from great_expectations.core.result_format import ResultFormat
from great_expectations.expectations.core.expect_column_values_to_be_between import ExpectColumnValuesToBeBetween
from great_expectations.expectations.core.expect_column_values_to_be_unique import ExpectColumnValuesToBeUnique
from great_expectations.expectations.core.expect_column_values_to_not_be_null import ExpectColumnValuesToNotBeNull
from great_expectations.expectations.core.expect_table_row_count_to_be_between import ExpectTableRowCountToBeBetween
from great_expectations.expectations.core.unexpected_rows_expectation import UnexpectedRowsExpectation
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

from expectations.questions import Question, Verdict
from expectations.rules import Between, NoRows, NotNull, RowCount, Unique


def ask(database: Path, questions: Sequence[Question]) -> list[Verdict]:
    """Put all questions to the tables of a DuckDB file, pushed down as SQL, read-only. One verdict a question; none raises."""
    context: Any = gx.get_context(mode="ephemeral")  # its types are stated more narrowly than what it takes
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_sql(
        "gate", connection_string=f"duckdb:///{database}", kwargs={"connect_args": {"read_only": True}}, create_temp_table=False
    )
    engine = source.get_execution_engine().engine
    sa.event.listen(engine, "after_cursor_execute", _buffer_rows)
    # A query, not a table: reflection asks DuckDB for what it has not got.
    tables = sorted({question.table for question in questions})
    assets = {name: source.add_query_asset(name, query=f'select * from judged."{name}"') for name in tables}
    batches = {name: asset.add_batch_definition_whole_table(name).get_batch() for name, asset in assets.items()}
    try:
        return [_verdict(batches[question.table], question) for question in questions]
    finally:
        engine.dispose()


def _buffer_rows(
    _connection: Any,
    cursor: Any,
    _statement: str,
    _parameters: Any,
    context: Any,
    _executemany: bool,  # noqa: FBT001 - SQLAlchemy calls it so
) -> None:
    # Great Expectations closes its connection before it fetches, and DuckDB's rows die with it.
    if cursor.description:
        context.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(cursor, initial_buffer=cursor.fetchall())


def _expectation(question: Question) -> Any:
    match question.check:
        case RowCount(at_least):
            return ExpectTableRowCountToBeBetween(min_value=at_least)
        case NotNull(column):
            return ExpectColumnValuesToNotBeNull(column=column)
        case Unique(column):
            return ExpectColumnValuesToBeUnique(column=column)
        case Between(column, "at_most"):
            return ExpectColumnValuesToBeBetween(column=column, max_value=question.threshold)
        case Between(column):
            return ExpectColumnValuesToBeBetween(column=column, min_value=question.threshold)
        case NoRows():
            return UnexpectedRowsExpectation(unexpected_rows_query=f"select * from {{batch}} where {question.failing}")


def _verdict(batch: Any, question: Question) -> Verdict:
    try:
        result = batch.validate(_expectation(question), result_format=ResultFormat.BASIC)
    except Exception as error:  # noqa: BLE001 - whatever keeps an expectation from being computed has failed it
        return Verdict(success=False, count=None, error=_first_line(str(error)))
    if raised := _exception(result.exception_info):
        return Verdict(success=False, count=None, error=raised)
    count = result.result.get("unexpected_count", result.result.get("observed_value"))
    return Verdict(success=bool(result.success), count=None if count is None else int(count))


def _exception(info: Mapping[str, Any] | None) -> str | None:
    """The message of what was raised: the information is flat, or nested by the id of a metric."""
    for part in [info or {}, *(value for value in (info or {}).values() if isinstance(value, Mapping))]:
        if part.get("raised_exception"):
            return _first_line(str(part.get("exception_message") or "unknown error"))
    return None


def _first_line(text: str) -> str:
    return text.strip().splitlines()[0] if text.strip() else "unknown error"


def main(connection: Any) -> None:
    """Answer whoever asks until the other end is closed."""
    while True:
        database, questions = pickle.loads(connection.recv_bytes())  # noqa: S301  of our own process
        connection.send_bytes(pickle.dumps(_answers(database, questions)))


def _answers(database: Path, questions: Sequence[Question]) -> list[Verdict]:
    try:
        return ask(database, questions)
    except Exception as error:  # noqa: BLE001 - what keeps all of them from being computed has failed all
        return [Verdict(success=False, count=None, error=_first_line(str(error))) for _ in questions]


if __name__ == "__main__":
    try:
        main(Connection(int(sys.argv[1])))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        sys.exit(0)
