"""What is sent out can come back: filled in as a person would and read by intake, a template gives the same values of the same place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from correspondence import issue_templates
from correspondence.templates import Issued, templates
from frameworks import load_framework
from frameworks.file_names import matching
from sources import archive, assemble, parse
from storage import SOURCES
from storage.workspace import PROJECT
from tests.sources_world import World
from tests.unit.correspondence.issued import FORM, REAL, book, cells_of, folder_of, jiangsu, numbers, of_jiangsu, read, saved

# A part is never above its whole: trained, kept, performed … are each below what stands before them.
ANSWERS = {
    "law_self_score": 88.5,
    "system_items_met": 11,
    "officials": 1200,
    "files_kept": 1100,
    "contracts_due": 40,
    "contracts_performed": 39,
    "ppp_projects": 0,
    "ppp_payments_due": 7,
    "ppp_payments_on_time": 6,
    "promises_due": 5,
    "promises_kept": 5,
    "procedure_items_met": 9,
    "officials_trained": 900,
    "activities": 21,
}


@pytest.mark.parametrize("place", ["320100", "320106", "320302"])  # a city, and the 鼓楼区 of two cities
def test_a_form_comes_back_with_its_values(place: str) -> None:
    made = of_jiangsu()["workbook", place]
    workbook = book(made.content)
    asked = cells_of(workbook, FORM)
    assert set(asked) == set(ANSWERS)
    for code, value in ANSWERS.items():
        asked[code][1]["value"].value = value
        asked[code][1]["note"].value = "=2+2"  # a note is text, whatever it looks like
    batch = read(jiangsu(), REAL, "self_assessment", "workbook", made.file, saved(workbook))
    assert batch.rejects == []
    assert numbers(batch) == {(place, code): float(value) for code, value in ANSWERS.items()}


def test_a_form_that_nobody_filled_in_gives_nothing_but_missing_values() -> None:
    made = of_jiangsu()["workbook", "320106"]
    batch = read(jiangsu(), REAL, "self_assessment", "workbook", made.file, made.content)
    assert batch.rejects == []
    assert numbers(batch) == {("320106", code): None for code in ANSWERS}


def test_every_table_of_places_comes_back_with_every_place() -> None:
    framework = jiangsu()
    codes = list(framework.registry.units)
    tables = [dataset for dataset in framework.file.deliveries["provincial"] if dataset.layout == "places"]
    for dataset in tables:
        made = of_jiangsu()[dataset.dataset, None]
        workbook = book(made.content)
        sheet = workbook.worksheets[0]
        choices = {"debt_level": ["绿", "黄", "橙", "红"]}
        for row in range(len(codes)):
            for column, code in enumerate(dataset.columns, 2):  # wholes stand before or behind their parts: one number fits both
                sheet.cell(row + 5, column).value = choices[code][row % 4] if code in choices else row % 90
        batch = read(framework, REAL, "provincial", dataset.dataset, made.file, saved(workbook))
        assert batch.rejects == [], dataset.dataset
        scores = {"绿": 1, "黄": 0.7, "橙": 0.3, "红": 0}
        assert numbers(batch) == {
            (code, field): float(scores[choices[field][row % 4]] if field in choices else row % 90)
            for row, code in enumerate(codes)
            for field in dataset.columns
        }, dataset.dataset


def test_records_come_back() -> None:
    made = of_jiangsu()["calls", None]
    workbook = book(made.content)
    sheet = workbook.worksheets[0]
    rows = [
        ("南京市鼓楼区", "T1", date(2020, 3, 1), "咨询", "是", date(2020, 3, 2)),
        ("徐州市鼓楼区", "T2", date(2020, 12, 31), "投诉", "否", None),
    ]
    for line, row in enumerate(rows, 5):
        for column, value in enumerate(row, 1):
            sheet.cell(line, column).value = value
    batch = read(jiangsu(), REAL, "third_party", "calls", made.file, saved(workbook))
    assert batch.rejects == []
    assert [(cell.record_no, cell.entity_code, cell.code) for cell in batch.cells if cell.field == "kind"] == [
        (1, "320106", "enquiry"),
        (2, "320302", "other"),
    ]
    assert [cell.number for cell in batch.cells if cell.field == "is_answered"] == [1.0, 0.0]
    assert [cell.day for cell in batch.cells if cell.field == "called_on"] == [date(2020, 3, 1), date(2020, 12, 31)]


def test_a_correction_comes_back() -> None:
    made = of_jiangsu()["corrections", None]
    workbook = book(made.content)
    for column, value in enumerate(("常州市新北区", "officials", 21, 22, "漏报一个单位", "局长"), 1):
        workbook.worksheets[0].cell(5, column).value = value
    batch = read(jiangsu(), REAL, "correction", "corrections", made.file, saved(workbook))
    assert batch.rejects == []
    assert {cell.field: cell.number for cell in batch.cells if cell.number is not None} == {"contested_value": 21.0, "value": 22.0}
    assert {cell.entity_code for cell in batch.cells} == {"320411"}


def test_every_template_is_named_so_that_intake_knows_its_dataset() -> None:
    deliveries = jiangsu().file.deliveries
    assert len(of_jiangsu()) == 108 + 24
    for made in of_jiangsu().values():
        assert [dataset.dataset for dataset in matching(made.file, deliveries[made.source])] == [made.dataset], made.file  # type: ignore[index]
    assert len({(made.source, made.file) for made in of_jiangsu().values()}) == len(of_jiangsu())


def test_yes_no_and_percentages_come_back(tmp_path: Path) -> None:
    world = World(tmp_path)
    issued = {(made.dataset, made.entity_code): made for made in templates(world.framework, {}) if isinstance(made, Issued)}
    made = issued["workbook", "320106"]
    workbook = book(made.content)
    asked = cells_of(workbook, FORM)
    asked["satisfaction"][1]["value"].value = 0.985
    asked["satisfaction"][1]["value"].number_format = "0.0%"  # what Excel makes of a typed 98.5%
    asked["has_plan"][1]["value"].value = "是"
    batch = read(world.framework, world.workspace, "self_assessment", "workbook", made.file, saved(workbook))
    assert batch.rejects == []
    assert numbers(batch)["320106", "satisfaction"] == 98.5
    assert numbers(batch)["320106", "has_plan"] == 1.0


def test_issued_templates_pass_through_the_whole_intake(tmp_path: Path) -> None:
    world = World(tmp_path)
    report = issue_templates(world.workspace, world.framework, {})
    assert report.left_out == []
    assert report.by_source == {"self_assessment": 108, "third_party": 2, "provincial": 2, "expert_review": 2, "correction": 4}
    for name in ("320106_南京市鼓楼区_", "320302_徐州市鼓楼区_"):
        [path] = report.folder.glob(f"self_assessment/{name}*.xlsx")
        workbook = book(path.read_bytes())
        cells_of(workbook, FORM)["officials"][1]["value"].value = 77
        world.drop(f"self_assessment/{path.name}", saved(workbook))
    archive(world.workspace, world.framework)
    for source in SOURCES:
        parse(world.workspace, world.framework, source)
    assemble(world.workspace, world.framework)
    cells = world.table("cells").filter(field="officials")
    assert sorted(cells.select("entity_code", "number", "is_counted").rows()) == [("320106", 77.0, True), ("320302", 77.0, True)]
    assert world.table("rejects").is_empty()


def test_another_index_with_files_that_must_be_csv_gets_csv(tmp_path: Path) -> None:
    workspace = folder_of(tmp_path, PROJECT / "tests" / "reference" / "hdi.yaml")
    header = "code,name,name_en,level,parent_code,valid_from,valid_to,successor_code"
    countries = [f"C{number:03},Land {number},Land {number},y2021,,,," for number in range(195)]
    twin = "C195,Land 7,Land 7,y2021,,,,"
    rows = [header, *countries, twin, "ZZ1,=World,World,aggregate,,,,"]
    (workspace.frameworks / "hdi_registry.csv").write_text("\n".join(rows), encoding="utf-8")
    framework = load_framework(workspace, "hdi")
    [made] = [made for made in templates(framework, {}) if isinstance(made, Issued)]
    assert made.file.startswith("hdi")
    assert made.file.endswith(".csv")
    lines = made.content.decode("utf-8-sig").split("\r\n")
    assert lines[:2] == ["code,le,eys,mys,gnipc", "Land 0,,,,"]
    assert [lines[row] for row in (8, 196)] == ["C007,,,,", "C195,,,,"]  # two of one name: their codes
    assert lines[197] == "ZZ1,,,,"  # a name that a spreadsheet would take for a formula: its code stands for it
    filled = "\r\n".join([lines[0], *(line.replace(",,,,", f",{60 + row % 20},12,8.5,9000") for row, line in enumerate(lines[1:]))])
    batch = read(framework, workspace, "provincial", "indicators", made.file, filled.encode("utf-8-sig"))
    assert batch.rejects == []
    assert len({cell.entity_code for cell in batch.cells}) == 197
    assert numbers(batch)["C021", "le"] == 61.0


def test_a_table_of_a_panel_lists_each_place_at_each_time(tmp_path: Path) -> None:
    workspace = folder_of(tmp_path, PROJECT / "tests" / "reference" / "hdi.yaml")
    file = workspace.frameworks / "hdi.yaml"
    text = file.read_text(encoding="utf-8").replace("groups: [y2021, aggregate]}", "groups: [country], panel: {from: 2020, to: 2021}}")
    text = text.replace("      entity: code\n", "      entity: code\n      time: year\n").replace('"hdi*.csv"', '"hdi*"')
    file.write_text(text, encoding="utf-8")
    header = "code,name,name_en,level,parent_code,valid_from,valid_to,successor_code"
    countries = [f"C{number:03},Land {number},Land {number},country,,,," for number in range(3)]
    (workspace.frameworks / "hdi_registry.csv").write_text("\n".join([header, *countries]), encoding="utf-8")
    framework = load_framework(workspace, "hdi")
    [made] = [made for made in templates(framework, {}) if isinstance(made, Issued)]
    workbook = book(made.content)
    sheet = workbook.worksheets[0]
    assert [(sheet.cell(row, 1).value, sheet.cell(row, 2).value) for row in (5, 6, 7)] == [
        ("Land 0", 2020),
        ("Land 0", 2021),
        ("Land 1", 2020),
    ]
    for row in range(5, 11):
        sheet.cell(row, 3).value = 60 + row
    batch = read(framework, workspace, "provincial", "indicators", made.file, saved(workbook))
    assert batch.rejects == []
    le = {entity: number for (entity, field), number in numbers(batch).items() if field == "le"}
    assert le == {"C000-2020": 65, "C000-2021": 66, "C001-2020": 67, "C001-2021": 68, "C002-2020": 69, "C002-2021": 70}
