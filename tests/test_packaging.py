"""What somebody gets who installs the package: a small wheel, few dependencies, a sentence where one is missing."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
EXAMPLES = re.findall(r"^```python\n(.*?)^```", (ROOT / "README.md").read_text(), flags=re.DOTALL | re.MULTILINE)
EXTRAS = ["matplotlib", "sklearn", "networkx", "aalpy", "pandas", "pooch", "IPython", "PIL"]

# Run with the folder of an installed wheel, and with the names that must not be imported.
PREAMBLE = """
import sys, torch
sys.path.insert(0, {folder!r})

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {refused!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Refuse())
import rnnlab
assert rnnlab.__file__.startswith({folder!r}), rnnlab.__file__
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built offline from a copy of the tree that has a few of the weights."""
    tree, dist = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("dist")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tree)
    shutil.copytree(ROOT / "rnnlab", tree / "rnnlab", ignore=shutil.ignore_patterns("__pycache__", "weights"))
    (tree / "rnnlab/book/weights/text").mkdir(parents=True)
    for path in (ROOT / "rnnlab/book/weights").glob("tomita*"):
        shutil.copy(path, tree / "rnnlab/book/weights/text")
        shutil.copy(path, tree / "rnnlab/book/weights")
    pip = [sys.executable, "-m", "pip", "wheel", str(tree), "--no-deps", "--no-index", "--no-build-isolation"]
    run = subprocess.run([*pip, "--wheel-dir", str(dist)], cwd=tree, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    (path,) = dist.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """run(code, refused=…): a program's output, where the wheel and its dependencies are all that there is."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(folder)]
    subprocess.run([*pip, str(wheel)], check=True, capture_output=True)

    def run(code, refused=EXTRAS):
        program = PREAMBLE.format(folder=str(folder), refused=refused) + code
        done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_the_wheel_is_small_and_has_the_scripts_and_no_weights(wheel):
    assert wheel.stat().st_size < 1e6
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    committed = [path for folder in ("live", "book/players") for path in (ROOT / "rnnlab" / folder).glob("*.*s")]
    assert names >= {str(path.relative_to(ROOT)) for path in committed} | {"rnnlab/py.typed", "rnnlab/book/zoo.py"}
    assert len(committed) >= 15
    assert not [name for name in names if "weights" in name or name.endswith((".safetensors", ".json"))]


def test_the_first_example_needs_the_core_dependencies_alone(installed):
    said = installed(EXAMPLES[0])
    assert "{" in said and "index" in said


def test_where_the_weights_are_missing_it_is_said_how_to_get_them(installed):
    said = installed("""
from rnnlab.book import zoo
try:
    zoo.load("tomita4-gru")
except FileNotFoundError as error:
    print(error)
""", refused=[])  # fmt: skip
    assert "no weights in " in said and "pip install -e" in said


CALLS = {
    "import rnnlab.plots": "rnnlab.plots needs matplotlib: pip install 'rnnlab[plots]'",
    "rnnlab.geometry.pca(torch.randn(9, 4))": "geometry.pca needs scikit-learn: pip install 'rnnlab[geometry]'",
    "rnnlab.lowrank.LoadingDistribution.fit(None)": (
        "LoadingDistribution.fit needs scikit-learn: pip install 'rnnlab[geometry]'"
    ),
    "machine.graph": "DFA.graph needs networkx: pip install 'rnnlab[automata]'",
    "machine.minimal()": "DFA.aalpy needs aalpy: pip install 'rnnlab[automata]'",
    "machine.distinguishing_word(machine)": "DFA.distinguishing_word needs aalpy: pip install 'rnnlab[automata]'",
    "rnnlab.tasks.Automaton(machine).batch(2, torch.Generator())": (
        "tasks.Automaton needs networkx: pip install 'rnnlab[automata]'"
    ),
}
ASK = """
import json
machine = rnnlab.DFA("ab", "01", {"a": {"0": "a", "1": "b"}, "b": {"0": "a", "1": "b"}}, "a")
said = {}
for call in CALLS:
    try:
        exec(call)
    except ImportError as error:
        said[call] = str(error)
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def said(installed):
    return json.loads(installed(f"CALLS = {list(CALLS)!r}" + ASK))


@pytest.mark.parametrize("call", CALLS)
def test_a_missing_extra_is_named_with_what_needs_it(call, said):
    assert said[call] == CALLS[call]


def test_versions_agree():
    (version,) = re.findall(r'^version = "(.*)"$', (ROOT / "pyproject.toml").read_text(), flags=re.MULTILINE)
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text()
    assert f"\n## {version}" in (ROOT / "CHANGELOG.md").read_text()


def test_the_examples_of_the_readme_run_in_their_order(capsys):
    everything = {}
    for example in EXAMPLES:
        exec(compile(example, "README.md", "exec"), everything)
    assert len(EXAMPLES) == 4 and "None" in capsys.readouterr().out.splitlines()
