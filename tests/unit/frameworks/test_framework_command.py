"""The author's command: every mistake and exit 1, or one line that the file is sound."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from frameworks.__main__ import app
from frameworks.expectations import EXPECTATIONS


def test_a_sound_file_is_told_in_one_line_with_counts(small: Path) -> None:
    result = CliRunner().invoke(app, ["check", str(small / "small.yaml")])
    assert result.exit_code == 0
    assert result.stdout == (
        "small.yaml is sound: edition small, 4 entities (city 1, county 3), 7 indicators in 2 levels, 10 measures, "
        "13 inputs from 8 datasets.\n"
    )


def test_every_mistake_is_printed_on_a_line_of_its_own(small: Path) -> None:
    path = small / "small.yaml"
    text = path.read_text(encoding="utf-8").replace("scale: 100", "scale: 90").replace("tests: A1", "tests: A9")
    path.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(app, ["check", str(path)])
    assert result.exit_code == 1
    assert result.stdout == (
        f"{path}:14 scale: the points of the first level add up to 100, not 90. Lower B to 50, or set the scale to 100.\n"
        f"{path}:125 inputs.trained.verify.tests: A9 is no indicator; did you mean A?\n"
    )
    assert result.stderr == "2 mistakes.\n"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["check", str(tmp_path / "none.yaml")])
    assert (result.exit_code, result.stdout) == (1, f"{tmp_path}/none.yaml: there is no such file; give the path of a framework file.\n")


def test_the_gates_judge_by_each_expectation_that_a_framework_may_name() -> None:
    from expectations.gate import RULES

    assert {gate: set(rules) for gate, rules in RULES.items()} == {gate: set(known) for gate, known in EXPECTATIONS.items()}


def test_a_copy_that_still_says_the_other_edition_is_told_before_it_is_run(small: Path) -> None:
    copy = (small / "small.yaml").rename(small / "small-2022.yaml")
    result = CliRunner().invoke(app, ["check", str(copy)])
    assert result.exit_code == 1
    assert "edition: the file of edition small must be called small.yaml; rename one of them." in result.stdout
