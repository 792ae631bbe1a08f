"""The portraits of an automaton's network: one for each symbol, in one plane, with what was found under that symbol."""

import pytest
import torch

from rnnlab import find_fixed_points, geometry, plots
from rnnlab.book import tasks, zoo
from rnnlab.book.chapters.ch09_automata import held_portraits


@pytest.fixture(scope="module")
def trap():
    """The network of the pattern trap, its task, visited states, and the fixed points under both symbols."""
    network = zoo.load("pattern0101-gru").requires_grad_(False)
    task = tasks.from_configuration(network.card["task"])
    states = network(task.batch(64, torch.Generator().manual_seed(0)).inputs)[1]
    points = {s: find_fixed_points(network.cell.at(task.input(s)), states[:, -1]) for s in task.symbols}
    return network, task, states, points


def test_each_symbol_has_its_portrait_in_one_plane(trap):
    network, task, states, points = trap
    active = {symbol: torch.tensor([0]) for symbol in task.symbols}
    panels = held_portraits(network, task, states, points, active, labelled=True)
    assert [panel.title for panel in panels] == ["0 held", "1 held"]
    pca = geometry.pca(states, 2)
    for symbol, panel in zip(task.symbols, panels, strict=True):
        assert panel.pca is panels[0].pca and torch.equal(panel.pca.components, pca.components)
        assert panel.fixed_points is points[symbol]
        assert panel.labels == task.answers(network.outputs(points[symbol].stable.float()))
        F = network.cell.at(task.input(symbol)).double()
        torch.testing.assert_close(panel.background[:, 1], F(panel.background[:, 0]), rtol=0, atol=1e-12)
    assert {panel.labels[0] for panel in panels} <= {"q0", "q1", "q4"}
    plots.portraits(panels)


def test_labels_are_left_out_unless_asked_for_and_a_symbol_without_points_is_refused(trap):
    network, task, states, points = trap
    active = {symbol: torch.tensor([0]) for symbol in task.symbols}
    assert all(panel.labels is None for panel in held_portraits(network, task, states, points, active))
    with pytest.raises(KeyError, match="1"):
        held_portraits(network, task, states, {"0": points["0"]}, active)
