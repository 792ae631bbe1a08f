"""The build on trees of their own: what is executed, when, and what a failure or a kill leaves behind."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
HEAD = """\
# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% tags=["parameters"]
seed = 0

# %%
"""


class Tree:
    """The build files of this project around two small notebooks."""

    def __init__(self, root, make):
        self.root, self._make = root, make
        for name in ("Makefile", "Snakefile", "jupytext.toml", "_config.yml"):
            shutil.copy(ROOT / name, root)
        for name in ("profiles", "book"):
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("notebooks", "rnnlab"):
            (root / name).mkdir()
        toc = "format: jb-book\nroot: notebooks/one\nparts: [{caption: A, chapters: [{file: notebooks/two}]}]\n"
        (root / "_toc.yml").write_text(toc)
        self.write(one="print(seed)", two="print(seed)")

    def write(self, **codes):
        for name, code in codes.items():
            (self.root / f"notebooks/{name}.py").write_text(HEAD + code + "\n")
        assert self._make("pair", root=self.root).returncode == 0

    def pairs(self):
        """(the exit code, the complaints) of the comparison that `make check` makes."""
        run = subprocess.run([sys.executable, "book/pairs.py"], cwd=self.root, capture_output=True, text=True)
        return run.returncode, run.stderr

    def times(self):
        return {path.stem: path.stat().st_mtime_ns for path in self.root.glob("build/executed/*.ipynb")}

    def execute(self, **parameters):
        """(the run, the names of the notebooks that were executed to their end)."""
        before = self.times()
        given = " ".join(f"{name}={value}" for name, value in parameters.items())
        run = self._make("execute", f"PARAMETERS={given}", root=self.root)
        return run, {name for name, when in self.times().items() if when != before.get(name)}


@pytest.fixture
def tree(tmp_path, make):
    return Tree(tmp_path, make)


def test_only_what_changed_is_executed(tree):
    assert tree.execute()[1] == {"one", "two"}
    assert tree.execute()[1] == set()

    tree.write(two="print(seed + 1)")
    assert tree.execute()[1] == {"two"}

    (tree.root / "rnnlab/new.py").touch()
    assert tree.execute()[1] == {"one", "two"}


def test_parameters_reach_the_notebooks_and_leave_with_the_next_build(tree):
    tree.write(one="assert seed == 3")
    assert tree.execute(seed=3)[1] == {"one", "two"}

    run, _ = tree.execute()
    assert run.returncode != 0 and "assert seed == 3" in run.stderr


def test_an_unknown_parameter_is_an_error_before_any_cell_runs(tree):
    run, ran = tree.execute(sead=3)
    assert run.returncode != 0 and ran == set()
    assert "has no parameter sead; it has seed" in run.stderr
    assert not (tree.root / "build/executing").exists()


def test_a_failing_notebook_is_reported_and_never_staged(tree):
    tree.execute()
    tree.write(one="values = [1, 2]\nvalues[7]")

    run, _ = tree.execute()
    assert run.returncode != 0
    assert "notebooks/one.ipynb failed in cell [2]" in run.stderr
    assert "values[7]" in run.stderr and "list index out of range" in run.stderr
    assert set(tree.times()) == {"two"}


def test_a_notebook_that_differs_from_its_text_is_an_error(tree):
    with (tree.root / "notebooks/one.py").open("a") as text:
        text.write("print('newer')\n")
    run, ran = tree.execute()
    assert run.returncode != 0 and ran == {"two"}
    assert "notebooks/one.ipynb and notebooks/one.py differ" in run.stderr


def edited_elsewhere(notebook):
    """What JupyterLab on another machine writes into a notebook that somebody opens and saves."""
    notebook.metadata.kernelspec.display_name = "Python 3 (ipykernel)"
    notebook.metadata["language_info"] = {"name": "python", "version": "3.12.1", "file_extension": ".py"}
    notebook["nbformat_minor"] = 5


def test_a_notebook_saved_by_another_editor_is_the_same_notebook(tree):
    path = tree.root / "notebooks/one.ipynb"
    notebook = nbformat.read(path, as_version=4)
    edited_elsewhere(notebook)
    nbformat.write(notebook, path)
    assert tree.pairs() == (0, "")
    assert tree.execute()[1] == {"one", "two"}


def test_the_check_of_pairs_names_what_is_wrong_and_executes_nothing(tree):
    path = tree.root / "notebooks/one.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[-1].source += "\nprint('newer')"
    notebook.cells[-1].outputs = [nbformat.v4.new_output("stream", text="0")]
    nbformat.write(notebook, path)
    (tree.root / "notebooks/two.py").unlink()

    code, said = tree.pairs()
    assert code == 1 and tree.times() == {}
    differ, has_outputs, missing = said.splitlines()
    assert "notebooks/one.ipynb and notebooks/one.py differ" in differ
    assert "notebooks/one.ipynb has outputs" in has_outputs
    assert "notebooks/two.ipynb and notebooks/two.py go together" in missing


def test_a_folder_may_have_blanks_and_accents_in_its_name(tmp_path, make):
    root = tmp_path / "my lab é"
    root.mkdir()
    tree = Tree(root, make)
    run, ran = tree.execute(seed=3)
    assert run.returncode == 0, run.stderr
    assert ran == {"one", "two"}


def test_the_next_build_repairs_a_killed_one(tree):
    tree.write(one="import pathlib, time\ntime.sleep(0 if pathlib.Path('../go').exists() else 600)")
    command = ["make", "--old-file=.venv/installed", f"BIN={Path(sys.executable).parent}", "execute"]
    build = subprocess.Popen(
        command, cwd=tree.root, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while not (tree.root / "build/executing/one.ipynb").exists():
        assert build.poll() is None
        time.sleep(0.05)
    os.killpg(build.pid, signal.SIGKILL)
    build.wait()
    assert "one" not in tree.times()

    (tree.root / "go").touch()
    run, ran = tree.execute()
    assert run.returncode == 0 and "one" in ran and set(tree.times()) == {"one", "two"}


def test_the_build_writes_where_it_says(tree, tmp_path_factory, monkeypatch):
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    before = {path.name for path in tree.root.iterdir()}
    assert tree.execute()[0].returncode == 0
    assert {path.name for path in tree.root.iterdir()} == before | {"build", ".snakemake"}
    assert not list(home.rglob("*snakemake*"))


# A stand-in for Python whose `-m venv` writes a stand-in for pip, which notes each installation and fails on demand.
PYTHON = """\
#!/bin/sh
mkdir -p .venv/bin
printf '#!/bin/sh\\necho installed >> installations; test ! -e broken' > .venv/bin/pip
chmod +x .venv/bin/pip
"""


def test_the_environment_is_installed_when_its_lists_change_and_afresh_after_a_failure(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("requirements.txt", "pyproject.toml"):
        (tmp_path / name).touch()
    python = tmp_path / "python"
    python.write_text(PYTHON)
    python.chmod(0o755)

    def install():
        """(whether it worked, the number of installations so far)"""
        run = subprocess.run(["make", f"PYTHON={python}", ".venv/installed"], cwd=tmp_path, capture_output=True)
        return run.returncode == 0, len((tmp_path / "installations").read_text().split())

    assert install() == (True, 1)
    assert install() == (True, 1)

    later = time.time() + 10
    os.utime(tmp_path / "requirements.txt", (later, later))
    (tmp_path / "broken").touch()
    assert install() == (False, 2)

    half = tmp_path / ".venv/half"
    half.touch()
    (tmp_path / "broken").unlink()
    assert install() == (True, 3)
    assert not half.exists()


def test_help_lists_every_target(make):
    phony = next(line for line in (ROOT / "Makefile").read_text().splitlines() if line.startswith(".PHONY:"))
    listed = [line.split()[1] for line in make("help").stdout.splitlines() if line.startswith("make ")]
    assert sorted(listed) == sorted(phony.split()[1:])
