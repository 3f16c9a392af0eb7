"""The dbt project as Dagster sees it: its manifest, its models as assets, its builds by the run's dbt process."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtCliInvocation, DbtProject
from dagster_dbt.asset_utils import get_updated_cli_invocation_params_for_context
from dagster_dbt.errors import DagsterDbtCliRuntimeError
from packaging.version import Version

from orchestration.dbt_process import Command, DbtChild
from orchestration.failures import failure
from orchestration.resources import Edition
from orchestration.vocabulary import OWNERS, gate_key
from storage import Workspace, temporary_folder
from storage.workspace import PROJECT

DBT_PROJECT = PROJECT / "dbt_project"
SCORING, RANKING, ANALYSIS = "scoring", "ranking", "analysis"
RANK_INTERVAL = dg.AssetKey(["stage", ANALYSIS])
SCENARIOS = dg.AssetKey(["stage", "scenarios"])
_MANIFEST, _FOR_DBT = _PARSED = "manifest.json", "partial_parse.msgpack"
# What dbt writes for others to read, which nobody does here, takes it a tenth of its time.
ITS_WORK_ALONE = ("--log-level-file", "none", "--no-write-json")
_DERIVED = {"target", "logs", "dbt_packages"}


# --- the manifest -----------------------------------------------------------------------------------------------------


def manifest(workspace: Workspace) -> Path:
    """The project's manifest, parsed once a version of the project, by whichever process comes first; beside it the form that dbt reads.

    Both lie in a folder named by the project's content. It is the code's and no data folder's, so it lies in the project, and in the
    data folder only where the project is read-only. Raises Failure with dbt's own words where the project cannot be parsed.
    """
    parsed = (DBT_PROJECT / "target" if os.access(DBT_PROJECT, os.W_OK) else workspace.dbt) / "parsed"
    folder = parsed / fingerprint(DBT_PROJECT)
    if not all((folder / name).exists() for name in _PARSED):
        workspace.prepare()
        parsed.mkdir(parents=True, exist_ok=True)
        with temporary_folder(".parsing-", parsed) as temporary:
            _parse(temporary)
            folder.mkdir(exist_ok=True)
            for name in _PARSED:
                (temporary / name).replace(folder / name)
    return folder / _MANIFEST


def parsed_project(workspace: Workspace) -> Path:
    """The parsed project in the form that dbt reads, there after `manifest`."""
    return manifest(workspace).with_name(_FOR_DBT)


def fingerprint(project: Path) -> str:
    """A digest over everything that the manifest depends on: the project's place and files, and dbt's version."""
    digest = hashlib.sha256(f"{project}\n{version('dbt-core')}\n{version('dbt-duckdb')}\n".encode())
    for path in sorted(project.rglob("*")):
        relative = path.relative_to(project)
        if path.is_file() and relative.parts[0] not in _DERIVED and not path.name.startswith("."):
            digest.update(f"{relative.as_posix()}\n{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:16]


def _parse(folder: Path) -> None:
    with DbtChild(DBT_PROJECT) as child:
        answer = child.ask(Command(["--quiet", "parse", *places(folder)], {}, None))
        said = b"".join(answer.stdout).decode(errors="replace")
    if answer.wait():
        raise failure(f"dbt cannot read its project:\n{_without_trace(said)}")


def _without_trace(said: str) -> str:
    """Dbt's words, of a trace its last line alone."""
    before, is_traced, trace = said.partition("Traceback (most recent call last):")
    lines = [line for line in trace.splitlines() if line.strip()]
    return before.rstrip() + (f"\n{lines[-1].strip()}" if is_traced and lines else "")


def places(target: Path) -> list[str]:
    """Where dbt finds the project and puts what it derives."""
    folders = {"project-dir": DBT_PROJECT, "profiles-dir": DBT_PROJECT, "target-path": target, "log-path": target}
    return [part for name, folder in folders.items() for part in (f"--{name}", str(folder))]


# --- models as assets -------------------------------------------------------------------------------------------------


class Translator(DagsterDbtTranslator):
    """A model is named by its layer and itself. What it reads of the stage folder is what has passed the gate before it."""

    def __init__(self) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True))

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """`<layer>/<model>`; a source, the gate that it has passed, or the rank intervals, which come after the second one."""
        if dbt_resource_props["resource_type"] == "source":
            return RANK_INTERVAL if dbt_resource_props["source_name"] == ANALYSIS else gate_key("intake")
        return dg.AssetKey([layer(dbt_resource_props), dbt_resource_props["name"]])

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> dg.AssetSpec:
        """As dagster-dbt makes it; a model of the ranking waits for gate 2."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        if spec.group_name != RANKING:
            return spec
        return spec.replace_attributes(deps=[*spec.deps, dg.AssetDep(gate_key("scores"))])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The layer; what reads the rank intervals runs with the ranking, wherever it lies."""
        reads = dbt_resource_props.get("depends_on", {}).get("nodes", [])
        is_after_analysis = any(node.startswith("source.") and node.split(".")[2] == ANALYSIS for node in reads)
        return RANKING if is_after_analysis else layer(dbt_resource_props)

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The model's words, without its SQL."""
        return str(dbt_resource_props.get("description") or "")

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:  # noqa: ARG002 — dagster-dbt's signature
        """All of it is the data team's."""
        return OWNERS


def layer(dbt_resource_props: Mapping[str, Any]) -> str:
    """The folder below `models/` in which the model lies."""
    return str(dbt_resource_props["fqn"][1])


# --- running ----------------------------------------------------------------------------------------------------------


@dg.resource(
    description="The dbt process of a run: started with it, asked by each step that builds models, ended with it 本次运行的dbt进程."
)
def dbt_resource(_context: dg.InitResourceContext) -> Iterator[DbtChild]:
    """Start dbt when the run starts, so that it is ready when it is asked. It writes nothing until then."""
    with DbtChild(DBT_PROJECT) as child:
        yield child


def build(context: dg.AssetExecutionContext, dbt: DbtChild, edition: Edition, release: str) -> Iterator[Any]:
    """Build and test the step's models for one edition and report each with its row count; unit tests are the test suite's.

    Raises Failure with dbt's own words where a model or a test fails, after what was built has been reported.
    """
    workspace = edition.workspace
    target, warehouse = workspace.dbt / edition.code, workspace.warehouse(edition.code)
    target.mkdir(parents=True, exist_ok=True)
    chosen = get_updated_cli_invocation_params_for_context(context=context, manifest={}, dagster_dbt_translator=Translator())
    arguments = ["--log-level", "none", "build", *places(target), *ITS_WORK_ALONE]
    arguments += ["--vars", json.dumps({"edition": edition.code, "release": release})]
    arguments += ["--exclude-resource-type", "unit_test", *chosen.selection_args]
    arguments += ["--indirect-selection", chosen.indirect_selection] if chosen.indirect_selection else []
    environment = {"ZHENGXIN_STAGE": str(workspace.stage(edition.code)), "ZHENGXIN_WAREHOUSE": str(warehouse)}
    answer = dbt.ask(Command(arguments, environment, str(parsed_project(workspace)), reports=True))
    invocation = DbtCliInvocation(
        process=cast("Any", answer),
        manifest=chosen.manifest,
        dagster_dbt_translator=chosen.dagster_dbt_translator,
        project_dir=DBT_PROJECT,
        target_path=target,
        raise_on_error=True,
        cli_version=Version(version("dbt-core")),
        context=context,
    )
    try:
        for event in invocation.stream():
            yield _counted(event, context, answer.rows)
    except DagsterDbtCliRuntimeError as error:
        raise failure(str(error)) from None


def empty_warehouse(workspace: Workspace, edition: str) -> None:
    """Delete the edition's warehouse: a model that the project no longer has would stay in it, and be published. It is built anew."""
    path = workspace.warehouse(edition)
    for file in (path, path.with_name(f"{path.name}.wal")):
        file.unlink(missing_ok=True)


def _counted(event: Any, context: dg.AssetExecutionContext, rows: Mapping[str, int]) -> Any:
    """The event, a model's with its number of rows.

    Not dagster-dbt's own way, which keeps the warehouse open in this process: the next dbt command could not write it.
    """
    if not isinstance(event, dg.Output):
        return event
    name = ".".join(context.asset_key_for_output(event.output_name).path)
    return event.with_metadata({**event.metadata, "dagster/row_count": rows[name]})
