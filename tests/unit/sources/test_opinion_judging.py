from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.context import places_of
from sources.opinion_places import Linker
from sources.opinion_text import Judge, normalise
from sources.words import load_words
from tests.sources_world import World


@pytest.fixture(scope="module")
def linker(reading: World) -> Linker:
    words = load_words(reading.workspace)
    return Linker(reading.framework.registry, places_of(reading.framework, words), words)


@pytest.fixture(scope="module")
def judge(reading: World) -> Judge:
    return Judge(reading.framework.file.opinion)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("政務(wù)誠(chéng)信", "政务诚信"),
        ("&amp;lt;b&amp;gt;南京&amp;nbsp;市", "南京 市"),
        ("&amp;amp;amp;", "&amp;"),  # twice and no more
        ("<p>南京</p><script>x='苏州'</script>市", "南京 市"),
        ("南\u200b京 ＡＢＣ", "南京 ABC"),
        ("前言@@ _x000D_\n正文", "前言 正文"),
        ("3 < 5 且 7 > 2", "3 < 5 且 7 > 2"),
        ("鼓楼（Gulou）区", "鼓楼(Gulou)区"),
    ],
)
def test_texts_become_what_a_reader_sees(text: str, expected: str) -> None:
    assert normalise(text) == expected


@settings(deadline=None)
@given(st.text(max_size=60))
def test_normalising_never_raises_and_gives_one_line(text: str) -> None:
    assert "\n" not in normalise(text)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("南京市政府回应", ["320100"]),
        ("南京玄武区一小区停水", ["320102"]),  # its city is not linked as well
        ("南京、苏州两地联动", ["320100", "320500"]),
        ("南京鼓楼区通报", ["320106"]),
        ("江苏东海通报", ["320722"]),  # a common word, but the province is named
        ("昆山警方通报", ["320583"]),  # a name that is nothing else
        ("丰县市监局回应", ["320321"]),
        ("淮安一餐厅燃爆", ["320800"]),
        ("淮安区通报", ["320803"]),
        ("海门市住建局", ["320614"]),  # an old name of the place as it is now
        ("徐州市鼓楼区和南京市鼓楼区", ["320100", "320300"]),  # which 鼓楼区 nobody knows: the cities
    ],
)
def test_places_that_a_text_is_about(linker: Linker, text: str, codes: list[str]) -> None:
    assert linker.link(text) == codes


@pytest.mark.parametrize(
    "text",
    [
        "河南通报一起案件",
        "星期六合体",
        "浙江都在跳操",
        "广东海洋大学通报",
        "上海门店售罄",
        "青海门源地震",
        "宜丰县人社局回应",
        "福如东海",
        "黄金湖南路线",
        "北京通州一市场",
        "台湾新北市地震",
        "南京大学团队",
        "苏州大学一团队",
        "据扬州晚报报道",
        "江苏卫视节目单",
        "上海南京路开街",
        "鼓楼瓦片脱落",
        "鼓楼区通报",  # 南京's, 徐州's, or another province's
        "江苏省发布",
        "谢淮安一秒变脸",
        "港闸区通报",  # merged before the edition's day
    ],
)
def test_names_that_hide_in_other_words_link_nothing(linker: Linker, text: str) -> None:
    assert linker.link(text) == []


@pytest.mark.parametrize(
    ("title", "body", "category"),
    [
        ("区政府拖欠工程款", "", "arrears"),
        ("统计局造假并拖欠工程款", "", "falsified_data"),  # the gravest
        ("镇政府毁约又欠薪", "", "arrears"),  # of one severity the first that the framework lists
        ("区政府推诿", "", "inaction"),
        ("一公司欠薪", "人社局已介入", None),  # a private firm's, whatever office looks into it
        ("区政府获表彰", "拖欠工程款", None),
        ("辟谣：区政府拖欠工程款", "", None),
        ("", "区政府拖欠工程款", "arrears"),
        ("", "很" * 250 + "区政府拖欠工程款", None),
    ],
)
def test_negative_news_of_a_public_body_by_its_title(judge: Judge, title: str, body: str, category: str | None) -> None:
    assert judge.category(title, body) == category


def test_an_edition_without_opinion_judges_nothing() -> None:
    assert Judge(None).category("区政府拖欠工程款", "") is None
