"""Which known word is meant: one that is close, else all of them, of many the ten nearest."""

from __future__ import annotations

from frameworks.hints import near


def test_of_many_known_words_the_ten_nearest_are_told_in_their_order() -> None:
    inputs = [f"input_{number:02}" for number in range(60)]
    assert near("zzzz", inputs[:10]) == f"known are {', '.join(inputs[:10])}."
    hint = near("9xxx", [*inputs, "alpha"])
    told = hint.removeprefix("known are ").removesuffix(" and 51 more.").split(", ")
    assert told == sorted(told)
    assert len(told) == 10
    assert {f"input_{tens}9" for tens in range(6)} < set(told)
    assert "alpha" not in told


def test_a_word_that_is_close_is_the_one_that_is_meant() -> None:
    assert near("inptu", ["input", "other"]) == "did you mean input?"
    assert near("input", []) == "none is defined."
