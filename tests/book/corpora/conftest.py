"""Small data sets, folders for them, and a loud word where the real ones are missing."""

import os

import pytest
from archives import comments, news, reviews, stars, tar, trees, zipped


def pytest_terminal_summary(terminalreporter):
    if not os.environ.get("RNNLAB_DATA"):
        terminalreporter.write_line("NO RNNLAB_DATA: the real texts were not read.", red=True, bold=True)


@pytest.fixture(scope="session")
def small():
    """What each data set is made of: {data set: {file: content}}."""
    return {
        "imdb": {"aclImdb_labelled.tar.gz": tar(reviews())},
        "sst": {"trees_PTB.zip": zipped(trees())},
        "yelp": {"yelp_subset_full_csv.tgz": tar(stars())},
        "yelp-stars": {"yelp_subset_full_csv.tgz": tar(stars())},
        "ag-news": {"ag_news_test/test.csv": news().encode()},
        "goemotions": {f"goemotions/{split}.tsv": comments().encode() for split in ("train", "dev", "test")},
    }


@pytest.fixture
def put(tmp_path, monkeypatch):
    """put({file: content}) writes files into a folder that RNNLAB_DATA then names; gives the folder."""

    def put(files):
        folder = tmp_path / "data"
        for file, content in files.items():
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        monkeypatch.setenv("RNNLAB_DATA", str(folder))
        return folder

    return put
