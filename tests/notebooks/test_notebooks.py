"""The notebooks as they are committed, and what they say once executed."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted(ROOT.glob("notebooks/*.ipynb"))


def outputs(notebook):
    return [output for cell in notebook.cells for output in cell.get("outputs", ())]


def test_the_committed_notebooks_equal_their_texts_and_have_no_outputs():
    run = subprocess.run([sys.executable, "book/pairs.py"], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


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
