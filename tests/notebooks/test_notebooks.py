"""The notebooks as they are committed, and what they say once executed."""

from pathlib import Path

import jupytext
import nbformat
import pytest

NOTEBOOKS = sorted(Path(__file__).parents[2].glob("notebooks/*.ipynb"))


def outputs(notebook):
    return [output for cell in notebook.cells for output in cell.get("outputs", ())]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_committed_notebook_equals_its_text_and_has_no_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    assert jupytext.writes(notebook, fmt="py:percent") == path.with_suffix(".py").read_text()
    assert outputs(notebook) == []
    assert not any(cell.get("execution_count") for cell in notebook.cells)


def test_every_text_has_its_notebook_and_the_book_has_both(site):
    texts = {path.stem for path in NOTEBOOKS[0].parent.glob("*.py")}
    assert texts == {path.stem for path in NOTEBOOKS} == {path.stem for path in site.glob("notebooks/*.html")}


def test_notebooks_say_how_they_are_parametrised():
    import papermill

    for path in NOTEBOOKS:
        assert {"seed", "profile"} <= papermill.inspect_notebook(str(path)).keys(), path.name


def test_no_warning_hides_in_an_executed_notebook(executed):
    said = {
        name: output.text
        for name, notebook in executed.items()
        for output in outputs(notebook)
        if output.get("name") == "stderr" and "Warning" in output.text
    }
    assert executed and said == {}
