"""The command line: `python -m orchestration demo EDITION …`, and run, template, explain, what-if and decompose, of one edition each."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text
from sqlalchemy.exc import DBAPIError

from frameworks import Framework, FrameworkError, load_framework
from orchestration.console import show_decomposition, show_deliveries, show_gates, show_moved, show_places, show_ranking, show_templates
from orchestration.progress import Progress
from orchestration.running import run_edition
from storage import Workspace

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)

_STATES = {
    "new": "a new release 新发布",
    "unchanged": "nothing has changed, so no new release 无变化，未发布新版本",
    "returned": "an earlier release holds again 恢复为早先版本",
}


@app.command()
def demo(editions: Annotated[list[str], typer.Argument(help="Codes of editions, the earliest first.")]) -> None:
    """Make the deliveries of editions, drop them into the inbox, and run each edition."""
    from examples import NotDescribed
    from orchestration.demo import NotADemo, drop

    console, workspace = _console(), Workspace.from_environment()
    frameworks = [_framework(workspace, edition) for edition in editions]
    for framework in frameworks:
        try:
            with console.status(f"{framework.edition}: making deliveries"):
                dropped = drop(workspace, framework)
        except (NotADemo, NotDescribed) as error:
            raise _refused(str(error)) from None
        console.print(f"{framework.edition}: {dropped.files} made-up files, {dropped.new} of them new in the inbox", highlight=False)
    for framework in frameworks:
        _run(console, workspace, framework)


@app.command()
def run(edition: Annotated[str, typer.Argument(help="The edition's code: the name of its framework file.")]) -> None:
    """Run one edition, from what lies in its inbox to a release."""
    workspace = Workspace.from_environment()
    _run(_console(), workspace, _framework(workspace, edition))


@app.command("template")
def issue(edition: Annotated[str, typer.Argument(help="The edition's code.")]) -> None:
    """Issue the edition's templates: a form for each place, and the tables of every other source."""
    from correspondence import issue_templates
    from publication import previous_inputs

    console, workspace = _console(), Workspace.from_environment()
    framework = _framework(workspace, edition)
    workspace.prepare()
    with console.status(f"{edition}: writing templates"):
        report = issue_templates(workspace, framework, previous_inputs(workspace, framework))
    show_templates(console, report)


@app.command("explain")
def show_explained(
    edition: Annotated[str, typer.Argument(help="The edition's code.")],
    entity: Annotated[str, typer.Argument(help="The entity's code, or its name where no other bears it.")],
) -> None:
    """Show the way from an entity's inputs to its total, from the published tables alone."""
    from orchestration.explain import NotExplained, explain, show_explanation

    try:
        explanation = explain(Workspace.from_environment(), edition, entity)
    except NotExplained as error:
        raise _refused(str(error)) from None
    show_explanation(_console(), explanation)


@app.command("what-if")
def show_what_if(
    edition: Annotated[str, typer.Argument(help="The edition's code.")],
    entity: Annotated[str, typer.Argument(help="The entity's code, or its name where no other bears it.")],
    input_code: Annotated[str, typer.Argument(metavar="INPUT", help="The input's code.")],
    value: Annotated[str, typer.Argument(help="The value that it would have; of a category its code.")],
) -> None:
    """Show which totals and ranks would change if one input were another; nothing is written."""
    from orchestration.scratch import ScratchRefused
    from orchestration.what_if import what_if

    console, workspace = _console(), Workspace.from_environment()
    framework = _framework(workspace, edition)
    try:
        with console.status(f"{edition}: scoring a copy with {input_code} of {entity} = {value}"):
            moved = what_if(workspace, framework, entity, input_code, value)
    except ScratchRefused as refused:
        raise _refused(str(refused)) from None
    show_moved(console, framework, moved)


@app.command("decompose")
def show_decomposed(edition: Annotated[str, typer.Argument(help="The edition's code.")]) -> None:
    """Split each change of total since the previous edition into what came from the place, from the others, and from the rules."""
    from orchestration.decompose import FILE, decompose
    from orchestration.scratch import ScratchRefused

    console, workspace = _console(), Workspace.from_environment()
    framework = _framework(workspace, edition)
    try:
        with console.status(f"{edition}: scoring its data by the rules of the previous edition"):
            frame = decompose(workspace, framework)
    except ScratchRefused as refused:
        raise _refused(str(refused)) from None
    show_decomposition(console, framework, frame)
    console.print(Text(str(workspace.analysis(edition) / FILE)))


def _run(console: Console, workspace: Workspace, framework: Framework) -> None:
    title = framework.file.title
    console.print()
    console.rule(Text(f"{framework.edition} · {title.zh} · {title.en}"), align="left")
    progress = Progress(console)
    progress.working_on("starting Dagster")
    outcome = run_edition(framework.edition, progress.show)
    if outcome.failures:
        raise _refused("\n".join(outcome.failures))
    show_deliveries(console, workspace, framework)
    show_gates(console, workspace, framework, outcome.gates)
    if not outcome.success:
        show_places(console, workspace, framework.edition, None)
        raise _refused(
            f"{framework.edition}: a gate stopped the run, and what is published stands as it was; see docs/running-an-edition.md."
        )
    folder = workspace.release(framework.edition, outcome.release)
    show_ranking(console, folder, framework)
    console.print()
    console.print(Text(f"Release {outcome.release}: {_STATES[outcome.state]}", style="bold"))
    show_places(console, workspace, framework.edition, folder)


def _framework(workspace: Workspace, edition: str) -> Framework:
    try:
        return load_framework(workspace, edition)
    except FrameworkError as error:
        raise _refused("\n".join(str(mistake) for mistake in error.mistakes)) from None


def _refused(message: str) -> typer.Exit:
    typer.secho(message, err=True, fg=typer.colors.RED)
    return typer.Exit(1)


def _console() -> Console:
    """On a terminal of its own file number: what a run prints is sent elsewhere meanwhile."""
    return Console(file=os.fdopen(os.dup(1), "w", encoding="utf-8"), width=None if os.isatty(1) else 140)


def main() -> None:
    """Do what is asked; what a disk refuses, of Dagster's own history too, is a sentence as everywhere."""
    try:
        app()
    except (OSError, DBAPIError) as error:
        from orchestration.failures import refused

        typer.secho(refused(error), err=True, fg=typer.colors.RED)
        sys.exit(1)


if __name__ == "__main__":
    main()
