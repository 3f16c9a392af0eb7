"""The real dbt project over an edition that was drawn: framework, registry and stage tables written, dbt run in this process."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
from dbt.cli.main import dbtRunner

from storage import Workspace
from tests.integration.dbt_stage import DBT, SENT, Stage
from tests.oracle.assembling import BEFORE, EDITION
from tests.oracle.edition import Edition

Rows = list[dict[str, Any]]
MODELS = (
    "screened", "imputed", "treated", "normalised", "indicator_scores", "ranked", "fct_indicator_score", "fct_ranking",
    "fct_rank_within", "fct_trend",
)  # fmt: skip
# Not built again: views over the stage's files, and models of records and events, of which no edition that is drawn has any.
UNCHANGED = (
    "path:models/staging", "confirmation_rates", "opinion_event_items", "opinion_events", "input_records", "aggregates",
)  # fmt: skip


class BuildFailed(AssertionError):
    """The loader or dbt refused what was drawn."""


@dataclass
class Warehouse:
    """One warehouse that is built again and again. Staging is views over the stage's files, so they are made with the first build alone.

    `further`: models that are built beside those whose tables are given.
    """

    folder: Path
    further: tuple[str, ...] = ()
    builds: int = 0
    _manifest: Any = None
    _stage: Stage = field(init=False)

    def __post_init__(self) -> None:
        workspace = Workspace(self.folder / "data", self.folder / "frameworks")
        workspace.frameworks.mkdir(parents=True)
        self._stage = Stage(workspace, EDITION)

    def build(self, edition: Edition, files: int = 1) -> dict[str, Rows]:
        """The tables that dbt makes of the edition, delivered in so many files, by model. Raises BuildFailed with their words."""
        self._write(edition, files)
        wanted = [f"+{model}" for model in (*MODELS, *self.further)]
        self._run("run", "--select", *wanted, *(("--exclude", *UNCHANGED) if self.builds else ()))
        self.builds += 1
        return self._read()

    def _write(self, edition: Edition, files: int) -> None:
        stage, folder = self._stage, self._stage.workspace.frameworks
        (folder / f"{EDITION}.yaml").write_text(json.dumps(edition.rules, ensure_ascii=False, indent=1), encoding="utf-8")
        (folder / "drawn.csv").write_text(_registry(edition), encoding="utf-8")
        norms = [(code, group, value) for (code, group), values in edition.norms.items() for value in values]
        weights = [(code, group, weight, "drawn", "", "") for (code, group), weight in edition.weights.items()]
        (folder / "weights.csv").write_text(_csv(("code", "group", "weight", "method", "edition", "made_of"), weights), encoding="utf-8")
        (folder / "norms.csv").write_text(_csv(("code", "group", "value"), norms), encoding="utf-8")
        (folder / f"{BEFORE}.yaml").write_text("entities: {as_of: 2019-12-31}", encoding="utf-8")
        stage.previous, stage.previous_measures = _previous(edition)
        stage.rows = {name: [] for name in stage.rows}
        sources = {code: said["source"] for code, said in edition.rules["inputs"].items()}
        load_ids = {
            source: [stage.delivery(source, f"of_{source}", SENT + timedelta(hours=number)) for number in range(files)]
            for source in sorted(set(sources.values()))
        }
        shared = {"edition": EDITION, "file": "f.csv", "sent_at": SENT}
        stage.rows["cells"] = [
            {
                **shared, "source": sources[code], "dataset": f"of_{sources[code]}", "load_id": load_ids[sources[code]][number % files],
                "record_no": number, "entity_code": entity.code, "field": code, "text": None if value is None else str(value),
                "number": value, "state": "missing" if value is None else "reported", "cell": f"{code}{number}", "is_counted": True,
            }
            for number, entity in enumerate(edition.entities, start=1)
            for code, column in edition.inputs.items()
            for value in (column[entity.code],)
        ]  # fmt: skip
        try:
            stage.write()
        except Exception as mistake:
            raise BuildFailed(f"{mistake}") from mistake

    def _run(self, *command: str) -> None:
        workspace = self._stage.workspace
        os.environ["ZHENGXIN_STAGE"] = str(workspace.stage(EDITION))
        os.environ["ZHENGXIN_WAREHOUSE"] = str(workspace.warehouse(EDITION))
        options = [
            "--project-dir", str(DBT), "--profiles-dir", str(DBT), "--target-path", str(workspace.dbt), "--log-path", str(workspace.dbt),
            "--vars", f'{{edition: {EDITION}, release: "0123456789ab"}}',
        ]  # fmt: skip
        if self._manifest is None:
            parsed = dbtRunner().invoke(["--quiet", "parse", *options])
            assert parsed.success, parsed.exception
            self._manifest = parsed.result
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            done = dbtRunner(manifest=self._manifest).invoke(["--quiet", "--no-write-json", "--log-level-file", "none", *command, *options])
        if not done.success:
            raise BuildFailed(f"{done.exception or ''}\n{said.getvalue()}")

    def _read(self) -> dict[str, Rows]:
        with duckdb.connect(str(self._stage.workspace.warehouse(EDITION))) as warehouse:
            known = {
                name: schema
                for schema, name in warehouse.execute("select table_schema, table_name from information_schema.tables").fetchall()
            }
            return {model: _rows(warehouse, f"{known[model]}.{model}") for model in MODELS if model in known}


def _rows(warehouse: duckdb.DuckDBPyConnection, table: str) -> Rows:
    found = warehouse.execute(f"select * from {table}")
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _previous(edition: Edition) -> tuple[Rows, Rows]:
    """The release of the edition before: its ranking and its measures."""
    said = {"edition": BEFORE, "release": "ba9876543210"}
    past = edition.before.released if edition.before else {}
    ranking = [
        {**said, "entity_code": code, "group_code": row.group, "total": row.total, "rank": row.rank, "state": "ranked"}
        for code, row in past.items()
    ]
    values = [{**said, "entity_code": code, "measure_code": name, "value": value} for (code, name), value in edition.previous.items()]
    return ranking, values if edition.before else []


def _registry(edition: Edition) -> str:
    """Every unit, and every unit of then that has gone into one of them."""
    units = {entity.unit: entity for entity in edition.entities}
    names = [name for name, _ in edition.entities[0].attributes]
    rows = [(unit, unit, entity.base, *["", "", ""], *(value or "" for _, value in entity.attributes)) for unit, entity in units.items()]
    gone = edition.before.gone if edition.before else ()
    rows += [(unit, unit, units[into].base, "", "2020-06-30", into, *("" for _ in names)) for unit, into in gone]
    return _csv(("code", "name", "level", "valid_from", "valid_to", "successor_code", *names), rows)


def _csv(header: tuple[str, ...], rows: list[Any]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue()
