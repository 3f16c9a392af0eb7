"""What the command line says when a run has ended: what came in, what was rejected, gates, ranking, and where things lie."""

from __future__ import annotations

import shlex
from pathlib import Path

import polars as pl
from rich.cells import set_cell_size
from rich.console import Console
from rich.table import Table
from rich.text import Text

from correspondence import TemplateReport
from frameworks import Framework
from frameworks.model import Label
from storage import GATES, Gate, Workspace
from storage.workspace import PROJECT

_TEN = 10
_EXAMPLES = 8
_PLACE_WIDTH = 17
_KINDS = {
    "failed": ("failed 未通过", "red"),
    "warning": ("warning 提醒", "yellow"),
    "waived": ("waived 已豁免", "yellow"),
    "not_applicable": ("does not apply 不适用", "dim"),
}


def show_deliveries(console: Console, workspace: Workspace, framework: Framework) -> None:
    """A row a source and dataset: files by what became of them, cells, rejects; then the rejects by rule, with an example each."""
    folder = workspace.stage(framework.edition) / "intake"
    deliveries = pl.read_parquet(folder / "deliveries.parquet")
    counted = deliveries.group_by("source", "dataset").agg(
        *[(pl.col("state") == state).sum().alias(state) for state in ("taken", "duplicate", "withdrawn", "rejected")],
        pl.col("cells").sum(),
        pl.col("rejects").sum(),
    )
    _print(console, "What came in 收到的文件", counted.sort("source", "dataset", nulls_last=True))
    rejects = pl.read_parquet(folder / "rejects.parquet")
    rules = rejects.group_by("rule").agg(
        pl.len().alias("rejects"),
        pl.col("file").n_unique().alias("files"),
        pl.format("{}\n{}", pl.col("message_zh").first(), pl.col("message_en").first()).alias("such as"),
    )
    _print(console, "What was rejected 退回", rules.sort("rejects", "rule", descending=[True, False]))


def show_templates(console: Console, report: TemplateReport) -> None:
    """How many templates each source got, which dataset got none, and where they lie."""
    sources = pl.DataFrame({"source": list(report.by_source), "files": list(report.by_source.values())})
    _print(console, "Templates 下发表样", sources)
    for dataset in report.left_out:
        console.print(
            Text(f"  {dataset}: its `files:` let no .xlsx or .csv of one dataset through, so there is no template", style="yellow")
        )
    console.print(Text(str(report.folder)))


def show_gates(console: Console, workspace: Workspace, framework: Framework, spoken: frozenset[Gate]) -> None:
    """A line a gate with its verdict in this run; below, each expectation that failed or was waived, and the first rows at fault."""
    folder = workspace.stage(framework.edition) / "gates"
    console.print(Text("\nGates 门禁", style="bold"))
    for number, gate in enumerate(GATES, start=1):
        if gate not in spoken:
            console.print(Text(f"  {number} {gate}: not reached 未到", style="dim"))
            continue
        results = pl.read_parquet(folder / f"{gate}.parquet")
        rows = pl.read_parquet(folder / f"{gate}.rows.parquet")
        _show_gate(console, f"{number} {gate}", results, rows)


def _show_gate(console: Console, name: str, results: pl.DataFrame, rows: pl.DataFrame) -> None:
    fell = results.filter(pl.col("outcome") == "failed")
    stops = fell.filter(pl.col("severity") == "error")
    verdict, style = ("passed 通过", "green") if stops.is_empty() else ("FAILED 未通过", "bold red")
    met = results.filter(pl.col("outcome") == "passed").height
    asked = results.filter(pl.col("outcome") != "not_applicable").height
    console.print(Text.assemble(f"  {name}: ", (verdict, style), f" ({met} of {asked} expectations met)"))
    for row in results.filter(pl.col("outcome") != "passed").iter_rows(named=True):
        kind = "warning" if row["outcome"] == "failed" and row["severity"] == "warning" else row["outcome"]
        label, style = _KINDS[kind]
        console.print(Text(f"    {label} · {row['expectation']} · {row['reason'] or row['label_en']}", style=style))
    for expectation in stops["expectation"]:
        at_fault = rows.filter(pl.col("expectation") == expectation).drop("edition", "gate", "expectation")
        _print(
            console, f"Rows at fault: {expectation}", at_fault.select(c for c in at_fault if c.null_count() < at_fault.height), _EXAMPLES
        )


def show_ranking(console: Console, folder: Path, framework: Framework) -> None:
    """The first ten of each group, of a panel at its last time: rank and its interval, total, grade, rank of the previous edition."""
    ranking = pl.read_parquet(folder / "fct_ranking.parquet")
    places = framework.file.entities
    last = {base: (group, time) for group, base, time in framework.registry.all_groups}
    for base, (group, time) in last.items():
        label = places.labels.get(base, Label(zh=base, en=base))
        own = ranking.filter(pl.col("group_code") == group).sort("rank", "entity_code", nulls_last=True)
        shown = own.head(_TEN).select(
            "rank",
            pl.format("{}–{}", "rank_low", "rank_high").alias(f"{framework.file.rank_interval.level:.0%} interval"),
            pl.col("name_zh").alias("entity"),
            pl.col("name_en").alias(" "),
            pl.col("total").map_elements(lambda total: f"{total:.{framework.file.shown_decimals}f}", return_dtype=pl.String),
            "grade",
            *(["tier"] if framework.file.tiers else []),
            "vetoes",
            pl.col("previous_rank").alias("before"),
        )
        _print(console, f"{label.en} {label.zh}{'' if time is None else f' {time}'}: first {shown.height} of {own.height}", shown)


def show_moved(console: Console, framework: Framework, moved: pl.DataFrame) -> None:
    """Who would move, with total, rank and grade before and after."""
    decimals = framework.file.shown_decimals
    shown = moved.select(
        pl.col("entity_code").alias("code"),
        pl.col("name_zh").alias("entity"),
        pl.col("name_en").alias(" "),
        *(_change(name, decimals) for name in ("total", "rank", "grade", "state")),
    )
    _print(console, "Who would move 变动对象", shown)


def show_decomposition(console: Console, framework: Framework, frame: pl.DataFrame) -> None:
    """Every entity's change of total and its three parts; below, what could not be told apart."""
    figures = ("previous_total", "total", "change_total", "place", "others", "rules")
    shown = frame.select(
        pl.col("entity_code").alias("code"),
        pl.col("name_zh").alias("entity"),
        pl.col("name_en").alias(" "),
        *(_rounded(name, framework.file.shown_decimals) for name in figures),
    )
    _print(console, "Change of total: place 自身, others 其他对象, rules 规则", shown)
    for name, words in (
        ("left_out", "Measures of then whose inputs this edition lacks, left out 本期缺数据、未计入的测度"),
        (
            "not_frozen",
            "Compared, imputed or treated by sets that cannot be frozen, so counted as the place's 参照组无法固定、计入自身的指标",
        ),
    ):
        if frame.height and frame[name][0]:
            console.print(Text(f"{words}: {frame[name][0]}", style="dim"))


def _rounded(name: str, decimals: int) -> pl.Expr:
    return pl.col(name).map_elements(lambda figure: f"{figure:.{decimals}f}", return_dtype=pl.String)


def _change(name: str, decimals: int) -> pl.Expr:
    """`before → after`, or the one figure where it stays."""

    def told(value: object) -> str:
        return f"{value:.{decimals}f}" if name == "total" else str(value)

    before, after = (pl.col(f"{name}_{when}").map_elements(told, return_dtype=pl.String).fill_null("–") for when in ("before", "after"))
    return pl.when(before == after).then(after).otherwise(pl.format("{} → {}", before, after)).alias(name)


def show_places(console: Console, workspace: Workspace, edition: str, folder: Path | None) -> None:
    """Where to read on: release (`folder`; none where a gate stopped the run), database for BI, receipts; the command that opens the UI."""
    console.print()
    places = {
        "Release 发布": folder,
        "For BI 数据库": workspace.current if folder else None,
        "Receipts 回执": workspace.receipts(edition) / "summary.html",
    }
    for name, place in places.items():
        if place is not None and place.exists():
            console.print(Text.assemble((set_cell_size(name, _PLACE_WIDTH), "bold"), str(place)))
    console.print(Text.assemble((set_cell_size("Open the UI 界面", _PLACE_WIDTH), "bold"), _ui(workspace)))


def _ui(workspace: Workspace) -> str:
    """The command that opens the UI on these folders."""
    folders = (("ZHENGXIN_DATA", workspace.data, PROJECT / "data"), ("ZHENGXIN_FRAMEWORKS", workspace.frameworks, PROJECT / "frameworks"))
    return " ".join([*(f"{name}={shlex.quote(str(path))}" for name, path, usual in folders if path != usual), "make ui"])


def _print(console: Console, title: str, frame: pl.DataFrame, rows: int = 200) -> None:
    console.print()
    if frame.is_empty():
        console.print(Text(f"{title}: none", style="bold"))
        return
    table = Table(title=Text(title, style="bold"), title_justify="left", box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for name, kind in frame.schema.items():
        table.add_column(name, justify="right" if kind.is_numeric() else "left")
    for row in frame.head(rows).iter_rows():
        table.add_row(*[Text("" if value is None else str(value)) for value in row])
    console.print(table)
    if frame.height > rows:
        console.print(Text(f"… and {frame.height - rows} more", style="dim"))
