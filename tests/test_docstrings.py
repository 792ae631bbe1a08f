"""The docstrings of the method: everything public has one, and their examples run."""

import ast
import doctest
import importlib
from pathlib import Path

import pytest
import torch

import rnnlab
from rnnlab import plots

ROOT = Path(__file__).parent.parent
FILES = [path for path in sorted(ROOT.glob("rnnlab/**/*.py")) if "book" not in path.parts[len(ROOT.parts) :]]
WITH_EXAMPLE = {
    "find_fixed_points", "find_slow_points", "find_cycles", "find_periodic_orbit", "linearize", "follow_branches",
    "saddle_connections", "iterate", "orbit", "odeint", "extract", "train", "from_torch", "Cell.at", "pca", "portrait",
    "Latent",
}  # fmt: skip


def public(path):
    """(name, definition) of all public functions, classes, methods and properties of a file; `A.b` is b of A."""

    def walk(node, prefix):
        for child in node.body:
            if isinstance(child, ast.FunctionDef | ast.ClassDef) and not child.name.startswith("_"):
                yield prefix + child.name, child
                if isinstance(child, ast.ClassDef):
                    yield from walk(child, f"{prefix}{child.name}.")

    return walk(ast.parse(path.read_text("utf-8")), "")


def module(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def overrides(path, name):
    """Whether a method stands for one of a base class of this package, whose docstring holds for it too."""
    owner, _, method = name.rpartition(".")
    bases = getattr(importlib.import_module(module(path)), owner).__mro__[1:] if owner else ()
    return any(method in vars(base) for base in bases if base.__module__.startswith(("rnnlab", "torch")))


EXAMPLES = {
    name: (path, node) for path in FILES for name, node in public(path) if ">>>" in (ast.get_docstring(node) or "")
}


def test_everything_public_has_a_docstring():
    bare = [
        f"{module(path)}.{name}"
        for path in FILES
        for name, node in public(path)
        if not ast.get_docstring(node) and not overrides(path, name)
    ]
    assert bare == []


def test_every_module_has_a_docstring():
    assert [module(path) for path in FILES if not ast.get_docstring(ast.parse(path.read_text("utf-8")))] == []


def test_the_main_functions_have_an_example():
    assert set(EXAMPLES) >= WITH_EXAMPLE


@pytest.mark.parametrize("name", EXAMPLES)
def test_example(name):
    path, node = EXAMPLES[name]
    torch.manual_seed(0)
    known = {"torch": torch, "rnnlab": rnnlab, "plots": plots}
    example = doctest.DocTestParser().get_doctest(ast.get_docstring(node), known, name, str(path), node.lineno)
    said = []
    result = doctest.DocTestRunner(verbose=False).run(example, out=said.append)
    assert result.failed == 0, "".join(said)
