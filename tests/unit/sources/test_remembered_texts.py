from __future__ import annotations

from sources.text import LONGEST_KEPT, remembered


def test_what_a_short_text_gave_is_kept_and_a_long_one_is_asked_again() -> None:
    asked = list[tuple[int, str]]()

    @remembered(2)
    def length(text: str, unit: str = "signs") -> int:
        """How long it is."""
        asked.append((len(text), unit))
        return len(text)

    short, long = "九" * LONGEST_KEPT, "九" * (LONGEST_KEPT + 1)
    assert [length(short), length(short), length(short, "bytes"), length(long), length(long)] == [200, 200, 200, 201, 201]
    assert asked == [(200, "signs"), (200, "bytes"), (201, "signs"), (201, "signs")]
    assert length.__doc__ == "How long it is."
