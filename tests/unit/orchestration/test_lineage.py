"""What the graph of assets promises: no layer without the gate before it, and words on everything that users read."""

import os
from collections.abc import Iterator
from typing import Any

import dagster as dg
import pytest

from storage import GATES
from storage.workspace import PROJECT

pytestmark = pytest.mark.xdist_group("definitions")


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ZHENGXIN_DATA", str(tmp_path_factory.mktemp("definitions")))
        from orchestration.definitions import defs

        yield defs.resolve_asset_graph()


def parents(graph: Any, key: dg.AssetKey) -> set[str]:
    return {parent.to_user_string() for parent in graph.get(key).parent_keys}


def layer(graph: Any, name: str) -> list[dg.AssetKey]:
    found = [key for key in graph.get_all_asset_keys() if graph.get(key).group_name == name]
    assert found
    return found


def test_every_layer_takes_what_has_passed_the_gate_before_it(graph: Any) -> None:
    assert all(parents(graph, key) == {"gate/intake"} for key in layer(graph, "staging"))
    assert all("gate/scores" in parents(graph, key) for key in layer(graph, "ranking"))
    assert parents(graph, dg.AssetKey("release")) == {"gate/ranking", "stage/scenarios"}


def test_every_gate_judges_its_whole_layer(graph: Any) -> None:
    assert parents(graph, dg.AssetKey(["gate", "intake"])) == {"stage/framework", "stage/intake", "stage/previous"}
    assert parents(graph, dg.AssetKey(["gate", "scores"])) == {key.to_user_string() for key in layer(graph, "scoring")}
    ranked = {key.to_user_string() for key in layer(graph, "ranking") if key.path[0] == "ranking"}
    assert parents(graph, dg.AssetKey(["gate", "ranking"])) == ranked


def test_receipts_wait_for_no_gate_and_nothing_waits_for_them(graph: Any) -> None:
    assert parents(graph, dg.AssetKey("receipts")) == {"stage/intake"}
    assert not graph.get(dg.AssetKey("receipts")).child_keys


def test_every_gate_has_one_check_and_it_blocks(graph: Any) -> None:
    for gate in GATES:
        keys = graph.get_check_keys_for_assets({dg.AssetKey(["gate", gate])})
        assert [key.name for key in keys] == [f"gate_{gate}"]
        assert all(graph.get(key).blocking for key in keys)


def test_everything_is_described_owned_and_partitioned_by_edition(graph: Any) -> None:
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.description, key
        assert node.owners == ["team:evaluation"], key
        assert node.kinds, key
        assert node.partitions_def is not None, key


def test_a_published_table_says_what_every_column_is(graph: Any) -> None:
    published = [key for key in layer(graph, "ranking") if key.path[-1].startswith(("dim_", "fct_"))]
    assert len(published) > 10
    for key in published:
        columns = graph.get(key).metadata["dagster/column_schema"].columns
        assert columns[0].name == "edition", key
        assert [column.name for column in columns if not column.description] == [], key


def test_nothing_is_sent_away(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("ZHENGXIN_STATE", str(tmp_path))
    with dg.DagsterInstance.from_config(str(PROJECT)) as instance:
        assert not instance.telemetry_enabled
        assert not instance.nux_enabled
    assert os.environ["DO_NOT_TRACK"] == "1"
    assert os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] == os.environ["GX_ANALYTICS_ENABLED"] == "false"
