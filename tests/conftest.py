"""What the tests share: types checked at run time, one thread, the built book, and a browser to read it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import aalpy  # noqa: F401  (before the hook below, which would compile it anew, with its warnings)
import nbformat
import pytest
import torch
from jaxtyping import install_import_hook
from playwright.sync_api import sync_playwright

# Benchmarks measure the package as its users run it: without the checks.
if "--benchmark-enable" not in sys.argv:
    install_import_hook("rnnlab", "beartype.beartype")

import rnnlab  # after the hook, which sees only what is imported later

torch.set_num_threads(1)

pytest_plugins = ["player_fixtures"]

ROOT = Path(__file__).parent.parent
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = ["gpu", "quic", "background-networking", "component-update", "sync"]


@pytest.fixture(scope="session")
def make():
    """make(*arguments, root): run make there, with the environment that runs these tests and without installing."""

    def run(*arguments, root=ROOT):
        command = ["make", "--old-file=.venv/installed", f"BIN={Path(sys.executable).parent}", *arguments]
        # The benchmarks that `make` runs are no part of this run, which may have several processes.
        own = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        return subprocess.run(command, cwd=root, capture_output=True, text=True, env=own)

    return run


@pytest.fixture(scope="session")
def executed(make):
    """The executed notebooks by name: {"01_maps": notebook, …}. Those that are current are not executed again."""
    run = make("execute")
    assert run.returncode == 0, run.stdout[-5000:] + run.stderr[-5000:]
    names = sorted(path.name for path in ROOT.glob("notebooks/*.ipynb"))
    return {Path(name).stem: nbformat.read(ROOT / "build/executed" / name, as_version=4) for name in names}


@pytest.fixture(scope="session")
def claims(executed):
    """The recorded claims by id, in the order of the book, as `rnnlab.book.claims.Claim.record` wrote them."""
    from rnnlab.book.claims import MIME

    cells = (cell for notebook in executed.values() for cell in notebook.cells)
    data = (output.get("data", {}) for cell in cells for output in cell.get("outputs", ()))
    return {bundle[MIME]["id"]: bundle[MIME] for bundle in data if MIME in bundle}


@pytest.fixture(scope="session")
def site(make):
    """The folder of the built book, by the graph that `make book` uses."""
    run = make("book")
    assert run.returncode == 0, run.stdout[-5000:] + run.stderr[-5000:]
    return ROOT / "build/site"


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium; the tests that need it are skipped where there is none."""
    if CHROMIUM is None:
        pytest.skip("no Chromium: apt-get install chromium")
    flags = ["--no-sandbox", "--no-first-run", *(f"--disable-{service}" for service in QUIET)]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield chromium
        chromium.close()


def pytest_terminal_summary(terminalreporter):
    if CHROMIUM is None:
        terminalreporter.write_line(
            "NO CHROMIUM: the site and the live players were not looked at.", red=True, bold=True
        )


@pytest.fixture(scope="session")
def F():
    """Three units that each hold one of two values, and one that forgets: the 27 fixed points of a 3-bit flip-flop."""
    cell = rnnlab.VanillaRNN(1, 4)
    with torch.no_grad():
        cell.U.copy_(torch.diag(torch.tensor([1.5, 1.6, 1.7, 0.2])))
        cell.b.zero_()
    return cell.at(torch.zeros(1)).double()


@pytest.fixture(scope="session")
def fixed_points(F):
    starts = torch.randn(256, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(0)).tanh()
    points = rnnlab.find_fixed_points(F, starts)
    assert points.census == {0: 8, 1: 12, 2: 6, 3: 1}
    return points


@pytest.fixture(scope="session")
def modes(F, fixed_points):
    return rnnlab.linearize(F, fixed_points.states)
