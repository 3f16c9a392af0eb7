"""The framework's command line: `python -m frameworks check FILE` for authors, `python -m frameworks schema` for editors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from frameworks.loader import Framework, read_framework
from frameworks.mistakes import FrameworkError
from frameworks.schema import SCHEMA_FILE, schema_text
from frameworks.tree import walk
from storage import write_text

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Check a framework file, and write the schema for editors.")


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="The framework file, anywhere; the files that it names are sought beside it.")],
) -> None:
    """Print every mistake of a framework file and end with 1; or one line that it is sound."""
    try:
        framework = read_framework(file, edition=file.stem)  # a file of another name is never run
    except FrameworkError as error:
        for mistake in error.mistakes:
            typer.echo(str(mistake))
        count = len(error.mistakes)
        typer.echo(f"{count} mistake{'s' if count > 1 else ''}.", err=True)
        raise typer.Exit(1) from None
    typer.echo(sound(framework))


@app.command()
def schema() -> None:
    """Write the JSON Schema for editors beside this program."""
    write_text(SCHEMA_FILE, schema_text())
    typer.echo(f"Wrote {SCHEMA_FILE.name}.")


def sound(framework: Framework) -> str:
    """One line: that the framework is sound, and what it holds."""
    file, nodes = framework.file, walk(framework.file)
    units, panel = framework.registry.units.values(), file.entities.panel
    groups = ", ".join(f"{group} {sum(unit.level == group for unit in units)}" for group in file.entities.groups)
    times = f", each at {len(panel.times)} times" if panel else ""
    measures = sum(len(node.indicator.measures) for node in nodes)
    return (
        f"{framework.path.name} is sound: edition {file.edition}, {len(framework.registry.entities)} entities ({groups}{times}), "
        f"{len(nodes)} indicators in {max(node.level for node in nodes)} levels, {measures} measures, {len(file.inputs)} inputs "
        f"from {sum(len(listed) for listed in file.deliveries.values())} datasets."
    )


if __name__ == "__main__":
    app()
