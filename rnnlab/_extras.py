"""One sentence for whoever calls what needs a library of an extra that is not installed."""

from collections.abc import Iterator
from contextlib import contextmanager

DISTRIBUTIONS = {"sklearn": "scikit-learn"}


@contextmanager
def needed_by(caller: str, *, extra: str) -> Iterator[None]:
    """Around imports: where a library is missing, say what needs it, and how to install it.

    Raises:
        ImportError: "`caller` needs the library: pip install 'rnnlab[extra]'".
    """
    try:
        yield
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        needed = DISTRIBUTIONS.get(library, library)
        raise ImportError(f"{caller} needs {needed}: pip install 'rnnlab[{extra}]'", name=error.name) from error
