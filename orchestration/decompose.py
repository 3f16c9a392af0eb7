"""A change of total against the previous edition, split into what came from the place itself, from the others, and from the rules.

Scored anew in a scratch folder: this edition's inputs by the previous edition's rules, once compared with the entities of now, once with
the reference sets of then. So of a change

    place  = total by the rules and reference sets of then − total then
    others = total by the rules of then − the same with the reference sets of then
    rules  = total now − total by the rules of then

and the three add up to it. The rules are those from the measures up; inputs are counted as this edition counts them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from analysis.frozen_norms import rates_before
from analysis.released import Refused, read_release
from frameworks import Framework, FrameworkError, load_framework
from frameworks.compiled import Compiled
from frameworks.frozen import steadied
from orchestration.scratch import ScratchRefused, build_models, rows_of, scratch_edition
from publication import latest_release
from storage import Workspace, write_parquet

FILE = "decomposition.parquet"
# Sets that every entity of a group shares, so that the values of then can stand for the group.
_FREEZABLE = ("group", "all", "pooled", "group_pooled")
_OF_NOW = (
    "edition",
    "title",
    "period",
    "previous",
    "entities",
    "calendar",
    "time_zone",
    "deliveries",
    "confirmation",
    "opinion",
    "inputs",
    "gates",
)
_DATA_KEYS = ("inputs",)
_SCORE = pl.Decimal(18, 9)
_TOTALS = "select entity_code, total from ranking.ranked"
_CHANGES = "select entity_code, name_zh, name_en, group_code, previous_total, total, change_total from ranking.fct_ranking"

Tables = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class Then:
    """The previous edition: its rules, and what was compared in its release.

    One row of `values` is node × entity: node_code, group_code, value, of a measure as treated, of an indicator before normalising.
    """

    framework: Framework
    release: str
    values: pl.DataFrame


def decompose(workspace: Workspace, framework: Framework) -> pl.DataFrame:
    """Split every entity's change of total since the previous edition; written to `data/analysis/<edition>/decomposition.parquet`.

    One row is an entity: edition, previous_edition, previous_release, entity_code, name_zh, name_en, group_code, previous_total, total,
    change_total, place, others, rules (points, place + others + rules = change_total; null where one of the totals is missing),
    total_by_rules_then, total_by_sets_then, left_out (measures of then whose inputs this edition lacks: they do not apply) and
    not_frozen (nodes that are compared by a set that cannot be frozen, or imputed or treated within one: the others' part in that counts as
    the place's), codes with commas.
    Raises ScratchRefused, in one sentence, where there is nothing to compare with.
    """
    then = _previous(workspace, framework)
    edition = framework.edition
    with scratch_edition(workspace, framework) as scratch:
        changes = rows_of(workspace, edition, _CHANGES)
        tables, left_out = _by_rules_of(then.framework, framework)
        by_rules = _totals(scratch, edition, tables, "total_by_rules_then")
        tables, not_frozen = _with_sets_of(then, tables)
        by_sets = _totals(scratch, edition, tables, "total_by_sets_then")
    split = changes.join(by_rules, on="entity_code", how="left", validate="1:1").join(by_sets, on="entity_code", how="left", validate="1:1")
    frame = _split(split).select(
        pl.lit(edition).alias("edition"),
        pl.lit(then.framework.edition).alias("previous_edition"),
        pl.lit(then.release).alias("previous_release"),
        pl.all(),
        pl.lit(",".join(left_out) or None, pl.String).alias("left_out"),
        pl.lit(",".join(not_frozen) or None, pl.String).alias("not_frozen"),
    )
    write_parquet(workspace.analysis(edition) / FILE, frame)
    return frame


def _previous(workspace: Workspace, framework: Framework) -> Then:
    edition, previous = framework.edition, framework.file.previous
    if previous is None:
        raise ScratchRefused(f"{edition}: its framework names no previous edition, so there is no change to split.")
    if framework.file.entities.panel is not None:
        raise ScratchRefused(
            f"{edition}: a panel is compared with its own times, see fct_trend; there is no change between editions to split."
        )
    release = latest_release(workspace, previous)
    if release is None:
        raise ScratchRefused(f"{edition}: {previous} is not published; run it first: make run EDITION={previous}")
    try:
        rules = load_framework(workspace, previous)
    except FrameworkError as error:
        raise ScratchRefused("\n".join(str(mistake) for mistake in error.mistakes)) from None
    folder = workspace.release(previous, release.release)
    published = pl.read_parquet(folder / "dim_release.parquet", columns=["framework_hash"])["framework_hash"][0]
    if published != rules.hash:
        raise ScratchRefused(
            f"{edition}: the rules of {previous} have changed since it was published; run it again: make run EDITION={previous}"
        )
    groups = pl.read_parquet(folder / "fct_ranking.parquet", columns=["entity_code", "group_code"])
    measures = pl.read_parquet(folder / "fct_measure.parquet", columns=["entity_code", "measure_code", "value_treated"])
    values = measures.join(groups, on="entity_code", validate="m:1").drop_nulls("value_treated")
    try:
        rates = [(code, group, steadied(rate)) for code, group, rate in rates_before(rules, read_release(workspace, previous))]
    except Refused as refused:
        raise ScratchRefused(str(refused)) from None
    of_measures = values.select(node_code="measure_code", group_code="group_code", value="value_treated")
    return Then(rules, release.release, pl.concat([of_measures, pl.DataFrame(rates, of_measures.schema, orient="row")]))


def _totals(scratch: Workspace, edition: str, tables: Tables, name: str) -> pl.DataFrame:
    for table, frame in tables.items():
        write_parquet(scratch.stage(edition) / "framework" / f"{table}.parquet", frame)
    build_models(scratch, edition, "+ranked")
    return rows_of(scratch, edition, _TOTALS).rename({"total": name})


def _by_rules_of(then: Framework, now: Framework) -> tuple[Tables, list[str]]:
    """The tables of the previous rules over this edition's places and inputs, and the measures that lack an input and are left out."""
    file = then.file.model_copy(update={"judged": None} | {key: getattr(now.file, key) for key in _OF_NOW})
    expressions = {loc: written for loc, written in then.compiled.expressions.items() if loc[0] not in _DATA_KEYS}
    expressions |= {loc: written for loc, written in now.compiled.expressions.items() if loc[0] in _DATA_KEYS}
    mixed = replace(then, file=file, registry=now.registry, calendar=now.calendar, compiled=Compiled(expressions))
    tables, known = mixed.tables(), list(now.file.inputs)
    lacking = tables["measure_inputs"].filter(~pl.col("input_code").is_in(known))["measure_code"].unique(maintain_order=True).to_list()
    lacks = pl.col("measure_code").is_in(lacking)
    tables["measures"] = tables["measures"].with_columns(
        value_sql=pl.when(lacks).then(pl.lit("cast(null as double)")).otherwise("value_sql"),
        applies_sql=pl.when(lacks).then(pl.lit("false")).otherwise("applies_sql"),
    )
    blind = [position for position in range(len(file.vetoes)) if not set(expressions["vetoes", position, "when"].names) <= set(known)]
    tables["vetoes"] = tables["vetoes"].filter(~pl.col("position").is_in([position + 1 for position in blind]))
    return tables, lacking


def _with_sets_of(then: Then, tables: Tables) -> tuple[Tables, list[str]]:
    """The same tables with the reference sets of then as norms, and the nodes of which a set cannot be frozen."""
    measures, indicators, entities = tables["measures"], tables["indicators"], tables["entities"]
    is_compared = pl.col("within").is_not_null() & (pl.col("within") != "frozen")
    is_made_by_others = pl.col("impute_within").is_not_null() | pl.col("treat_within").is_not_null()
    can_be = is_compared & pl.col("within").is_in(_FREEZABLE)
    frozen = [
        *measures.filter(can_be).select("measure_code", "within").rows(),
        *indicators.filter(can_be).select("indicator_code", "within").rows(),
    ]
    loose = [
        *measures.filter((is_compared & ~can_be) | is_made_by_others)["measure_code"],
        *indicators.filter((is_compared & ~can_be) | (pl.col("aggregate") == "copeland"))["indicator_code"],
    ]
    groups = entities.select(pl.col("base_group").unique().sort()).to_series().to_list()
    norms = [_norms(then.values, code, group, within) for code, within in frozen for group in groups]
    codes, is_now = [code for code, _ in frozen], pl.lit("frozen")
    sets = entities.select("entity_code", pl.lit("frozen").alias("within"), pl.col("base_group").alias("set_code"))
    changed = {
        "measures": measures.with_columns(within=pl.when(pl.col("measure_code").is_in(codes)).then(is_now).otherwise("within")),
        "indicators": indicators.with_columns(within=pl.when(pl.col("indicator_code").is_in(codes)).then(is_now).otherwise("within")),
        "norms": pl.concat([tables["norms"].filter(~pl.col("node_code").is_in(codes)), *norms]),
        "reference_sets": pl.concat([tables["reference_sets"], sets]).unique(maintain_order=True),
    }
    return tables | changed, loose


def _norms(values: pl.DataFrame, code: str, group: str, within: str) -> pl.DataFrame:
    """The values that the node's reference set had then, for entities of the group: of the group's or of all entities."""
    own = values.filter(pl.col("node_code") == code)
    if within in {"group", "group_pooled"}:
        own = own.filter(pl.col("group_code") == group)
    return own.with_columns(pl.lit(group).alias("group_code"))


def _split(totals: pl.DataFrame) -> pl.DataFrame:
    parts = {
        "place": pl.col("total_by_sets_then") - pl.col("previous_total"),
        "others": pl.col("total_by_rules_then") - pl.col("total_by_sets_then"),
        "rules": pl.col("total") - pl.col("total_by_rules_then"),
    }
    is_whole = pl.all_horizontal(
        pl.col(name).is_not_null() for name in ("previous_total", "total", "total_by_rules_then", "total_by_sets_then")
    )
    split = totals.with_columns(pl.when(is_whole).then(part).cast(_SCORE).alias(name) for name, part in parts.items())
    first = ["entity_code", "name_zh", "name_en", "group_code", "previous_total", "total", "change_total", *parts]
    return split.select(*first, "total_by_rules_then", "total_by_sets_then").sort("group_code", "entity_code")
