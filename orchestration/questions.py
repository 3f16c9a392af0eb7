"""Jobs that answer a question in a scratch folder: the answer stands in the run, warehouse and releases stay as they are."""

import dagster as dg
from pydantic import Field

from frameworks import load_framework
from orchestration.decompose import FILE, decompose
from orchestration.failures import failure, told_plainly
from orchestration.scratch import ScratchRefused
from orchestration.tables import table
from orchestration.what_if import what_if
from storage import Workspace


class WhatIf(dg.Config):
    """What to ask 试算: a place, one of its inputs, and the value that this input would have."""

    edition: str = Field(description="Edition 评价批次, code, such as jiangsu-2020")
    entity: str = Field(description="Entity 评价对象, code or name, as in dim_entity")
    input: str = Field(description="Input 数据项, code, as in dim_input")
    value: str = Field(description="Value that it would have 试算数值, in the input's unit; of a category its code")


@dg.op(name="ask_what_if", description="Score a copy of the edition with one input changed. 改动一项数据后重算，不写入数据库和已发布数据。")
def what_if_op(config: WhatIf) -> dg.Output[None]:
    """Show who would move as a table in the step's metadata."""
    workspace = Workspace.from_environment()
    with told_plainly():
        framework = load_framework(workspace, config.edition)
        try:
            moved = what_if(workspace, framework, config.entity, config.input, config.value)
        except ScratchRefused as refused:
            raise failure(str(refused)) from None
    return dg.Output(
        None, metadata={"entities that would move 变动对象": moved.height, "before and after 前后对比": table(moved, moved.height)}
    )


@dg.job(
    name="what_if",
    executor_def=dg.in_process_executor,
    description="Who would move if one input were another. Writes nothing. 试算：改动一项数据，看总分与名次的变化，不写入任何结果。",
)
def what_if_job() -> None:
    """One step, in a scratch folder."""
    what_if_op()


class Decompose(dg.Config):
    """Which edition's changes to split 变化分解."""

    edition: str = Field(description="Edition 评价批次, code, such as jiangsu-2020")


@dg.op(
    name="split_changes",
    description="Split each change of total into place, others and rules. 将总分变化分解为自身、其他对象和规则三部分。",
)
def decompose_op(config: Decompose) -> dg.Output[None]:
    """Write the split to `data/analysis/` and show it as a table in the step's metadata."""
    workspace = Workspace.from_environment()
    with told_plainly():
        framework = load_framework(workspace, config.edition)
        try:
            frame = decompose(workspace, framework)
        except ScratchRefused as refused:
            raise failure(str(refused)) from None
    path = workspace.analysis(config.edition) / FILE
    return dg.Output(
        None,
        metadata={"file 文件": dg.MetadataValue.path(str(path)), "place, others, rules 自身、其他对象、规则": table(frame, frame.height)},
    )


@dg.job(
    name="decompose",
    executor_def=dg.in_process_executor,
    description="Split changes of total since the previous edition into place, others and rules; releases stay as they are. 总分变化分解。",
)
def decompose_job() -> None:
    """One step, in a scratch folder."""
    decompose_op()


QUESTIONS = [what_if_job, decompose_job]
