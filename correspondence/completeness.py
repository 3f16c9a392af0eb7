"""How complete the deliveries of each place are, dataset by dataset, and who must be called. Pure functions of the intake tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from correspondence.book import Said
from correspondence.intake import Intake

COMPLETENESS: dict[str, Any] = {
    **dict.fromkeys(("edition", "entity_code", "source", "dataset", "state"), pl.String),
    **dict.fromkeys(("wanted", "given"), pl.Int64),
}


def completeness(intake: Intake) -> pl.DataFrame:
    """One row is an entity × dataset that is to say something of it (no decisions of the office, no opinion items).

    `given`: inputs that count with a value, of `wanted`; of a table of records (`wanted` null) the records that count. `state`: complete |
    partial | absent | rejected (a file that names the place was sent back whole) | none (no record, which may be right) | not_asked.
    """
    given, records = _given(intake)
    rejected = _rejected(intake)
    not_come = set(_not_come(intake))
    lacking = {name for name in asked(intake) if name in not_come or _asks_records(intake, *name)}
    rows = []
    for entity in intake.entities:
        for source, dataset in asked(intake):
            whose = entity, source, dataset
            if intake.datasets[source, dataset].layout == "records":
                wanted, got = None, records[whose]
                state = "complete" if got else "absent" if (source, dataset) in lacking else "none"
            else:
                codes = intake.expected(source, dataset, entity)
                wanted, got = len(codes), len(given.get(whose, set()).intersection(codes))
                state = "not_asked" if not codes else "complete" if got == wanted else "partial" if got else "absent"
            if state == "absent" and whose in rejected:
                state = "rejected"
            rows.append((intake.edition, entity, source, dataset, state, wanted, got))
    return pl.DataFrame(rows, schema=COMPLETENESS, orient="row")


def asked(intake: Intake) -> list[tuple[str, str]]:
    """The datasets that are the matrix's columns."""
    return [
        name
        for name, dataset in intake.datasets.items()
        if dataset.layout != "items" and not dataset.kind and (dataset.entity or dataset.place)
    ]


def _asks_records(intake: Intake, source: str, dataset: str) -> bool:
    """Whether an entity without a record there lacks an input: where none is no count of nought."""
    return any((row["source"], row["dataset"]) == (source, dataset) and row["none_value"] is None for row in intake.inputs.values())


def _given(intake: Intake) -> tuple[dict[tuple[str, str, str], set[str]], Counter[tuple[str, str, str]]]:
    counted = intake.tables["cells"].filter(pl.col("is_counted") & pl.col("entity_code").is_not_null())
    given: dict[tuple[str, str, str], set[str]] = {}
    whose = ("entity_code", "source", "dataset")
    for *name, field in counted.filter(state="reported").select(*whose, "field").unique().iter_rows():
        given.setdefault((name[0], name[1], name[2]), set()).add(field)
    for entity, code in intake.corrected:  # what the office has decided is lacking no more
        spec = intake.inputs.get(code)
        if spec:
            given.setdefault((entity, spec["source"], spec["dataset"] or ""), set()).add(code)
    numbers = counted.select(*whose, "load_id", "record_no").unique().group_by(whose).len()
    return given, Counter({(row[0], row[1], row[2]): row[3] for row in numbers.iter_rows()})


def _rejected(intake: Intake) -> set[tuple[str, str, str]]:
    """Of forms that were sent back whole the place, where it is certain whose they are."""
    whole = intake.tables["deliveries"].filter(state="rejected").select("source", "load_id", "file")
    told = intake.tables["rejects"].join(whole, on=["source", "load_id", "file"], how="semi").filter(pl.col("entity_code").is_not_null())
    return set(told.select("entity_code", "source", "dataset").iter_rows())


# --- who must be called -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Call:
    """One call that the office has to make: about whom or what, and why. `receipt`: the receipt that says more."""

    about: str
    source: str
    dataset: str | None
    why: Said
    receipt: str = ""


@dataclass(frozen=True)
class _Told:
    """The rejects of one file that ask for a call: how many, the first of them, and the file's receipt."""

    number: int
    first: Said
    receipt: str


_File = tuple[str, str | None, str]  # source, dataset, load_id


def calls(intake: Intake, found: pl.DataFrame, lines: pl.DataFrame, matrix: pl.DataFrame) -> list[Call]:
    """Datasets of which nothing came; files with rejects; places whose form is missing or not full; places that a table leaves out.

    A place whose form lacks something is called once, whatever was rejected of it.
    """
    told = _told(found, lines)
    lacking = matrix.filter(pl.col("state").is_in(["partial", "absent", "rejected"]))
    forms = {name for name, dataset in intake.datasets.items() if dataset.layout == "form"}
    whose = lines.select("source", "dataset", "load_id", "entity_code").drop_nulls().unique(maintain_order=True)
    of_place = {
        (entity, source, dataset): (source, dataset, load_id)
        for source, dataset, load_id, entity in whose.iter_rows()
        if (source, dataset, load_id) in told and (source, dataset) in forms
    }
    places = set(lacking.select("entity_code", "source", "dataset").iter_rows())
    by_place = {file for place, file in of_place.items() if place in places}
    return [
        *_nothing(intake),
        *_files(found, {file: each for file, each in told.items() if file not in by_place}),
        *_forms(intake, lacking, {place: told[file] for place, file in of_place.items()}),
        *_left_out(intake, matrix),
    ]


def _told(found: pl.DataFrame, lines: pl.DataFrame) -> dict[_File, _Told]:
    """What the office itself left out by rule (recusal) and what a later delivery has replaced ask for no call."""
    paths = {tuple(row[:3]): row[3] for row in found.select("source", "dataset", "load_id", "receipt").iter_rows()}
    told = lines.filter((pl.col("kind") == "rejected") & (pl.col("rule") != "recused") & pl.col("because").is_null())
    of_file = told.group_by("source", "dataset", "load_id", maintain_order=True).agg(
        pl.len(), pl.col("message_zh").first(), pl.col("message_en").first()
    )
    return {
        (source, dataset, load_id): _Told(number, Said(zh, en), paths.get((source, dataset, load_id), ""))
        for source, dataset, load_id, number, zh, en in of_file.iter_rows()
    }


def _nothing(intake: Intake) -> Iterator[Call]:
    for source, code in _not_come(intake):
        why = Said("必须报送，还没有收到可用的文件", "required, and no file that can be used has come")
        yield Call(intake.label(source, code)[0], source, code, why)


def _not_come(intake: Intake) -> list[tuple[str, str]]:
    """The required datasets of which no file that can be used has come."""
    came = set(intake.tables["deliveries"].filter(pl.col("state") != "rejected").select("source", "dataset").iter_rows())
    return [name for name, dataset in intake.datasets.items() if dataset.required and name not in came]


def _files(found: pl.DataFrame, told: Mapping[_File, _Told]) -> Iterator[Call]:
    for row in found.filter(pl.col("state").is_in(["taken", "rejected"])).rows(named=True):
        each = told.get((row["source"], row["dataset"], row["load_id"]))
        if each:
            about = f"{row['sender']} · {row['file']}" if row["sender"] else row["file"]
            yield Call(about, row["source"], row["dataset"], _why(each, is_whole=row["state"] == "rejected"), each.receipt)


def _why(told: _Told, *, is_whole: bool) -> Said:
    if is_whole:
        head = Said("整份退回：", "rejected as a whole: ")
    else:
        head = Said(f"{told.number}处退回，如：", f"{told.number} {'reject' if told.number == 1 else 'rejects'}, such as: ")
    return Said(head.zh + told.first.zh, head.en + told.first.en)


def _forms(intake: Intake, lacking: pl.DataFrame, told: Mapping[tuple[str, str, str], _Told]) -> Iterator[Call]:
    for row in lacking.rows(named=True):
        if intake.datasets[row["source"], row["dataset"]].layout != "form":
            continue
        each = told.get((row["entity_code"], row["source"], row["dataset"]))
        number = row["wanted"] - row["given"]
        match row["state"]:
            case "partial":
                why = Said(f"还缺{number}项（共{row['wanted']}项）", f"{number} of {row['wanted']} figures are still missing")
                more = _why(each, is_whole=False) if each else None
            case "rejected":
                why = Said("报来的文件不能用，请重新报送", "the file that came cannot be used; a new one is needed")
                more = _why(each, is_whole=True) if each else None
            case _:
                why, more = Said("还没有收到", "has not come"), None
        said = Said(f"{why.zh}；{more.zh}", f"{why.en}; {more.en}") if more else why
        receipt = each.receipt if each else f"places/{row['entity_code']}"
        yield Call(intake.place(row["entity_code"]), row["source"], row["dataset"], said, receipt)


def _left_out(intake: Intake, matrix: pl.DataFrame) -> Iterator[Call]:
    """Of tables of places and of records that came: the places of which they lack something, in one call a table."""
    came = set(intake.tables["deliveries"].filter(state="taken").select("source", "dataset").iter_rows())
    for source, dataset in asked(intake):
        if intake.datasets[source, dataset].layout == "form" or (source, dataset) not in came:
            continue
        lacking = matrix.filter(
            (pl.col("source") == source) & (pl.col("dataset") == dataset) & pl.col("state").is_in(["partial", "absent"])
        )
        if not lacking.is_empty():
            places = "、".join(intake.place(code) for code in lacking["entity_code"])
            why = Said(f"{lacking.height}个地区缺数据：{places}", f"figures of {lacking.height} places are missing")
            yield Call(intake.label(source, dataset)[0], source, dataset, why)
