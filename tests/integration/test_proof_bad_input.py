"""Bad input at the level of a run: each bad file is a reject with its sentence and stops no other; wrong rules are told all at once.

What every other kind of bad file and of mistake says is tested beside the readers and the loader.
"""

from __future__ import annotations

import random
from pathlib import Path

import polars as pl
import pytest

from storage import Workspace
from tests.pipeline import copy_files, published, run, run_edition
from tests.worked.deliveries import EDITION, make_inbox

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("proof"), pytest.mark.timeout(1800)]
ENCRYPTED = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(480)
BAD = {
    "third_party/2020-12-20/12345热线测试（补报）.csv": (
        b"",
        "文件是空的（0字节），请重新导出后再报送。",
        "The file is empty (0 bytes); export it again and deliver it anew.",
    ),
    "self_assessment/2020-12-20/甲州市_自评表.xlsx": (
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
        "这是PDF文件，无法读取其中的表格，请报送Excel工作簿（.xlsx）原件。",
        "This is a PDF, whose tables cannot be read; deliver the Excel workbook (.xlsx) that it was made from.",
    ),
    "self_assessment/2020-12-20/乙州市_自评表.xlsx": (
        ENCRYPTED,
        "工作簿设有打开密码，无法读取，请取消密码后重新报送。",
        "The workbook is protected by a password and cannot be read; take the password off and deliver it again.",
    ),
    "provincial/2020-12-20/财政（补报）.csv": (
        random.Random(2).randbytes(5000),
        "文件既不是UTF-8也不是GB18030编码的文本，无法读取，请另存为UTF-8编码的CSV后重新报送。",
        "The file is text in neither UTF-8 nor GB18030 and cannot be read; save it as CSV in UTF-8 and deliver it again.",
    ),
    "provincial/2020-12-20/行政复议（补报）.csv": (
        "地区,审结件数,纠错件数,按期审结件数\n无名县,5,1,4\n".encode(),
        "没有名为“无名县”的评价对象，请改用全称或行政区划代码。",
        "No evaluated place is called “无名县”; give its full name or its code.",
    ),
}
# What is written, what is written instead, a text of the line that is told, and what is told of it.
MISTAKES = [
    (
        "stars: {source: provincial, unit",
        "stars: {source: provincal, unit",
        "stars: {source: provincal, unit",
        (
            "inputs.stars.source: “provincal” is not known here; "
            "write self_assessment or third_party or provincial or opinion or expert_review or correction."
        ),
    ),
    (
        "points: 8",
        "points: 9",
        "points: 25",
        "indicators[B].points: the points of B add up to 26, not 25. Lower B3 to 6, or set B's points to 26.",
    ),
    (
        "- code: C3",
        "- code: C2",
        "- code: C2",
        "indicators[C].C2.code: the indicator C2 stands in line {first} already; give this one a code of its own.",
    ),
    (
        "best: 10000, scale: ln}",
        "best: 10000, scale: ln, target: 5000}",
        "best: 10000, scale: ln, target: 5000}",
        (
            "indicators[D].D3.measures[income_level].normalise.target: "
            "goalposts takes no target; it takes worst, best, scale, cap, range, decimals."
        ),
    ),
    (
        "value: expert_score,",
        "value: expert_scores,",
        "value: expert_scores,",
        "indicators[E].measures[innovation_score].value: “expert_scores” is not an input of this framework; did you mean expert_score?",
    ),
    (
        "when: refusals > 0",
        "when: read_csv(refusals) > 0",
        "when: read_csv(refusals) > 0",
        (
            "vetoes[refused].when: “read_csv” is no function that is allowed here. Allowed: + - * /, = <> < <= > >=, and or not, is null, "
            "in (…), between, case, if, coalesce, nullif, least, greatest, abs, ln, log10, exp, sqrt, power, round, workdays, add_months, "
            "numbers, date '2020-12-31', true false null, codes in single quotes."
        ),
    ),
]


@pytest.fixture
def fresh(worked: Workspace, tmp_path: Path) -> Workspace:
    workspace = Workspace(tmp_path / "data", tmp_path / "frameworks")
    copy_files(worked.frameworks.iterdir(), workspace.frameworks)
    return workspace


def test_bad_files_are_rejects_with_their_sentences_and_change_nothing_else(worked: Workspace, fresh: Workspace) -> None:
    make_inbox(fresh.data)
    for name, (content, _, _) in BAD.items():
        path = fresh.data / "inbox" / EDITION / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    outcome = run_edition(fresh, EDITION)
    assert outcome.code == 0, outcome.output
    assert "Traceback" not in outcome.output
    told = published(fresh, EDITION, "fct_reject").select(pl.format("{}/{}", "source", "file"), "message_zh", "message_en").rows()
    known = published(worked, EDITION, "fct_reject").select(pl.format("{}/{}", "source", "file"), "message_zh", "message_en").rows()
    assert sorted(set(told) - set(known)) == sorted((name, zh, en) for name, (_, zh, en) in BAD.items())
    assert len(told) == len(known) + len(BAD)
    for table in ("fct_ranking", "fct_indicator_score", "fct_input"):
        assert published(fresh, EDITION, table).drop("release").equals(published(worked, EDITION, table).drop("release")), table


def test_six_mistakes_of_a_framework_are_six_sentences_for_author_and_run(fresh: Workspace) -> None:
    path = fresh.framework_file(EDITION)
    text = path.read_text(encoding="utf-8")
    for right, wrong, _, _ in MISTAKES:
        assert text.count(right) == 1, right
        text = text.replace(right, wrong)
    path.write_text(text, encoding="utf-8")
    lines = text.splitlines()
    first = next(number for number, line in enumerate(lines, 1) if "- code: C2" in line)
    wanted = [f"{line_of(lines, told)} {says.format(first=first)}" for _, _, told, says in MISTAKES]

    checked = run(fresh, "make", "--no-print-directory", "-o", ".venv/.installed", "check-framework", f"FILE={path}")
    assert checked.code != 0
    assert [line.removeprefix(f"{path}:") for line in checked.output.splitlines()[: len(wanted)]] == wanted
    assert "6 mistakes." in checked.output

    outcome = run_edition(fresh, EDITION)
    assert outcome.code == 1
    assert [line.removeprefix(f"frameworks/{EDITION}.yaml:") for line in outcome.output.splitlines()] == wanted


def line_of(lines: list[str], text: str) -> int:
    """The last line that holds the text."""
    return max(number for number, line in enumerate(lines, 1) if text in line)
