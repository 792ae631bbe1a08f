"""Small archives are read exactly; hostile members are not, and damaged files are refused."""

import gzip
import tarfile
import zipfile

import pytest
import torch
from archives import comments, news, reviews, stars, tar, trees, zipped

from rnnlab.book import corpora

CONTENT = {
    "imdb": {
        "train": [("bad", 0), ("good ninth", 1), ("good <br /> tenth", 1)],
        "test": [("", 0), ("très bon 😀", 1)],
    },
    "sst": {
        "train": [("train bad", 0), ("train ( great/fine", 1)],
        "validation": [("dev bad", 0), ("dev ( great/fine", 1)],
        "test": [("test bad", 0), ("test ( great/fine", 1)],
        "phrases": [("bad", 0), ("train bad", 0), ("great/fine", 1), ("( great/fine", 1), ("train ( great/fine", 1)],
    },
    "yelp": {split: [(f'a "{n}"\nstar', int(n > 3)) for n in (5, 4, 2, 1)] for split in ("train", "test")},
    "yelp-stars": {split: [(f'a "{n}"\nstar', n - 1) for n in (5, 4, 3, 2, 1)] for split in ("train", "test")},
    "ag-news": {
        "train": [(f"Title. text {i}", i % 4) for i in range(20) if i % 5],
        "test": [(f"Title. text {i}", i % 4) for i in (0, 5, 10, 15)],
    },
    "goemotions": {split: [(f"word {i}", i) for i in range(28)] for split in ("train", "validation", "test")},
}


def read(name):
    """{split: [(text, label), …]} of the splits that hold any."""
    splits = corpora.load(name).splits
    return {split: list(zip(items.texts, items.labels.tolist())) for split, items in splits.items() if len(items)}


@pytest.mark.parametrize("name", CONTENT)
def test_what_each_archive_holds(name, small, put):
    folder = put(small[name])
    before = sorted(folder.rglob("*"))
    assert read(name) == CONTENT[name]
    assert sorted(folder.rglob("*")) == before


def test_every_tenth_hundred_of_training_texts_is_for_validation(put):
    labels = {"pos": 1000, "neg": 1150}
    train = {f"aclImdb/train/{label}/{i}_5.txt": f"{label} {i}" for label, n in labels.items() for i in range(n)}
    put({"aclImdb_labelled.tar.gz": tar(reviews() | train | {"aclImdb/train/neg/0_1.txt": "bad"})})
    corpus = corpora.load("imdb")
    texts, validation = corpus["train"].texts, corpus["validation"].texts
    assert len(validation) == 200 and len(texts) + len(validation) == 2153
    assert validation[:100] == tuple(f"neg {i}" for i in range(899, 999))
    assert corpus["validation"].labels.dtype == torch.int64 and corpus["validation"].labels.sum() == 100
    assert not set(texts) & set(validation)


def test_a_corpus_prints_what_it_is_and_knows_its_splits(small, put):
    put(small["sst"])
    corpus = corpora.load("sst")
    assert repr(corpus).startswith(
        "sst (train 2, phrases 5, validation 2, test 2; 2 classes) from RNNLAB_DATA: trees_PTB.zip, sha256 "
    )
    assert corpus.classes == ("negative", "positive")
    with pytest.raises(KeyError, match="sst has no split 'dev'; there are: train, phrases, validation, test"):
        corpus["dev"]


@pytest.mark.parametrize("name", ["IMDB", "", "mnist"])
def test_an_unknown_name(name):
    with pytest.raises(KeyError, match="no data set .*; there are: imdb, sst, yelp, yelp-stars, ag-news, goemotions"):
        corpora.load(name)


def link(name, kind, target="aclImdb/train/pos/9_10.txt"):
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member


HOSTILE = {
    "above the folder": {"../aclImdb/train/pos/1_9.txt": "hostile"},
    "by a detour": {"aclImdb/train/neg/../pos/1_9.txt": "hostile"},
    "absolute": {"/aclImdb/train/pos/1_9.txt": "hostile"},
    "in another folder": {"hostile/aclImdb/train/pos/1_9.txt": "hostile"},
    "a longer name": {"aclImdb/train/pos/1_9.txt.exe": "hostile", "aclImdb/train/pos/1_9.txt\n": "hostile"},
    "a symbolic link": {"link": link("aclImdb/train/pos/1_9.txt", tarfile.SYMTYPE)},
    "a symbolic link out": {"link": link("aclImdb/train/pos/1_9.txt", tarfile.SYMTYPE, "/etc/passwd")},
    "a hard link": {"link": link("aclImdb/train/pos/1_9.txt", tarfile.LNKTYPE)},
    "a hard link out": {"link": link("aclImdb/train/pos/1_9.txt", tarfile.LNKTYPE, "../../etc/passwd")},
    "a folder": {"folder": link("aclImdb/train/pos/1_9.txt", tarfile.DIRTYPE)},
    "a pipe": {"pipe": link("aclImdb/train/pos/1_9.txt", tarfile.FIFOTYPE)},
    "a device": {"device": link("aclImdb/train/pos/1_9.txt", tarfile.CHRTYPE)},
    "a folder turned link": {
        "link": link("aclImdb/train/pos", tarfile.SYMTYPE, "/etc"),
        "aclImdb/train/pos/passwd": "hostile",
    },
}


@pytest.mark.parametrize("extra", HOSTILE.values(), ids=HOSTILE)
def test_hostile_members_of_a_tar_are_passed_over(extra, put, tmp_path):
    put({"aclImdb_labelled.tar.gz": tar(extra | reviews() | extra)})
    before = sorted(tmp_path.rglob("*"))
    assert read("imdb") == CONTENT["imdb"]
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("prefix", ["../", "/", "deep/", "trees/../", "trees/trees/"])
def test_so_are_those_of_other_archives(prefix, put):
    more = {f"{prefix}{name}": text for name, text in stars().items()}
    put({"yelp_subset_full_csv.tgz": tar(stars() | dict.fromkeys(more, '"5","hostile"\n'))})
    assert read("yelp-stars") == CONTENT["yelp-stars"]
    put({"trees_PTB.zip": zipped(trees() | {f"{prefix}{name}": "(4 hostile)" for name in trees()})})
    assert read("sst") == CONTENT["sst"]


def test_a_link_in_a_zip_is_refused(put):
    member = zipfile.ZipInfo("trees/dev.txt")
    member.external_attr = 0o120777 << 16
    members = {name: text for name, text in trees().items() if name != "trees/dev.txt"}
    put({"trees_PTB.zip": zipped(members | {member: "../../etc/passwd"})})
    with pytest.raises(ValueError, match="trees_PTB.zip does not hold sst: not a tree: '../../etc/passwd'"):
        corpora.load("sst")


def without(members, name):
    return {other: text for other, text in members.items() if name not in other}


def flipped(content, position):
    return content[:position] + bytes([content[position] ^ 4]) + content[position + 1 :]


IMDB, SST, YELP = "aclImdb_labelled.tar.gz", "trees_PTB.zip", "yelp_subset_full_csv.tgz"
NEWS, COMMENTS = "ag_news_test/test.csv", "goemotions/train.tsv"
PLAIN = tar(reviews(), level=0)  # gzip without compression: a change inside is seen by its checksum alone
DAMAGED = {
    "an empty file": ("imdb", IMDB, b"", "empty file"),
    "an empty tar": ("imdb", IMDB, tar({}), "'train' must have texts of all 2 classes, got 0"),
    "a page": ("imdb", IMDB, b"<!doctype html>moved", "Not a gzipped file"),
    "a plain tar": ("imdb", IMDB, gzip.decompress(tar(reviews())), "Not a gzipped file"),
    "half a tar": ("imdb", IMDB, tar(reviews())[:200], "ended before the end-of-stream marker"),
    "a tar without its end": ("imdb", IMDB, tar(reviews())[:-6], "ended before the end-of-stream marker"),
    "a text altered": ("imdb", IMDB, flipped(PLAIN, PLAIN.index(b"good ninth")), "CRC check failed"),
    "a member's name altered": ("imdb", IMDB, flipped(PLAIN, PLAIN.index(b"train/pos/9_10")), "CRC check failed"),
    "no test part": ("imdb", IMDB, tar(without(reviews(), "test/")), "'test' must have texts of all 2 classes, got 0"),
    "one class": ("imdb", IMDB, tar(without(reviews(), "train/pos")), "'train' must have texts of all 2 .*, got 1"),
    "not UTF-8": ("imdb", IMDB, tar(reviews() | {"aclImdb/test/pos/1_9.txt": b"\xff"}), "can't decode byte 0xff"),
    "an empty zip": ("sst", SST, b"", "not a zip file"),
    "half a zip": ("sst", SST, zipped(trees())[:200], "not a zip file"),
    "no dev.txt": ("sst", SST, zipped(without(trees(), "dev")), "there is no trees/dev.txt in it"),
    "no trees": ("sst", SST, zipped(trees() | {"trees/dev.txt": ""}), "'validation' must have texts .*, got 0"),
    "no stars": ("yelp", YELP, tar(without(stars(), "train")), "'train' must have texts of all 2 classes, got 0"),
    "six stars": ("yelp", YELP, tar({"yelp_a/test.csv": '"6","a"\n'}), "labels must be 1 to 5, got 6"),
    "no number": ("yelp-stars", YELP, tar({"yelp_a/test.csv": '"good","a"\n'}), "invalid literal for int.*'good'"),
    "one column": ("yelp", YELP, tar({"yelp_a/test.csv": '"1","a"\n"1"\n'}), "line 2 must have 2 columns, got 1"),
    "five classes of news": ("ag-news", NEWS, news() + '"5","a","b"\n', "labels must be 1 to 4, got 5"),
    "no title": ("ag-news", NEWS, news() + '"4","b"\n', "line 21 must have 3 columns, got 2"),
    "no news": ("ag-news", NEWS, "", "'train' must have texts of all 4 classes, got 0"),
    "a field without end": ("ag-news", NEWS, '"1","' + "a" * 200_000, "field larger than field limit"),
    "29 emotions": ("goemotions", COMMENTS, comments() + "a\t28\tid\n", "labels must be 0 to 27, got 28"),
    "no author": ("goemotions", COMMENTS, comments() + "a\t2\n", "line 30 must have 3 columns, got 2"),
    "27 emotions": ("goemotions", COMMENTS, comments().replace("\t3\t", "\t4\t"), "of all 28 classes, got 27"),
}


@pytest.mark.parametrize("name, file, content, message", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_refused(name, file, content, message, small, put):
    put(small[name] | {file: content})
    with pytest.raises(ValueError, match=rf"{file} does not hold {name}: .*{message}"):
        corpora.load(name)


def test_a_part_that_lies_beside_is_missed_by_its_name(small, put):
    (put(small["goemotions"]) / "goemotions/dev.tsv").unlink()
    with pytest.raises(FileNotFoundError, match="goemotions/dev.tsv"):
        corpora.load("goemotions")


NO_TREE = [
    "good", "()", "(2 a", "(2 a))", ")", "(2 a) b", "(2 a) (3 b)", "(5 a)", "(-1 a)", "(good a)", "(", "2", "((2 a))",
]  # fmt: skip


@pytest.mark.parametrize("tree", NO_TREE)
def test_no_tree(tree, put):
    put({SST: zipped(trees() | {"trees/test.txt": f"{trees()['trees/test.txt']}\n{tree}\n"})})
    with pytest.raises(ValueError, match="does not hold sst: (not a tree|labels must be 0 to 4|invalid literal)"):
        corpora.load("sst")


@pytest.mark.parametrize("name, file", [("imdb", IMDB), ("sst", SST), ("yelp", YELP)])
def test_any_altered_byte_leaves_the_content_or_is_refused(name, file, small, put):
    whole = small[name][file]
    refused = 0
    for position in range(0, len(whole), 3):
        put({file: flipped(whole, position)})
        try:
            assert read(name) == CONTENT[name]
        except ValueError as error:
            assert f"{file} does not hold {name}: " in str(error)
            refused += 1
    assert refused > len(whole) / 8


@pytest.mark.parametrize("name, file", [("imdb", IMDB), ("sst", SST), ("yelp", YELP)])
def test_a_file_cut_short_anywhere_is_refused(name, file, small, put):
    whole = small[name][file]
    for length in range(0, len(whole), 3):
        put({file: whole[:length]})
        with pytest.raises(ValueError, match=f"{file} does not hold {name}: "):
            read(name)


def test_the_first_classes_of_a_corpus():
    labels = torch.tensor([0, 2, 1, 2, 0])
    split = corpora.Split(("a", "b", "c", "d", "e"), labels)
    corpus = corpora.Corpus("letters", ("x", "y", "z"), {"train": split, "test": split}, "a test", "0" * 64)
    two = corpus.first(2)
    assert two.classes == ("x", "y") and two["test"].texts == ("a", "c", "e")
    assert two["train"].labels.tolist() == [0, 1, 0] and corpus["train"] is split
