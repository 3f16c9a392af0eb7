"""Templates out: every file that an edition asks of others, made from its framework alone, under names that intake knows again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from correspondence.forms import Form, Previous
from correspondence.names import TEXT, file_name, shown_places
from correspondence.questions import Asking
from correspondence.tables import Tables
from frameworks import Framework
from frameworks.model import Dataset, Source
from storage import Workspace
from storage.atomic import write_bytes


@dataclass(frozen=True)
class Issued:
    """One template: of which source and dataset, for which place (a form's), and the file."""

    source: str
    dataset: str
    entity_code: str | None
    file: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class TemplateReport:
    """What was issued into `folder`: files by source; `left_out` names each dataset whose file names let no template through."""

    folder: Path
    by_source: dict[str, int]
    left_out: list[str]

    @property
    def files(self) -> int:
        """How many there are."""
        return sum(self.by_source.values())


def issue_templates(workspace: Workspace, framework: Framework, previous: Previous) -> TemplateReport:
    """Write the edition's templates to `data/templates/<edition>/<source>/`; what lies there and is not among them any more goes.

    `previous`: what the office has of each place from the edition before, by entity and input.
    Same framework (and files that it names), same previous figures: same names, same bytes.
    """
    folder = workspace.templates(framework.edition)
    issued: Counter[str] = Counter()
    kept = set()
    left_out = []
    for made in templates(framework, previous):
        if isinstance(made, str):
            left_out.append(made)
            continue
        path = folder / made.source / made.file
        write_bytes(path, made.content)
        kept.add(path)
        issued[made.source] += 1
    for path in sorted(folder.glob("*/*")):
        if path not in kept:
            path.unlink()
    return TemplateReport(folder, dict(issued), left_out)


def templates(framework: Framework, previous: Previous) -> Iterator[Issued | str]:
    """Every template in the framework's order; in place of one that cannot be named, its dataset's code.

    Of opinion feeds there is none: programs deliver them.
    """
    asking, places = Asking(framework), shown_places(framework.registry)
    tables = Tables(asking, places)
    for source, listed in framework.file.deliveries.items():
        for dataset in listed:
            if dataset.layout == "form":
                yield from _forms(Form(asking, dataset, previous), places, source, listed)
            elif dataset.layout != "items":
                yield _table(tables, framework, source, dataset, listed)


def _forms(form: Form, places: dict[str, str], source: Source, siblings: list[Dataset]) -> Iterator[Issued | str]:
    dataset, year = form.dataset, form.asking.framework.file.period.to.year
    for code, place in places.items():
        name = file_name(dataset, siblings, f"{code}_{place}_", f"_{year}")
        if name is None or name.endswith(TEXT):
            yield dataset.dataset
            return
        yield Issued(source, dataset.dataset, code, name, form.workbook(code, place))


def _table(tables: Tables, framework: Framework, source: Source, dataset: Dataset, siblings: list[Dataset]) -> Issued | str:
    name = file_name(dataset, siblings, "", f"_{framework.edition}")
    if name is None:
        return dataset.dataset
    content = tables.text(dataset) if name.endswith(TEXT) else tables.workbook(source, dataset)
    return Issued(source, dataset.dataset, None, name, content)
