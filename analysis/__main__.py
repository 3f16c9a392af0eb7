"""The command line of this room: weights and norms, computed from a release and frozen in a file beside the framework."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

import typer

from analysis.frozen_norms import write_norms
from analysis.released import Refused
from analysis.weights import WEIGHINGS, write_weights
from frameworks import FrameworkError, load_framework
from storage import Workspace

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Freeze weights or norms that are computed from a release.")
Edition = Annotated[str, typer.Argument(help="The edition whose latest release they are made of.")]
_T = TypeVar("_T")


@app.command()
def weights(
    edition: Edition,
    method: Annotated[str, typer.Argument(help=f"{', '.join(WEIGHINGS)}.")],
    nodes: Annotated[list[str] | None, typer.Argument(help="The indicators (or TOTAL) whose children are weighed; all by default.")] = None,
) -> None:
    """Write <edition>_weights_<method>.csv beside the framework."""
    workspace = Workspace.from_environment()
    path, words = _or_say(lambda: write_weights(workspace, load_framework(workspace, edition), method, nodes or []))
    print("\n".join(words))
    print(f"{path} is written. Name it in a framework under weights: {path.name}")


@app.command()
def norms(edition: Edition) -> None:
    """Write <edition>_norms.csv beside the framework."""
    workspace = Workspace.from_environment()
    path, count = _or_say(lambda: write_norms(workspace, load_framework(workspace, edition)))
    print(f"{path} is written, {count} values. Name it in a framework under norms: {path.name}, and say within: frozen.")


def _or_say(made: Callable[[], _T]) -> _T:
    """What was made; or the sentences that say why not, and an end with 1."""
    try:
        return made()
    except Refused as refused:
        sentences = list(refused.sentences)
    except FrameworkError as error:
        sentences = [str(mistake) for mistake in error.mistakes]
    for sentence in sentences:
        typer.echo(sentence, err=True)
    raise typer.Exit(1)


if __name__ == "__main__":
    app()
