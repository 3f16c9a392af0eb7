"""Which entity a person means: by code, by name, by full name; and what is said where nobody can tell."""

import polars as pl
import pytest

from orchestration.entities import NoSuchEntity, entity_code

ENTITIES = pl.DataFrame(
    [
        ("320100", "南京市", "Nanjing", None),
        ("320106", "鼓楼区", "Gulou (Nanjing)", "320100"),
        ("320300", "徐州市", "Xuzhou", None),
        ("320302", "鼓楼区", "Gulou (Xuzhou)", "320300"),
        ("320321", "丰县", "Fengxian", "320300"),
        ("999999", "孤县", "Alone", "990000"),
    ],
    schema=["entity_code", "name_zh", "name_en", "parent_code"],
    orient="row",
)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("320106", "320106"),
        ("南京市", "320100"),
        ("nanjing", "320100"),
        ("南京市鼓楼区", "320106"),
        ("徐州市鼓楼区", "320302"),
        ("Gulou (Xuzhou)", "320302"),
        (" 丰县 ", "320321"),
        ("孤县", "999999"),
    ],
)
def test_a_code_a_name_or_a_full_name_finds_its_entity(given: str, code: str) -> None:
    assert entity_code(ENTITIES, "e", given) == code


def test_a_name_that_two_bear_is_answered_with_both() -> None:
    said = "e: 2 entities are called 鼓楼区; give the code or the full name of one: 320106 南京市鼓楼区, 320302 徐州市鼓楼区."
    with pytest.raises(NoSuchEntity) as told:
        entity_code(ENTITIES, "e", "鼓楼区")
    assert str(told.value) == said


def test_a_name_that_nobody_bears_is_answered_with_the_nearest() -> None:
    with pytest.raises(NoSuchEntity, match="e: there is no entity 南京; did you mean 320100 南京市"):
        entity_code(ENTITIES, "e", "南京")
    with pytest.raises(NoSuchEntity, match=r"e: there is no entity 320322; did you mean .*320321 徐州市丰县"):
        entity_code(ENTITIES, "e", "320322")
    with pytest.raises(NoSuchEntity, match="e: there is no entity Zzz; give a code or a name of dim_entity"):
        entity_code(ENTITIES, "e", "Zzz")


def test_of_many_that_bear_a_name_the_first_are_listed() -> None:
    """A panel has an entity a time, all of one name."""
    panel = pl.DataFrame(
        {"entity_code": [f"AAA@{year}" for year in range(1990, 2000)], "name_zh": "甲国", "name_en": "A", "parent_code": None},
        schema_overrides={"parent_code": pl.String},
    )
    with pytest.raises(NoSuchEntity, match=r"10 entities are called 甲国; .*: AAA@1990 甲国, .*AAA@1994 甲国, ….$"):
        entity_code(panel, "e", "甲国")
