"""Diagrams: every transition is drawn once, nothing covers a name, and cubes look like cubes."""

import itertools
import math

import networkx as nx
import numpy as np
import pytest
from matplotlib.patches import Circle, FancyArrowPatch

from rnnlab import plots
from rnnlab.automata import DFA
from rnnlab.book.machines import modulo_counter, pattern_trap, random_machine, repetition_trap, tomita
from rnnlab.plots.diagram import _along, arrows, radius

MACHINES = [modulo_counter(3), repetition_trap(), pattern_trap(), *map(tomita, range(1, 8))]
MACHINES += [random_machine(seed, states, 2) for seed, states in enumerate(range(3, 9))]


@pytest.mark.parametrize("machine", MACHINES)
def test_layout_keeps_states_apart_with_the_start_at_the_left(machine):
    positions = plots.layout(machine)
    assert positions == plots.layout(machine)
    assert tuple(positions) == machine.states
    xy = np.array(list(positions.values()))
    assert math.isclose(np.abs(xy).max(), 1) and np.abs(xy).max() < 1 + 1e-9
    assert min(math.dist(p, q) for p, q in itertools.combinations(xy, 2)) > 0.3
    assert positions[machine.start][0] < xy[:, 0].mean()


def test_a_ring_is_a_polygon_and_a_chain_a_line():
    sides = [math.dist(p, q) for p, q in itertools.combinations(plots.layout(modulo_counter(3)).values(), 2)]
    np.testing.assert_allclose(sides, sides[0], rtol=1e-3)
    chain = np.array(list(plots.layout(tomita(7)).values()))
    assert (np.diff(chain[:, 0]) > 0.3).all() and np.ptp(chain[:, 1]) < 0.02


@pytest.mark.parametrize("machine", MACHINES)
def test_arrows_are_the_transitions_and_keep_clear_of_names(machine):
    positions = plots.layout(machine)
    drawn = arrows(machine, positions)
    spelled = {(arrow.source, symbol): arrow.target for arrow in drawn for symbol in arrow.label.split(", ")}
    assert spelled == {(q, symbol): after for q, row in machine.transitions.items() for symbol, after in row.items()}
    assert len({(arrow.source, arrow.target) for arrow in drawn}) == len(drawn)
    size, t = radius(positions), np.linspace(0, 1, 50)
    for arrow in drawn:
        line = _along(arrow.curve, t)
        for state, centre in positions.items():
            nearest = np.linalg.norm(line - centre, axis=1).min()
            assert nearest > (0.9 if state in (arrow.source, arrow.target) else 1.05) * size
            assert math.dist(arrow.place, centre) > 1.1 * size


def test_labels_keep_apart():
    for machine in MACHINES[:10]:
        positions = plots.layout(machine)
        places = [arrow.place for arrow in arrows(machine, positions)]
        assert min(math.dist(p, q) for p, q in itertools.combinations(places, 2)) > 0.8 * radius(positions)


def test_accepting_states_have_a_second_circle():
    (ax,) = plots.diagram(tomita(4), title="no three zeros").axes
    circles = [patch for patch in ax.patches if isinstance(patch, Circle)]
    assert len(circles) == 4 + 3
    assert sum(isinstance(patch, FancyArrowPatch) for patch in ax.patches) == 1 + 7  # the start's, and q3's "0, 1"
    texts = [text.get_text() for text in ax.texts]
    assert sorted(texts) == sorted(["q0", "q1", "q2", "q3", *"000111", "0, 1"])
    assert ax.get_title() == "no three zeros"


def test_outputs_stand_below_names_where_they_differ():
    flip = {"a": {"x": "b"}, "b": {"x": "a"}}
    (ax,) = plots.diagram(DFA(("a", "b"), ("x",), flip, "a", {"a": "a", "b": "high"})).axes
    assert [text.get_text() for text in ax.texts] == ["x", "x", "a", "b", "high"]


def test_a_machine_of_one_state_is_drawn():
    (ax,) = plots.diagram(DFA(("a",), ("0", "1"), {"a": {"0": "a", "1": "a"}}, "a")).axes
    assert [text.get_text() for text in ax.texts] == ["0, 1", "a"]


def cube(bits):
    """Nodes are tuples of signs; those that differ in one are joined."""
    graph = nx.Graph()
    graph.add_nodes_from(itertools.product("−+", repeat=bits))
    pairs = itertools.combinations(graph, 2)
    graph.add_edges_from((a, b) for a, b in pairs if sum(x != y for x, y in zip(a, b)) == 1)
    return graph


@pytest.mark.parametrize(("bits", "edges"), [(2, 4), (3, 12)])
def test_connection_graph_draws_a_square_and_a_cube(bits, edges):
    graph = cube(bits)
    (ax,) = plots.connection_graph(graph, {node: "".join(node) for node in graph}).axes
    (discs,) = ax.collections
    assert len(discs.get_offsets()) == 2**bits and len(ax.patches) == edges
    # The edges along one bit are parallel and of one length: as many directions as bits.
    steps = [np.subtract(*line._posA_posB).round(6) for line in ax.patches]
    assert len({max(tuple(step + 0.0), tuple(0.0 - step)) for step in steps}) == bits
    assert sorted(text.get_text() for text in ax.texts) == sorted(map("".join, graph))


def test_connection_graph_of_other_labels_follows_the_edges():
    (ax,) = plots.connection_graph(nx.path_graph(3), {0: "rest", 1: "−", 2: "done"}).axes
    (discs,) = ax.collections
    a, b, c = np.asarray(discs.get_offsets())
    assert math.dist(a, c) > 1.5 * math.dist(a, b) and len(ax.patches) == 2


def test_connection_graph_shows_every_saddle():
    graph = nx.MultiGraph([("a", "b"), ("b", "a"), ("b", "b")])
    (ax,) = plots.connection_graph(graph, {"a": "+", "b": "−"}).axes
    bends = {patch.get_connectionstyle().rad for patch in ax.patches if isinstance(patch, FancyArrowPatch)}
    assert len(bends) == 2 and sum(isinstance(patch, Circle) for patch in ax.patches) == 1


def test_connection_graph_refuses():
    with pytest.raises(ValueError, match="graph has no nodes"):
        plots.connection_graph(nx.Graph(), {})
    with pytest.raises(ValueError, match=r"labels must name every node; there is none for \[1\]"):
        plots.connection_graph(nx.path_graph(2), {0: "+"})
