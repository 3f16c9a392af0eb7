"""Loading: several mistakes come out together, one is told once, and what is sound becomes a Framework."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from frameworks import FrameworkError, Mistake, load_framework, read_framework
from storage import Workspace

Told = Callable[[dict[str, str]], tuple[list[Mistake], str]]
PROJECT = Path(__file__).resolve().parents[3]


def sentences(path: Path, shown: str = "small.yaml") -> list[str]:
    with pytest.raises(FrameworkError) as caught:
        read_framework(path, shown)
    return [str(mistake) for mistake in caught.value.mistakes]


def test_six_mistakes_come_out_together_in_the_order_of_lines(told: Told) -> None:
    mistakes, _ = told(
        {
            "    points: 40\n": "    points: 39\n",
            "- code: B2": "- code: B1",
            "value: 100.0 * trained / officials": "value: 100.0 * trained / official",
            "value: 100.0 * corrected / decided": 'value: "corrected; drop table decided"',
            "{method: goalposts, worst: 50, best: 100}": "{method: goalposts, worst: 50, best: 100, target: 3}",
            "calls_made: {source: third_party, dataset: calls,": "calls_made: {source: third_party, dataset: visits,",
        }
    )
    assert [(mistake.line, mistake.path) for mistake in mistakes] == [
        (14, "scale"),
        (138, "inputs.calls_made.dataset"),
        (180, "indicators[A].A1.measures[trained_rate].value"),
        (184, "indicators[A].A1.measures[trained_rate].normalise.target"),
        (199, "indicators[A].A2.measures[corrected_rate].value"),
        (217, "indicators[B].B1.code"),
    ]
    assert str(mistakes[2]) == (
        "frameworks/small.yaml:180 indicators[A].A1.measures[trained_rate].value: “official” is not an input of this framework; "
        "did you mean officials?"
    )


def test_what_rests_on_a_mistake_is_not_told_again(told: Told) -> None:
    """The input is cut out for its source, the measure's share for its sign; nothing follows over the one or of the sum of the other."""
    mistakes, _ = told(
        {
            "decided: {source: provincial, unit: cases, type: integer,": "decided: {source: province, unit: cases, type: integer,",
            "            share: 0.4\n": "            share: -0.4\n",
            "        published_at: [published_at]\n": "        published_at: {}\n",
            "grade: B, at_least: 60": "grade: B, at_least: sixty",
            "  indicator: indicator\n": "  indicater: indicator\n",
        }
    )
    assert [mistake.path for mistake in mistakes] == [
        "deliveries.opinion[items].columns.published_at",
        "confirmation.indicater",
        "inputs.decided.source",
        "indicators[A].A1.measures[plan].share",
        "grades[B].at_least",
    ]


def test_opinion_items_want_settings(small: Path) -> None:
    path = small / "small.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("opinion:\n  window_hours")] + text[text.index("inputs:\n") :], encoding="utf-8")
    assert sentences(path) == [
        "small.yaml:65 deliveries.opinion[items]: opinion items need settings; add opinion with its categories and deductions."
    ]


def test_items_after_one_that_was_cut_out_keep_their_lines(told: Told) -> None:
    mistakes, text = told({"{code: soon_rate, value": "{value", "value: reply_score": "value: reply_scor"})
    assert [(mistake.line, mistake.path, mistake.message) for mistake in mistakes] == [
        (text[: text.index("- {value")].count("\n") + 1, "indicators[B].B1.measures[1]", "code is missing; add it."),
        (
            text[: text.index("reply_scor,")].count("\n") + 1,
            "indicators[B].B1.measures[in_time].value",
            "“reply_scor” is not an input of this framework; did you mean reply_score?",
        ),
    ]


# --- what is not YAML, or not a framework ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", ":1: the file holds no keys; begin with edition, title and period."),
        (b"- a\n- b\n", ":1: the file holds no keys; begin with edition, title and period."),
        (b"\xff\xfe\x00", ": the file is not UTF-8 text; save it as UTF-8."),
        (b"a: [b\nc: d\n", ":2: the YAML cannot be read here: expected ',' or ']', but got ':'. Mend this line or the one above."),
        (b"a: b\n---\nc: d\n", ":2: the YAML cannot be read here: but found another document. Mend this line or the one above."),
        (b"[" * 1000, ": the YAML cannot be read: maximum recursion depth exceeded. Give a framework file."),
        (b"a: " + b"x" * 4_000_000, ": the file has 4,000,003 bytes, more than a framework can have; give a framework file."),
    ],
    ids=["empty", "a list", "no UTF-8", "a bracket", "two documents", "too deep", "too long"],
)
def test_a_file_that_is_no_framework_is_told_in_one_sentence(small: Path, content: bytes, says: str) -> None:
    (small / "small.yaml").write_bytes(content)
    assert sentences(small / "small.yaml") == [f"small.yaml{says}"]


@pytest.mark.parametrize("edition", ["jiangsu-2031", "../small/small", "/etc/passwd", ""])
def test_an_edition_without_a_framework_is_told_with_those_that_there_are(small: Path, edition: str) -> None:
    (small / "small-before.yaml").unlink()
    with pytest.raises(FrameworkError) as caught:
        load_framework(Workspace(data=small, frameworks=small), edition)
    assert str(caught.value).startswith(f"frameworks/{edition}.yaml: there is no framework of this edition; ")
    assert str(caught.value).endswith(" small.") or str(caught.value).endswith(" small?")


def test_the_file_bears_the_name_of_its_edition(small: Path) -> None:
    (small / "small.yaml").rename(small / "other.yaml")
    with pytest.raises(FrameworkError) as caught:
        load_framework(Workspace(data=small, frameworks=small), "other")
    assert [mistake.message for mistake in caught.value.mistakes] == [
        "the file of edition small must be called small.yaml; rename one of them."
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("title: &t {zh: 甲, en: A}", "small.yaml:2 title: anchors (&) and aliases (*) are not read; write the value out."),
        ("title: !!python/object:os.system {zh: 甲, en: A}", None),
        ("title: !include other.yaml", "small.yaml:2 title: the tag !include is not read; write the value alone."),
        ("<<: {title: {zh: 甲, en: A}}", "small.yaml:2: a key must be a word, and << is not read; write the keys out."),
    ],
)
def test_yaml_that_hides_what_it_says_is_refused(small: Path, line: str, says: str | None) -> None:
    path = small / "small.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("title: {zh: 小示例, en: A small edition}", line), encoding="utf-8")
    if says is not None:
        assert says in sentences(path)


def test_an_alias_of_itself_ends(small: Path) -> None:
    path = small / "small.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\nextra: &x [*x, *x]\n", encoding="utf-8")
    assert any("anchors" in sentence for sentence in sentences(path))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_file_with_lines_lost_moved_or_cut_short_is_told_and_never_breaks_the_loader(small: Path, data: st.DataObject) -> None:
    source = Path(__file__).with_name("small") / "small.yaml"
    lines = source.read_text(encoding="utf-8").splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        here, there = data.draw(st.integers(0, len(lines) - 1)), data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["lose", "move", "cut", "double", "word"])):
            case "lose":
                del lines[here]
            case "move":
                lines.insert(there, lines.pop(here))
            case "cut":
                lines[here] = lines[here][: len(lines[here]) // 2]
            case "double":
                lines.insert(there, lines[here])
            case "word":
                lines[here] = lines[here].replace(": ", ": x", 1)
    path = small / "small.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    try:
        framework = read_framework(path, "small.yaml")
    except FrameworkError as error:
        mistakes = error.mistakes
    else:
        assert framework.tables()
        return
    assert mistakes == sorted(mistakes)
    assert all(0 <= mistake.line <= len(lines) and mistake.message for mistake in mistakes)


# --- reference files --------------------------------------------------------------------------------------------------------


def test_a_link_is_refused(small: Path) -> None:
    (small / "small_zones.csv").rename(small / "elsewhere.csv")
    (small / "small_zones.csv").symlink_to(small / "elsewhere.csv")
    assert sentences(small / "small.yaml") == [
        "small.yaml:9 entities.zones: small_zones.csv is a link; put the file itself beside the framework file."
    ]


def test_a_link_among_the_folders_is_refused(small: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    shutil.copy(small / "small_zones.csv", tmp_path / "outside" / "zones.csv")
    (small / "inside").symlink_to(tmp_path / "outside")
    path = small / "small.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("zones: small_zones.csv", "zones: inside/zones.csv"), encoding="utf-8")
    assert sentences(path) == ["small.yaml:9 entities.zones: inside/zones.csv is a link; put the file itself beside the framework file."]


REFERENCE_MISTAKES = {
    "a code twice": (
        "small_places.csv", "101,东县", "100,东县",
        ":3: the code 100 stands twice for the same days; give each entity one row, or rows of different days.",
    ),
    "no date": (
        "small_places.csv", "2019-12-31,104\n103", "2019-13-31,104\n103", ":4: valid_to “2019-13-31” is no date; write it as 2020-12-31.",
    ),
    "a blank": ("small_places.csv", "106,北县", "106,", ":8: name is blank; fill it in."),
    "an unknown column": (
        "small_aliases.csv", "source", "remark",
        ":1: the column remark is not known or stands twice; known are code, alias, valid_from, valid_to, source.",
    ),
    "a column missing": ("small_places.csv", "level", "grade", ":1: the column level is missing; add it."),
    "an unknown successor": (
        "small_places.csv", "2019-12-31,104\n103", "2019-12-31,109\n103",
        ":4: the successor 109 is not in the registry; correct it, or add the entity.",
    ),
    "an alias of nobody": (
        "small_aliases.csv", "106,北市", "109,北市", ":2: the code 109 is not in the registry; correct it, or add the entity.",
    ),
    "a zone of nobody": ("small_zones.csv", "甲市开发区,101", "甲市开发区,", ":2: code is blank; fill it in."),
    "a day left out": ("small_days.csv", "2020-01-03,1\n", "", ":4: 2020-01-04 does not follow 2020-01-02; list every day once, in order."),
    "neither 1 nor 0": ("small_days.csv", "2020-01-03,1\n", "2020-01-03,yes\n", ":4: is_workday “yes” must be 1 (worked) or 0."),
}  # fmt: skip


@pytest.mark.parametrize("case", REFERENCE_MISTAKES)
def test_a_mistake_in_a_reference_file_is_told_with_its_own_line(small: Path, case: str) -> None:
    file, old, new, says = REFERENCE_MISTAKES[case]
    path = small / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert f"frameworks/{file}{says}" in sentences(small / "small.yaml", "frameworks/small.yaml")


def test_a_reference_file_in_another_encoding_is_told(small: Path) -> None:
    path = small / "small_places.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    assert sentences(small / "small.yaml", "frameworks/small.yaml") == [
        "frameworks/small_places.csv: the file is not UTF-8 text; save it as UTF-8."
    ]


# --- what is sound ------------------------------------------------------------------------------------------------------------


def test_the_hash_follows_every_file_that_is_named(small: Path) -> None:
    hashes = [read_framework(small / "small.yaml").hash]
    hashes.append(read_framework(small / "small.yaml").hash)
    assert hashes[0] == hashes[1]
    for file in ("small.yaml", "small_places.csv", "small_aliases.csv", "small_zones.csv", "small_days.csv"):
        with (small / file).open("a", encoding="utf-8") as written:
            written.write("# \n" if file.endswith("yaml") else "\n")
        hashes.append(read_framework(small / "small.yaml").hash)
    assert len(set(hashes)) == len(hashes) - 1


def test_the_hash_does_not_follow_the_place_or_the_name_of_the_folder(small: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(small, tmp_path / "other"))
    assert read_framework(other / "small.yaml").hash == read_framework(small / "small.yaml").hash


def test_the_day_of_the_previous_edition_is_part_of_the_hash(small: Path) -> None:
    """It decides whose predecessors an entity has."""
    before = read_framework(small / "small.yaml").hash
    (small / "small-before.yaml").write_text("edition: small-before\nentities: {as_of: 2018-12-31}\n", encoding="utf-8")
    assert read_framework(small / "small.yaml").hash != before


def test_a_previous_edition_is_an_earlier_one(small: Path) -> None:
    (small / "small-before.yaml").write_text("edition: small-before\nentities: {as_of: 2020-01-31}\n", encoding="utf-8")
    assert sentences(small / "small.yaml") == [
        "small.yaml:5 previous: small-before looks at 2020-01-31, which is not before 2020-01-31; name an earlier edition."
    ]


def test_entities_predecessors_and_names(small: Path) -> None:
    registry = read_framework(small / "small.yaml").registry
    assert list(registry.entities) == ["100", "101", "104", "106"]
    assert [entity.code for entity in registry.group("county")] == ["101", "104", "106"]
    assert registry.parents == {"101": "100", "104": "100", "106": "100"}
    assert [row.code for row in registry.predecessors("104")] == ["102", "103"]
    assert registry.predecessors("106") == ()  # it took its place before the previous edition's day
    assert [alias.alias for alias in registry.aliases] == ["北市"]
    assert [row.code for row in registry.named("北市")] == ["105"]
    assert [(zone.zone, zone.code) for zone in registry.zones] == [("甲市开发区", "101")]


def test_a_place_that_still_exists_is_nobodys_predecessor(small: Path) -> None:
    """It is taken in only after the edition's day, as a later edition's registry knows."""
    with (small / "small_places.csv").open("a", encoding="utf-8") as places:
        places.write("107,中县,Zhong,county,100,,2020-06-30,101\n")
    assert read_framework(small / "small.yaml").registry.predecessors("101") == ()


def test_a_place_that_is_no_more_is_explained(small: Path) -> None:
    registry = read_framework(small / "small.yaml").registry
    assert registry.explain("102") == ("西县已于2020-01-01并入新县", "西县 was merged into 新县 on 2020-01-01")
    assert registry.explain("105") == ("北市已于2018-07-01改为北县", "北市 became 北县 on 2018-07-01")
    assert registry.explain("101") is None
    assert registry.explain("999") is None


def test_the_calendar_counts_working_days(small: Path) -> None:
    """Festival from 24 to 30 January, Sunday the 19th worked: after Friday the 17th are worked 19, 20, 21, 22, 23 and 31 January."""
    calendar = read_framework(small / "small.yaml").calendar
    assert calendar is not None
    assert calendar.workdays(date(2020, 1, 17), date(2020, 1, 31)) == 6
    assert calendar.workdays(date(2020, 1, 24), date(2020, 1, 30)) == 0
    assert calendar.workdays(date(2020, 1, 31), date(2020, 1, 17)) == -6
    with pytest.raises(KeyError):
        calendar.workdays(date(2020, 1, 17), date(2021, 1, 1))


def test_the_projects_frameworks_are_sound_and_load_within_a_second() -> None:
    workspace = Workspace(data=PROJECT / "data", frameworks=PROJECT / "frameworks")
    for edition in workspace.editions():
        begun = time.process_time()
        assert load_framework(workspace, edition).edition == edition
        assert time.process_time() - begun < 1
