"""What departments, testers and experts hand in: rows turned into tables with the framework's headers and a department's habits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from examples.places import Place, short_name
from examples.profile import TableStyle
from examples.quantities import Figure, Figures
from examples.records import Record, Value
from examples.sheets import FULL_WIDTH, Cell, Table
from frameworks.model import Column, Dataset, Input

NUMBER_HEADER = "序号"


def spell_place(place: Place, names: str) -> str:
    """A place as a department writes it; `names` as in `tables` of profiles.yaml."""
    match names:
        case "code":
            return place.code
        case "with_city":
            return place.full_name
        case "short":
            return _short(place)
        case "spaced":
            return " ".join(place.plain_name) if len(place.plain_name) == len("南京市") else place.plain_name
    return place.plain_name


def _spelled(place: Place, style: TableStyle) -> str:
    return place.old_name if style.has_old_names and place.old_name else spell_place(place, style.names)


def _short(place: Place) -> str:
    if place.city_name is None or place.is_short_unique:
        return short_name(place.name)
    return f"{short_name(place.city_name)}{place.name}"


def ordered(places: Sequence[Place], order: str) -> list[list[Place]]:
    """The places in the order of a table; two lists where cities and counties come apart."""
    cities = [place for place in places if place.city is None]
    counties = [place for place in places if place.city is not None]
    match order:
        case "split":
            return [cities, counties]
        case "cities_first":
            return [[*cities, *counties]]
    return [sorted(places, key=lambda place: (place.city or place.code, place.city is not None, place.code))]


def header_of(column: Column, choice: int) -> str:
    """One of the header's synonyms: the chosen one, or the last where there are fewer."""
    return column.headers[min(choice, len(column.headers) - 1)]


def places_table(dataset: Dataset, style: TableStyle, places: Sequence[Place], figures: Figures, year: int) -> Table:
    """A row a place, a column an input, sums where the department adds them."""
    inputs = list(dataset.columns)
    rows = [[_spelled(place, style), *(_figure_cell(figures, place, code, style.numbers) for code in inputs)] for place in places]
    rows += [[label, *_sums(figures, places, inputs, cities, style.numbers)] for label, cities in style.totals.items()]
    header = [
        dataset.entity[min(style.headers, len(dataset.entity) - 1)],
        *(header_of(dataset.columns[code], style.headers) for code in inputs),
    ]
    if style.is_numbered:
        header = [NUMBER_HEADER, *header]
        rows = [[number if number <= len(places) else None, *row] for number, row in enumerate(rows, 1)]
    return Table(header, rows, style.title.format(year=year), style.notes)


def _figure_cell(figures: Figures, place: Place, code: str, numbers: str) -> Cell:
    return _written(figures.of(place, code), figures.inputs.get(code), numbers)


def _written(figure: Figure, spec: Input | None, numbers: str) -> Cell:
    if isinstance(figure, str):
        return spec.texts.get(figure, [figure])[0] if spec else figure
    if numbers == "thousands":
        return f"{figure:,}"
    return str(figure).translate(FULL_WIDTH) if numbers == "full_width" else figure


def _sums(figures: Figures, places: Sequence[Place], inputs: list[str], cities: list[int], numbers: str) -> Iterator[Cell]:
    wanted = {str(code) for code in cities}
    listed = [place for place in places if place.city is None] or places  # a city's figure holds its counties'
    parts = [place for place in listed if not wanted or (place.city or place.code) in wanted]
    for code in inputs:
        yield _written(round(sum(figures.number(place, code) for place in parts), 2), figures.inputs.get(code), numbers)


def records_table(dataset: Dataset, style: TableStyle, records: Sequence[Record], year: int, names: Sequence[str] | None = None) -> Table:
    """A row a record. `names` overrides how the places are written, a text a record."""
    fields = list(records[0].fields) if records else list(dataset.columns)
    header = [
        dataset.entity[min(style.headers, len(dataset.entity) - 1)],
        *(header_of(dataset.columns[code], style.headers) for code in fields),
    ]
    spelled = names or [spell_place(record.place, style.names) for record in records]
    rows = [
        [name, *(field_cell(dataset.columns[code], record.fields[code], style.headers) for code in fields)]
        for name, record in zip(spelled, records, strict=True)
    ]
    return Table(header, rows, style.title.format(year=year), style.notes)


def field_cell(column: Column, value: Value, choice: int) -> Cell:
    """A field as people write it: a code or yes and no by one of the framework's texts."""
    if isinstance(value, bool):
        texts = column.values.get(str(value).lower(), [str(int(value))])
        return texts[0]
    if isinstance(value, str) and value in column.values:
        texts = column.values[value]
        return texts[min(choice, len(texts) - 1)]
    return value
