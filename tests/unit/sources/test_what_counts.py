# ruff: noqa: DTZ001 - moments of the lake are UTC without a zone
from __future__ import annotations

from datetime import datetime
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from sources.counting import Because, Record, Withdrawal, judge, withdrawn

EARLY, LATE = datetime(2020, 12, 1), datetime(2020, 12, 15)


def record(name: str, said: str, sent: datetime = EARLY, key: str = "南京", at: str = "", excluded: Because | None = None) -> Record:
    return Record(name, 1, f"{name}.csv", (key,), (at, sent), frozenset({("value", said)}), excluded)


def verdict(*records: Record) -> dict[str, str]:
    because = judge(records).because
    assert all(judge(order).because == because for order in permutations(records))
    return {each.load_id: because.get(each.name, "counts") for each in records}


def test_the_latest_counts() -> None:
    assert verdict(record("a", "1"), record("b", "2", LATE)) == {"a": "superseded", "b": "counts"}


def test_other_keys_are_nothing_to_each_other() -> None:
    assert verdict(record("a", "1"), record("b", "2", LATE, key="徐州")) == {"a": "counts", "b": "counts"}


def test_two_of_one_moment_that_differ_are_both_held_back() -> None:
    assert verdict(record("a", "1"), record("b", "2"), record("c", "3", LATE)) == {"a": "superseded", "b": "superseded", "c": "counts"}
    assert verdict(record("a", "1", LATE), record("b", "2", LATE), record("c", "3")) == {
        "a": "conflict",
        "b": "conflict",
        "c": "superseded",
    }


def test_two_of_one_moment_that_say_the_same_count_once() -> None:
    assert verdict(record("b", "1"), record("a", "1")) == {"a": "counts", "b": "duplicate"}


def test_the_moment_within_the_record_goes_before_that_of_sending() -> None:
    assert verdict(record("a", "1", LATE, at="2020-11-01"), record("b", "2", EARLY, at="2020-11-02")) == {"a": "superseded", "b": "counts"}
    assert verdict(record("a", "1", LATE, at="2020-11-01"), record("b", "2", EARLY, at="2020-11-01")) == {"a": "counts", "b": "superseded"}


def test_what_cannot_count_supersedes_nothing() -> None:
    assert verdict(record("a", "1"), record("b", "2", LATE, excluded="withdrawn")) == {"a": "counts", "b": "withdrawn"}
    assert verdict(record("a", "1"), record("b", "2", LATE, excluded="incomplete")) == {"a": "counts", "b": "incomplete"}


RECORDS = st.lists(
    st.builds(
        record,
        st.sampled_from("abcdef"),
        st.sampled_from("12"),
        st.sampled_from([EARLY, LATE]),
        st.sampled_from(["南京", "徐州"]),
        st.sampled_from(["", "2020-11-01"]),
        st.sampled_from([None, None, "withdrawn"]),
    ),
    max_size=6,
    unique_by=lambda each: each.load_id,
)


@settings(deadline=None)
@given(RECORDS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_decides_nothing_and_each_key_has_at_most_one_that_counts(records: list[Record], random: object) -> None:
    because = judge(records).because
    shuffled = sorted(records, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert judge(shuffled).because == because
    counting = [each.key for each in records if each.name not in because]
    assert len(counting) == len(set(counting))


def test_a_withdrawal_holds_unless_a_later_one_withdraws_it() -> None:
    first, second = Withdrawal("w1", EARLY, "x"), Withdrawal("w2", LATE, "w1")
    assert withdrawn([first]) == {"x"}
    assert withdrawn([first, second]) == withdrawn([second, first]) == {"w1"}
    assert withdrawn([Withdrawal("w1", EARLY, "w1")]) == frozenset()
