"""The executed notebooks that lie beside the staged sources, as the directives of this folder read them."""

from pathlib import Path

import nbformat

from rnnlab.book.claims import MIME


def notebooks(env):
    """Pairs (page name, notebook) of the book's executed notebooks, in the order of their numbers."""
    for path in sorted(Path(env.srcdir, "notebooks").glob("*.ipynb")):
        env.note_dependency(str(path))
        yield f"notebooks/{path.stem}", nbformat.read(path, as_version=4)


def title(notebook) -> str:
    """The first heading."""
    lines = (line for cell in notebook.cells if cell.cell_type == "markdown" for line in cell.source.splitlines())
    return next(line.lstrip("# ") for line in lines if line.startswith("# "))


def claims(notebook):
    """The records of the claims that the notebook displayed."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if MIME in output.get("data", ()):
                yield output.data[MIME]


def seconds(notebook) -> float:
    return notebook.metadata.papermill.duration
