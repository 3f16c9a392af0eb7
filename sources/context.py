"""What every reader needs beside the file itself: the framework, the words, the places; made once for all files of an edition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from frameworks.model import Dataset, FrameworkFile
from sources.headers import Hints
from sources.places import Places
from sources.specs import Fields, fields_of
from sources.text import key
from sources.words import Words, load_words
from storage import Workspace

if TYPE_CHECKING:
    from frameworks import Framework


@dataclass(frozen=True)
class Context:
    """The edition's rules as readers use them, for one dataset of one source."""

    framework: FrameworkFile
    source: str
    dataset: Dataset
    fields: Fields
    words: Words
    places: Places

    @property
    def years(self) -> range:
        """The years of the edition's period; none in a panel, whose rows say of when they are."""
        period = self.framework.period
        return range(0) if self.framework.entities.panel or self.dataset.time else range(period.from_.year, period.to.year + 1)

    @property
    def hints(self) -> Hints:
        """What a header may say beside a field's name."""
        return Hints(self.words, self.years)

    @property
    def missing_codes(self) -> frozenset[str]:
        """The dataset's own texts that stand for missing, as `text.key` writes them."""
        return frozenset(map(key, self.dataset.missing_codes))


def contexts(workspace: Workspace, framework: Framework, source: str) -> dict[str, Context]:
    """One context a dataset of the source, by the dataset's code."""
    words = load_words(workspace)
    places = places_of(framework, words)
    file = framework.file
    return {
        dataset.dataset: Context(file, source, dataset, fields_of(dataset, file, source, words), words, places)
        for dataset in datasets_of(file, source)
    }


def datasets_of(file: FrameworkFile, source: str) -> list[Dataset]:
    """The datasets that the framework takes from a source; none from a source that it does not name."""
    return next((datasets for name, datasets in file.deliveries.items() if name == source), [])


def places_of(framework: Framework, words: Words) -> Places:
    """The edition's places by every name under which they are delivered."""
    labels = {group: label.zh for group, label in framework.file.entities.labels.items()}
    return Places(framework.registry, words, labels)
