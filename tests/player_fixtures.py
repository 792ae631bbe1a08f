"""Trained networks with what a player shows of them, and pages in a real browser: fixtures of all tests of players."""

import pytest
import torch

import rnnlab
from rnnlab import geometry
from rnnlab.book import zoo
from rnnlab.book.tasks import from_configuration
from rnnlab.dynamics import find_cycles

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>players</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body {{ margin: 16px }} html[data-theme="dark"] body {{ background: #121212; color: #ced6dd }}</style></head>
<body><main><h1>Players</h1>{players}<div style="height: 150vh"></div></main></body></html>"""


@pytest.fixture
def show(browser, tmp_path):
    """Opens players from file://. A request that leaves the page, an error or a warning in it fails the test."""
    contexts, complaints = [], []

    def show(*players, **options):
        path = tmp_path / "page.html"
        path.write_text(PAGE.format(players="\n".join(player._repr_html_() for player in players)), encoding="utf-8")
        contexts.append(browser.new_context(**{"viewport": {"width": 1300, "height": 900}, **options}))
        page = contexts[-1].new_page()
        page.on("request", lambda request: request.url == path.as_uri() or complaints.append(request.url))
        page.on("console", lambda message: message.type in ("error", "warning") and complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path.as_uri())
        return page

    yield show
    for context in contexts:
        context.close()
    assert complaints == []


def parts(name, symbols, components):
    """A trained network with its task, its principal components, and what the starts of a search for points were."""
    network = zoo.load(name)
    task = from_configuration(network.card["task"])
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        states = network(task.batch(64, generator).inputs)[1].flatten(0, 1)
    starts = states[torch.randperm(len(states), generator=generator)[:32]]
    portraits = {x: rnnlab.find_fixed_points(network.cell.at(task.input(x)), starts=starts) for x in symbols}
    return network, task, geometry.pca(states, components), portraits, starts


@pytest.fixture(scope="package")
def two_bits():
    return parts("flipflop2-gru", [(0, 0), (0, 1)], 2)[:4]


@pytest.fixture(scope="package")
def three_bits():
    return parts("flipflop3-gru", [(0, 0, 0), (0, 0, 1)], 3)[:4]


@pytest.fixture(scope="package")
def one_hot():
    return parts("one-hot-gru", [(0, 0), (0, 1)], 2)[:4]


@pytest.fixture(scope="package")
def one_two():
    return parts("one-two-gru", [(0, 0), (0, 1)], 2)[:4]


@pytest.fixture(scope="package")
def counter():
    """The modulo-3 counter, with the cycles under the symbol 1."""
    *given, starts = parts("modulo3-gru", "01", 2)
    network, task, _, _ = given
    return given, {"1": find_cycles(network.cell.at(task.input("1")), 3, starts, rounds=1)}
