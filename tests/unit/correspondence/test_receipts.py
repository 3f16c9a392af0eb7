"""Receipts, places' pages and the summary, from real deliveries through the real intake."""

from __future__ import annotations

import hashlib
import re
import zipfile
from pathlib import Path
from typing import Any, get_args

import openpyxl
import polars as pl
import pytest

from correspondence import ReceiptReport, matrix_markdown, words, write_receipts
from correspondence.naming import safe
from frameworks import load_framework
from publication.identity import code_version
from sources.counting import Because
from storage.workspace import PROJECT
from tests.sources_world import EDITION, World, form, workbook

NANJING, XUANWU, XUZHOU = "320100", "320102", "320300"
FULL = [("officials", 2590), ("trained", 1812), ("satisfaction", "98%"), ("has_plan", "是")]
CALLS = "地区,编号,拨打日期,类型,是否接通,回复日期,质量,测评员\n"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def answered(world: World) -> ReceiptReport:
    world.run()
    return write_receipts(world.workspace, world.framework)


def lines(report: ReceiptReport, kind: str) -> list[dict[str, Any]]:
    return pl.read_parquet(report.folder / "receipt_lines.parquet").filter(kind=kind).rows(named=True)


def receipt(report: ReceiptReport, file: str) -> str:
    path = report.receipts.filter(file=file)["receipt"].item()
    return (report.folder / f"{path}.html").read_text(encoding="utf-8")


def everything(folder: Path) -> str:
    """The text of every page, of both kinds."""
    texts = [path.read_text(encoding="utf-8") for path in folder.rglob("*.html")]
    for path in folder.rglob("*.xlsx"):
        with zipfile.ZipFile(path) as parts:
            texts += [parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml")]
    return "\n".join(texts)


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()
    }


def test_a_receipt_says_what_was_taken_what_was_not_and_what_is_missing(world: World) -> None:
    content = form("玄武区", [("officials", "２,590"), ("trained", "约95"), ("satisfaction", "98%")])
    world.drop("self_assessment/2021-01-09/玄武区自评.xlsx", content)
    report = answered(world)
    taken = {line["field"]: (line["value"], line["text"], line["cell"], line["is_counted"]) for line in lines(report, "taken")}
    assert taken == {"officials": ("2590", "２,590", "B2", True), "satisfaction": ("98", "98%", "B4", True)}
    (wrong,) = lines(report, "rejected")
    assert (wrong["entity_code"], wrong["cell"], wrong["text"], wrong["rule"]) == (XUANWU, "B3", "约95", "not_a_number")
    assert {line["field"] for line in lines(report, "missing")} == {"trained", "has_plan"}
    (row,) = report.receipts.rows(named=True)
    assert (row["standing"], row["cells"], row["cells_counted"], row["rejects"], row["missing"]) == ("counts_in_part", 2, 2, 1, 2)
    page = receipt(report, "2021-01-09/玄武区自评.xlsx")
    for said in (
        hashlib.sha256(content).hexdigest(),
        "2590 人",
        "２,590",
        "甲 · B2",
        wrong["message_zh"],
        "有无方案",
        "南京市玄武区",
        "部分计入",
    ):
        assert said in page


def test_the_workbook_of_a_receipt_says_the_same_as_its_page(world: World) -> None:
    world.drop("self_assessment/2021-01-09/玄武区自评.xlsx", form("玄武区", [*FULL[1:], ("officials", "约95")]))
    report = answered(world)
    book = openpyxl.load_workbook(report.folder / f"{report.receipts['receipt'].item()}.xlsx")
    assert book.sheetnames == ["概要", "退回的内容，请改正", "仍然缺少的内容", "与上一版的差异", "收到的内容"]
    assert [cell.value.split("\n")[0] for cell in book["退回的内容，请改正"][2][:3]] == ["甲 · B5", "公务员人数", "约95"]
    assert [row[0].split("\n")[0] for row in book["收到的内容"].iter_rows(min_row=2, values_only=True)] == [
        "参训人数",
        "满意率",
        "有无方案",
    ]


def test_a_new_version_counts_and_shows_each_cell_that_changed(world: World) -> None:
    world.drop("self_assessment/2021-01-09/玄武区自评.xlsx", form("玄武区", FULL))
    second = form("玄武区", [("officials", 2590), ("trained", 1900), ("satisfaction", "98%")])
    world.drop("self_assessment/2021-01-20/玄武区自评.xlsx", second)
    report = answered(world)
    changed = {line["field"]: (line["before_value"], line["value"]) for line in lines(report, "changed")}
    assert changed == {"trained": ("1812", "1900"), "has_plan": ("是 yes", None)}
    assert dict(report.receipts.select("file", "standing").iter_rows()) == {
        "2021-01-09/玄武区自评.xlsx": "superseded",
        "2021-01-20/玄武区自评.xlsx": "counts",
    }
    first = report.receipts.filter(standing="superseded")["load_id"].item()
    assert report.receipts.filter(standing="counts")["previous_load_id"].item() == first
    assert "现在计入的版本" in receipt(report, "2021-01-09/玄武区自评.xlsx")
    assert hashlib.sha256(second).hexdigest()[:12] in receipt(report, "2021-01-09/玄武区自评.xlsx")


def test_one_sender_is_shown_nothing_of_another_senders_version(world: World) -> None:
    for day, sender, cases in (("09", "省司法厅", 71234), ("20", "某中心", 88)):
        world.drop(f"provincial/2021-01-{day}/行政复议{day}.csv", f"地区,审结件数\n南京市,{cases}\n")
        world.drop(f"provincial/2021-01-{day}/行政复议{day}.csv.delivery.yaml", f"sender: {sender}\nsent_at: 2021-01-{day} 09:00\n")
    report = answered(world)
    assert lines(report, "changed") == []
    assert "71234" not in receipt(report, "2021-01-20/行政复议20.csv")


def test_a_places_page_shows_nothing_of_another_place(world: World) -> None:
    world.drop("provincial/2021-01-09/行政复议.csv", "地区,审结件数,纠错件数\n南京市,41235,3\n徐州市,77731,约5\n")
    world.drop("third_party/2021-01-09/热线.csv", CALLS + "南京市,NJ-1,2020-03-02,咨询,是,,,甲\n徐州市,XZ-1,2019-01-01,咨询,是,,,乙\n")
    world.drop("self_assessment/2021-01-09/徐州市自评.xlsx", form("徐州市", [("officials", "约66"), ("satisfaction", "61.5%")]))
    report = answered(world)
    own, other = ((report.folder / f"places/{code}.html").read_text(encoding="utf-8") for code in (NANJING, XUZHOU))
    assert all(said in own for said in ("41235", "NJ-1"))
    assert not any(said in own for said in ("徐州", "77731", "XZ-1", "约5", "约66", "61.5"))
    assert all(said in other for said in ("77731", "约5", "约66", "61.5", "2019-01-01"))
    assert not any(said in other for said in ("41235", "NJ-1"))


def test_a_form_that_is_sent_back_whole_is_on_the_page_of_its_place_alone(world: World) -> None:
    world.drop("self_assessment/2021-01-09/玄武区自评.xlsx", b"PK\x03\x04 cut")
    report = answered(world)
    (reject,) = lines(report, "rejected")
    told = {path.stem for path in (report.folder / "places").glob("*.html") if reject["message_zh"] in path.read_text(encoding="utf-8")}
    assert told == {XUANWU}


def test_every_note_and_reason_of_intake_is_told_in_words() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (PROJECT / "sources").glob("*.py"))
    named = re.findall(r'"(\w+_of_(?:format|column)|converted_unit|unit_in_value|day_number)"', code)
    noted = {"cached_formula", "hidden", "merged", *named}
    assert noted - set(words.NOTES) == set()
    assert set(get_args(Because)) - set(words.BECAUSE) == set()


def test_nobody_is_named(world: World) -> None:
    world.drop("third_party/2021-01-09/热线.csv", CALLS + "南京市,1,2020-03-02,咨询,是,,5,方知行\n南京市,2,约,咨询,是,,,方知行\n")
    world.drop("expert_review/2021-01-09/专家欧阳明.csv", "专家,地区,工作单位,评分\n欧阳明,南京市,南京市某局,95\n")
    report = answered(world)
    assert not any(name in everything(report.folder) for name in ("方知行", "南京市某局"))
    assert "欧阳明" not in everything(report.folder / "places")
    told = pl.read_parquet(report.folder / "receipt_lines.parquet").filter(field="tester")
    assert set(told["text"]) == set(told["value"]) == {"***"}


def test_what_comes_from_outside_is_neither_markup_nor_formula(world: World) -> None:
    name = "自评<script>alert(1)<／script>.xlsx"
    world.drop(
        f"self_assessment/2021-01-09/{name}", form("玄武区", [("officials", "=1+1&<b>"), ("trained", "@x"), ("satisfaction", "-<i>")])
    )
    world.drop(f"self_assessment/2021-01-09/{name}.delivery.yaml", "sender: '=HYPERLINK(\"x\")<img src=x>'\nsent_at: 2021-01-09 09:00\n")
    report = answered(world)
    for path in report.folder.rglob("*.html"):
        assert not any(tag in path.read_text(encoding="utf-8") for tag in ("<script", "<img", "<b>", "<i>"))
    path = report.folder / f"{report.receipts['receipt'].item()}.xlsx"
    cells = [cell for sheet in openpyxl.load_workbook(path) for row in sheet for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert any(str(cell.value).startswith("=HYPERLINK") for cell in cells)


@pytest.mark.parametrize("name", ["../../etc", "a/b", "..", "", "c:\\x", "a\x1b[31m", "x" * 300, "CON.", " lead"])
def test_a_sender_is_one_folder_whatever_he_is_called(name: str) -> None:
    folder = safe(name)
    assert folder == Path(folder).name not in ("", ".", "..")
    assert folder.isprintable()
    assert len(folder.encode()) < 255


def test_senders_of_like_names_have_folders_of_their_own() -> None:
    assert len({safe(name) for name in ("省司法厅", "a/b", "a_b", "a\\b", "unnamed", "x" * 100, "x" * 101)}) == 7
    assert safe("省司法厅") == "省司法厅"


def test_the_same_deliveries_in_any_order_and_again_give_the_same_bytes(tmp_path: Path) -> None:
    files: list[tuple[str, bytes | str]] = [
        ("self_assessment/2021-01-09/玄武区自评.xlsx", form("玄武区", [*FULL[:2], ("satisfaction", "约9")])),
        ("self_assessment/2021-01-20/玄武区自评.xlsx", form("玄武区", FULL)),
        ("self_assessment/2021-01-20/副本自评.xlsx", form("玄武区", FULL)),
        ("third_party/2021-01-09/热线.csv", CALLS + "南京市,1,2020-03-02,咨询,是,,5,甲\n鼓楼区,2,2020-03-02,咨询,否,,,乙\n"),
    ]
    made = []
    for name, order in (("one", files), ("other", files[::-1])):
        world = World(tmp_path / name)
        for at, content in order:
            world.drop(at, content)
            answered(world)
        answered(world)
        made.append(tree(world.workspace.receipts(EDITION)))
    assert made[0] == made[1]
    assert len(made[0]) > 200  # two files a page, and a page each of the 108 places


def test_of_the_same_bytes_twice_the_second_is_told_so(world: World) -> None:
    for name in ("玄武区自评.xlsx", "副本自评.xlsx"):
        world.drop(f"self_assessment/2021-01-09/{name}", form("玄武区", FULL))
    report = answered(world)
    assert sorted(report.receipts["standing"]) == ["counts", "duplicate"]
    assert report.receipts["receipt"].n_unique() == 1
    assert "内容相同的文件" in receipt(report, "2021-01-09/玄武区自评.xlsx")


def test_who_is_incomplete_and_who_must_be_called(world: World) -> None:
    world.drop("self_assessment/2021-01-09/玄武区自评.xlsx", form("玄武区", FULL))
    world.drop("self_assessment/2021-01-09/徐州市自评.xlsx", form("徐州市", FULL[:3]))
    world.drop("self_assessment/2021-01-09/南京市自评.xlsx", b"PK\x03\x04 cut")
    world.drop("provincial/2021-01-09/行政复议.csv", "地区,审结件数,纠错件数,按期审结率,风险等级\n徐州市,7,1,98%,绿\n")
    report = answered(world)
    state = {(row["entity_code"], row["dataset"]): row["state"] for row in report.matrix.rows(named=True)}
    assert [state[code, "workbook"] for code in (XUANWU, XUZHOU, NANJING, "320104")] == ["complete", "partial", "rejected", "absent"]
    assert (state[XUZHOU, "reconsideration"], state[NANJING, "reconsideration"]) == ("complete", "absent")
    assert (state[NANJING, "calls"], state[NANJING, "scores"]) == ("none", "absent")  # no call counts as 0; without scores there is no mean
    called = {(call.about, call.why.zh) for call in report.calls}
    assert ("徐州市", "还缺1项（共4项）") in called
    (nanjing,) = (call for call in report.calls if call.about == "南京市")  # once, with what its receipt says
    assert nanjing.why.zh.startswith("报来的文件不能用，请重新报送；整份退回：工作簿文件不完整")
    assert nanjing.receipt == report.receipts.filter(file="2021-01-09/南京市自评.xlsx")["receipt"].item()
    assert not any("南京市自评.xlsx" in about for about, _ in called)
    assert ("南京市秦淮区", "还没有收到") in called
    assert not any(about == "南京市玄武区" for about, _ in called)
    marked = matrix_markdown(world.framework, report.matrix, lambda text: text).splitlines()
    (own,) = (line for line in marked if line.startswith("| 徐州市 |"))
    assert "**◐** 3/4" in own


def test_who_sent_a_usable_form_after_one_that_was_not_is_not_called_about_it(world: World) -> None:
    world.drop("self_assessment/2021-01-09/玄武区自评.xlsx", b"PK\x03\x04 cut")
    world.drop("self_assessment/2021-01-10/玄武区自评.xlsx", form("玄武区", [*FULL[1:], ("officials", "约95")]))
    report = answered(world)
    (call,) = (each for each in report.calls if "玄武" in each.about)
    assert call.why.zh.startswith("还缺1项（共4项）；1处退回，如：“约95”不是数字")
    assert "已有更晚的报送计入，本份无须处理" in receipt(report, "2021-01-09/玄武区自评.xlsx")
    page = (report.folder / f"places/{XUANWU}.html").read_text(encoding="utf-8")
    assert page.count("已有更晚的报送，无须处理") == 1
    assert "有 1 处退回，请改正后重报" in page  # the one of the form that counts
    assert "公务员人数" in page.split("退回的内容")[1].split("约95")[0]  # what the rejected cell was to say


def test_a_wrong_delivery_note_is_told_on_the_receipt_of_its_file(world: World) -> None:
    world.drop("self_assessment/2021-01-09/玄武区自评.xlsx", form("玄武区", FULL))
    world.drop("self_assessment/2021-01-09/玄武区自评.xlsx.delivery.yaml", "sended: x\n")
    page = receipt(answered(world), "2021-01-09/玄武区自评.xlsx")
    assert "报送说明文件有误" in page


def test_a_receipt_goes_where_its_sender_is_known_to_be(world: World) -> None:
    world.drop("self_assessment/2021-01-09/玄武区自评.xlsx", form("玄武区", FULL))
    first = answered(world).receipts["receipt"].item()
    world.drop("self_assessment/2021-01-09/玄武区自评.xlsx.delivery.yaml", "sender: 玄武区政府办\nsent_at: 2021-01-09 09:00\n")
    report = answered(world)
    assert report.receipts["receipt"].item().split("/")[1] == "玄武区政府办"
    assert not (report.folder / f"{first}.html").exists()
    assert not (report.folder / "self_assessment/unnamed").exists()


def test_a_file_of_no_source_or_dataset_has_a_receipt_too(world: World) -> None:
    world.drop("provincial/2021-01-09/什么.csv", "a,b\n1,2\n")
    world.drop("elsewhere/x.csv", "a,b\n1,2\n")
    report = answered(world)
    assert set(report.receipts["standing"]) == {"rejected"}
    assert "文件名不符合" in receipt(report, "2021-01-09/什么.csv")
    assert report.receipts.height == 2


def test_receipts_are_no_part_of_what_names_a_release(tmp_path: Path) -> None:
    for name in ("requirements.lock", "storage/a.py", "correspondence/a.py", "frameworks/a.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
    before = code_version(tmp_path)
    (tmp_path / "correspondence/a.py").write_text("2")
    assert code_version(tmp_path) == before
    assert (PROJECT / "correspondence" / "receipts.py").exists()


def test_a_category_is_told_by_its_word_and_the_number_that_it_counts_as(world: World) -> None:
    world.drop("provincial/2021-01-09/行政复议.csv", "地区,审结件数,风险等级\n南京市,12,红色\n")
    report = answered(world)
    (line,) = [each for each in lines(report, "taken") if each["field"] == "level"]
    assert (line["value"], line["text"], line["unit"]) == ("红（0）", "红色", "")
    assert "红（0）" in receipt(report, "2021-01-09/行政复议.csv")


def test_several_tables_of_places_miss_nobody_that_one_of_them_has(world: World) -> None:
    sheet = workbook({"表": [["地区", "常住人口（万人）"], ["南京市", 931.5], ["玄武区", "—"]]})
    world.drop("provincial/2021-01-09/人口（市）.xlsx", sheet)
    world.drop("provincial/2021-01-09/人口（其他）.csv", "地区,常住人口（万人）\n徐州市,908\n")
    report = answered(world)
    missing = {(line["file"], line["entity_code"], line["field"]) for line in lines(report, "missing")}
    assert ("2021-01-09/人口（市）.xlsx", XUANWU, "residents") in missing
    assert not any(entity in (NANJING, XUZHOU) for _, entity, _ in missing)


def test_a_record_that_is_required_and_has_not_come_is_absent_not_nought(tmp_path: Path) -> None:
    for required, state in (("", "none"), ("      required: once\n", "absent")):
        world = World(tmp_path / state)
        path = world.workspace.framework_file(EDITION)
        path.write_text(
            path.read_text(encoding="utf-8").replace("    - dataset: calls\n", f"    - dataset: calls\n{required}"), encoding="utf-8"
        )
        world.framework = load_framework(world.workspace, EDITION)
        report = answered(world)
        assert report.matrix.filter(entity_code=NANJING, dataset="calls")["state"].item() == state
        assert any(call.dataset == "calls" for call in report.calls) == bool(required)
