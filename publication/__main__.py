"""The command line of this room: `python -m publication dictionary` writes docs/data-dictionary.md anew."""

from __future__ import annotations

import typer

from publication.dictionary import PATH, dictionary, parse_manifest
from storage import write_text

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def publication() -> None:
    """What publication can do by itself."""


@app.command("dictionary")
def write_dictionary() -> None:
    """Write the data dictionary from the descriptions of the dbt project."""
    write_text(PATH, dictionary(parse_manifest()))
    print(f"{PATH} is written.")


if __name__ == "__main__":
    app()
