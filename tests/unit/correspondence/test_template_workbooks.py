"""What templates hold for whoever fills them in: checks as one types, cells that are locked, a sheet that tells what is missing."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from correspondence.book import LISTS, Book, height, sheet_name
from correspondence.forms import CHECK, COVER, EXPLAINED, FILLED, MISSING
from correspondence.names import file_name, safe, shown_places
from correspondence.templates import Issued, templates
from frameworks.model import Dataset
from tests.sources_world import World
from tests.unit.correspondence.issued import FORM, REAL, book, cells_of, jiangsu, numbers, of_jiangsu, read, saved

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def validation_of(sheet: Any, cell: Any) -> Any:
    [found] = [rule for rule in sheet.data_validations.dataValidation if cell.coordinate in rule.sqref]
    return found


def test_the_same_framework_gives_the_same_bytes() -> None:
    again = {
        (made.dataset, made.entity_code): made for made in templates(jiangsu(), {}) if isinstance(made, Issued) and made.entity_code is None
    }
    assert again == {key: made for key, made in of_jiangsu().items() if made.entity_code is None}
    assert [made.content for made in again.values()] == [of_jiangsu()[key].content for key in again]
    properties = zipfile.ZipFile(io.BytesIO(of_jiangsu()["workbook", "320106"].content)).read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", properties)) == {"2020-01-01T00:00:00Z"}


def test_the_cover_fixes_place_and_year() -> None:
    cover = book(of_jiangsu()["workbook", "320302"].content)[COVER]
    facts = {row[0].value.split("\n")[0]: row[1] for row in cover.iter_rows(min_row=4, max_row=9)}
    assert (facts["填报单位"].value, facts["评价年度"].value) == ("徐州市鼓楼区", 2020)
    assert (facts["报送截止日"].value, facts["表样版本"].value) == ("2021-01-31", jiangsu().hash[:12])
    assert all(cell.protection.locked for row in cover.iter_rows() for cell in row)


def test_a_form_shows_its_place_what_the_office_has_of_it_from_the_edition_before() -> None:
    has = {("320106", "officials"): 1180.0, ("320106", "law_self_score"): 88.5, ("320302", "activities"): 7.0}
    made = next(made for made in templates(jiangsu(), has) if isinstance(made, Issued) and made.entity_code == "320106")
    asked = cells_of(book(made.content), {**FORM, "previous": "上期数"})
    shown = {code: row["previous"] for code, (_, row) in asked.items()}
    assert {code: cell.value for code, cell in shown.items() if cell.value} == {"officials": "1180", "law_self_score": "88.5"}
    assert all(cell.protection.locked for cell in shown.values())
    batch = read(jiangsu(), REAL, "self_assessment", "workbook", made.file, made.content)
    assert set(numbers(batch).values()) == {None}  # a figure of last time is no answer


def test_only_cells_to_fill_in_are_unlocked() -> None:
    workbook = book(of_jiangsu()["workbook", "320106"].content)
    free = {
        cell.coordinate: cell for sheet, row in cells_of(workbook, FORM).values() for cell in row.values() if not cell.protection.locked
    }
    asked = cells_of(workbook, FORM)
    assert len(asked) == 14
    for code, (sheet, row) in asked.items():
        assert [name for name, cell in row.items() if not cell.protection.locked] == ["value", "note", "evidence"], code
        assert sheet.protection.sheet, code
    unlocked = sum(not cell.protection.locked for sheet in workbook for line in sheet.iter_rows() for cell in line)
    assert unlocked == 14 * 3
    assert free
    assert workbook[CHECK].protection.sheet


def test_ranges_are_checked_as_one_types_also_against_another_sheet() -> None:
    workbook = book(of_jiangsu()["workbook", "320106"].content)
    asked = cells_of(workbook, FORM)
    rule = validation_of(asked["system_items_met"][0], asked["system_items_met"][1]["value"])
    assert (rule.type, rule.formula1, rule.formula2) == ("whole", "0", "12")
    assert "0至12" in rule.error
    rule = validation_of(asked["law_self_score"][0], asked["law_self_score"][1]["value"])
    assert (rule.type, rule.formula1, rule.formula2) == ("decimal", "0", "100")
    sheet, row = asked["officials"]
    whole = f"'{sheet.title}'!${row['value'].column_letter}${row['value'].row}"
    rule = validation_of(asked["officials_trained"][0], asked["officials_trained"][1]["value"])
    assert asked["officials_trained"][0] is not sheet
    assert (rule.type, rule.formula1) == ("whole", "0")
    assert rule.formula2 == f"IF(ISNUMBER({whole}),{whole},1000000000000000)"


def test_choices_are_drop_downs_and_long_lists_lie_in_a_hidden_sheet(tmp_path: Path) -> None:
    world = World(tmp_path)
    issued = {(made.dataset, made.entity_code): made for made in templates(world.framework, {}) if isinstance(made, Issued)}
    asked = cells_of(book(issued["workbook", "320106"].content), FORM)
    rule = validation_of(asked["has_plan"][0], asked["has_plan"][1]["value"])
    assert (rule.type, rule.formula1) == ("list", '"是,否"')
    workbook = book(issued["calls", None].content)
    table = workbook.worksheets[0]
    rule = validation_of(table, table["A5"])
    assert (rule.type, rule.formula1) == ("list", f"'{LISTS}'!$A$1:$A$108")
    assert workbook[LISTS].sheet_state == "hidden"
    assert [cell.value for cell in workbook[LISTS]["A"]] == list(shown_places(world.framework.registry).values())
    assert workbook.active is table
    days = validation_of(table, table["C5"])
    first = date(1899, 12, 30).toordinal()
    assert (days.type, days.formula1, days.formula2) == (
        "date",
        str(date(2020, 1, 1).toordinal() - first),
        str(date(2020, 12, 31).toordinal() - first),
    )


def test_long_lists_and_lists_with_commas_are_not_cut() -> None:
    made = Book("", date(2020, 1, 1))
    assert made.choice(["a", "b"]).source == ["a", "b"]
    assert made.choice(["x" * 9] * 24 + ["y" * 15]).source == ["x" * 9] * 24 + ["y" * 15]  # 24 × 10 + 15 = 255 signs
    assert made.choice(["x" * 9] * 24 + ["y" * 16]).source == f"='{LISTS}'!$A$1:$A$25"
    assert made.choice(["a,b", "c"]).source == f"='{LISTS}'!$C$1:$C$2"
    assert made.choice(["a,b", "c"]).holds("B1") == f"COUNTIF('{LISTS}'!$C$1:$C$2,B1)>0"


def offered(dataset: str, column: str) -> list[str]:
    """What the drop-down of a column of a table's template offers."""
    workbook = book(of_jiangsu()[dataset, None].content)
    (rule,) = (each for each in workbook.worksheets[0].data_validations.dataValidation if column in str(each.sqref))
    sheet, _, cells = rule.formula1.partition("!")
    return [cell.value for (cell,) in workbook[sheet.strip("='")][cells.replace("$", "")]]


def test_an_appeal_may_name_any_figure_and_whatever_rests_on_it_a_falsified_one_figures_alone() -> None:
    inputs = set(jiangsu().file.inputs)
    others = {row[0] for name in ("measure", "indicator") for row in jiangsu().tables()[f"{name}s"].select(f"{name}_code").iter_rows()}
    assert set(offered("appeals", "B5")) == set(offered("corrections", "B5")) == inputs | others  # refusals name these
    assert set(offered("falsified", "B5")) == inputs


def test_what_an_appeal_and_a_decision_need_is_said_in_their_templates() -> None:
    said = dict[str, list[str]]()
    for name in ("appeals", "corrections"):
        said[name] = [str(row[0].value) for row in book(of_jiangsu()[name, None].content)["填表说明"].iter_rows()]
    assert any("报送截止后仍可申诉" in line for line in said["appeals"])
    assert not any("前报送" in line for line in said["appeals"])
    heads = [cell.value for cell in book(of_jiangsu()["corrections", None].content).worksheets[0][4]]
    assert "更正值" in heads  # a refusal has none, so it is not marked as required
    assert "理由*" in heads


def test_the_check_sheet_has_a_formula_for_every_input_on_the_cell_it_speaks_of() -> None:
    workbook = book(of_jiangsu()["workbook", "320106"].content)
    shown = openpyxl.load_workbook(io.BytesIO(of_jiangsu()["workbook", "320106"].content), data_only=True)[CHECK]
    rows = {str(row[1].value): row for row in workbook[CHECK].iter_rows(min_row=7)}
    for code, (sheet, cells) in cells_of(workbook, FORM).items():
        [row] = [row for label, row in rows.items() if f"（{code}）" in label]
        value, note = (f"'{sheet.title}'!${cells[name].column_letter}${cells[name].row}" for name in ("value", "note"))
        assert f'IF(TRIM({value})="",IF(TRIM({note})=""' in row[2].value
        assert shown[row[2].coordinate].value == MISSING  # what a viewer that reckons no formulas shows
    assert len(rows) == 14


def test_a_text_of_a_framework_is_never_a_formula() -> None:
    made = Book("=1+1", date(2020, 1, 1))
    sheet = made.sheet("=A1", (10,))
    from correspondence.book import Said

    made.say(sheet, 0, 0, Said("=1+1", ""))
    made.say(sheet, 1, 0, Said("=1+1", "@SUM(1)"))
    read_back = openpyxl.load_workbook(io.BytesIO(made.content()))
    assert [cell.data_type for cell in read_back.worksheets[0]["A"]] == ["s", "s"]


def test_places_are_listed_under_names_that_are_theirs_alone() -> None:
    names = shown_places(jiangsu().registry)
    assert (names["320100"], names["320106"], names["320302"]) == ("南京市", "南京市鼓楼区", "徐州市鼓楼区")
    assert len(set(names.values())) == len(names) == 108


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (["*行政复议*"], "行政复议表_x.xlsx"),
        (["*REVIEW*"], "REVIEW_行政复议表_x.xlsx"),
        (["hdi*.csv"], "hdi_行政复议表_x.csv"),
        (["table.xlsx"], "table.xlsx"),
        (["*.jsonl"], None),
    ],
)
def test_files_are_named_by_what_fits_the_patterns(patterns: list[str], expected: str | None) -> None:
    label = {"zh": "行政复议表", "en": "Review"}
    dataset = Dataset.model_validate({"dataset": "d", "label": label, "files": patterns, "columns": {"a": "甲"}})
    assert file_name(dataset, [dataset], "", "_x") == expected


def test_a_name_that_fits_another_dataset_too_is_not_given() -> None:
    one = Dataset.model_validate(
        {"dataset": "one", "label": {"zh": "行政复议", "en": ""} | {"en": "x"}, "files": ["*复议*"], "columns": {"a": "甲"}}
    )
    other = Dataset.model_validate({"dataset": "other", "files": ["*行政*"], "columns": {"a": "甲"}})
    assert file_name(one, [one, other], "", "_x") == "复议_x.xlsx"


@given(st.text(max_size=200))
def test_any_text_is_safe_as_a_file_or_sheet_name(text: str) -> None:
    name = safe(text)
    assert 0 < len(name) <= 80
    assert not set(name) & set('/\\:*?"<>|\0\n')
    assert not name.startswith(".")
    assert 0 < len(sheet_name(text)) <= 31
    assert not set(sheet_name(text)) & set("[]:*?/\\'")


def test_a_row_is_as_high_as_its_longest_text() -> None:
    assert height(("短", 20)) == 20
    assert height(("十个汉字十个汉字十个", 11)) == 35  # 20 wide in 10: two lines of 15
    assert height(("短\ntwenty letters of it", 11), ("短", 20)) == 5 + 15 + 2 * 11.5  # 20 letters are 15 wide: two lines


# --- LibreOffice --------------------------------------------------------------------------------------------------------


def converted(folder: Path, name: str, content: bytes, kind: str) -> Path:
    """The file as LibreOffice saves it anew."""
    if OFFICE is None:
        pytest.skip("LibreOffice (soffice) is not on the path, so nobody can tell here how it opens a template")
    (folder / name).write_bytes(content)
    out = folder / "out"
    profile = f"-env:UserInstallation=file://{folder}/profile"
    subprocess.run([OFFICE, profile, "--headless", "--convert-to", kind, "--outdir", str(out), str(folder / name)], check=True, timeout=240)
    return out / f"{Path(name).stem}.{kind}"


@pytest.mark.slow
def test_libreoffice_keeps_values_checks_and_reckons_the_check_sheet(tmp_path: Path) -> None:
    """Slow: LibreOffice starts."""
    made = of_jiangsu()["workbook", "320106"]
    workbook = book(made.content)
    asked = cells_of(workbook, FORM)
    for code, value in {"officials": 1200, "officials_trained": 1300, "system_items_met": 11}.items():
        asked[code][1]["value"].value = value
    asked["ppp_projects"][1]["note"].value = "没有在执行的项目"
    content = converted(tmp_path, "form.xlsx", saved(workbook), "xlsx").read_bytes()
    batch = read(jiangsu(), REAL, "self_assessment", "workbook", made.file, content)
    assert [(reject.rule, reject.value) for reject in batch.rejects] == [("above_input", "1300")]
    given = {code: number for (_, code), number in numbers(batch).items() if number is not None}
    assert given == {"officials": 1200.0, "system_items_met": 11.0}
    kept = cells_of(book(content), FORM)
    rule = validation_of(kept["system_items_met"][0], kept["system_items_met"][1]["value"])
    assert (rule.type, rule.formula1, rule.formula2) == ("whole", "0", "12")
    check = openpyxl.load_workbook(io.BytesIO(content), data_only=True)[CHECK]
    states = {str(row[1].value).partition("（")[2].rstrip("）"): row[2].value for row in check.iter_rows(min_row=7)}
    assert (states["officials"], states["activities"], states["ppp_projects"]) == (FILLED, MISSING, EXPLAINED)
    assert "公务员人数" in states["officials_trained"]


@pytest.mark.slow
def test_libreoffice_prints_a_form(tmp_path: Path) -> None:
    """Slow: LibreOffice starts."""
    pdf = converted(tmp_path, "form.xlsx", of_jiangsu()["workbook", "320106"].content, "pdf").read_bytes()
    assert pdf.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 7
