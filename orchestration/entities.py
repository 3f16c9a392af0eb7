"""Which entity a person means: the one lookup of every command and job that is asked about an entity."""

from __future__ import annotations

from difflib import get_close_matches

import polars as pl

_SHOWN = 5


class NoSuchEntity(Exception):
    """No entity, or more than one, is called so; the message is one sentence that says what to give instead."""


def entity_code(entities: pl.DataFrame, edition: str, given: str) -> str:
    """The code of the entity that `given` means: its code, its name, or its name with that of the entity above before it.

    `entities`: a row an entity, with entity_code, name_zh, name_en, parent_code (null: nothing above), as in `dim_entity`.
    Raises NoSuchEntity where no entity is called so, with the nearest names; and where several are, with all of them.
    """
    asked = given.strip()
    if asked in entities["entity_code"]:
        return asked
    named = _full_names(entities)
    found = named.filter(pl.any_horizontal(pl.col("name_zh", "name_en", "full_zh").str.to_lowercase() == asked.lower()))
    if found.height == 1:
        return str(found["entity_code"].item())
    if found.is_empty():
        raise NoSuchEntity(f"{edition}: there is no entity {asked}; {_nearest(named, asked)}.")
    raise NoSuchEntity(f"{edition}: {found.height} entities are called {asked}; give the code or the full name of one: {_listed(found)}.")


def _full_names(entities: pl.DataFrame) -> pl.DataFrame:
    above = entities.select(pl.col("entity_code").alias("parent_code"), pl.col("name_zh").alias("above_zh"))
    full = pl.concat_str([pl.col("above_zh").fill_null(""), "name_zh"])
    return entities.join(above, on="parent_code", how="left").with_columns(full_zh=full).sort("entity_code")


def _listed(found: pl.DataFrame) -> str:
    shown = [f"{code} {name}" for code, name in found.select("entity_code", "full_zh").head(_SHOWN).iter_rows()]
    return ", ".join([*shown, "…"] if found.height > _SHOWN else shown)


def _nearest(named: pl.DataFrame, asked: str) -> str:
    """What to do about a name that nothing bears: the entities that bear one like it."""
    words = ["entity_code", "name_zh", "name_en", "full_zh"]
    near = get_close_matches(asked, sorted({name for column in words for name in named[column].drop_nulls()}), _SHOWN)
    like = named.filter(pl.any_horizontal(pl.col(words).is_in(near)))
    return "give a code or a name of dim_entity" if like.is_empty() else f"did you mean {_listed(like)}"
