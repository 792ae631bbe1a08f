"""Trajectories that leave saddles, and what saddles join, on maps whose fixed points are known."""

import networkx as nx
import pytest
import torch

from rnnlab import convex_combinations, find_fixed_points, linearize, saddle_connections, unstable_manifolds
from rnnlab.book import zoo
from rnnlab.tasks import FlipFlop


def test_from_saddles_starts_beside_each_saddle_and_follows_the_map(F, fixed_points, modes):
    flow = unstable_manifolds(F, fixed_points, modes, distance=0.01, steps=300)
    assert flow.shape == (2 * (12 * 1 + 6 * 2 + 1 * 3), 301, F.state_size)
    nearest = torch.cdist(flow[:, 0], fixed_points.saddles).amin(1)
    torch.testing.assert_close(nearest, torch.full_like(nearest, 0.01))
    torch.testing.assert_close(flow[:, 1:], F(flow[:, :-1]))
    from_edges = torch.cdist(flow[:, -1], fixed_points.stable).amin(1)
    # What leaves a saddle with one unstable direction ends at a stable point.
    assert int((from_edges < 1e-6).sum()) >= 24


def test_from_saddles_spans_the_plane_of_a_complex_pair():
    turn = 1.2 * torch.tensor([[0.6, -0.8], [0.8, 0.6]], dtype=torch.float64)

    def spiral(h):
        return torch.tanh(h @ turn.T)

    points = find_fixed_points(spiral, torch.zeros(1, 2), rounds=0)
    flow = unstable_manifolds(spiral, points, linearize(spiral, points.states), steps=1)
    assert torch.linalg.matrix_rank(flow[:, 0]) == 2


@pytest.mark.parametrize("wrong", [{"distance": 0.0}, {"steps": 0}])
def test_from_saddles_refuses(F, fixed_points, modes, wrong):
    with pytest.raises(ValueError, match="distance must be above 0 and steps at least 1"):
        unstable_manifolds(F, fixed_points, modes, **wrong)


def square(slope=1.5, turned=False):
    """A map of the plane, tanh(slope·h) by coordinates: 4 stable corners, 4 saddles on the axes, an unstable middle.

    With a negative slope the two sides of a saddle change places at each step.
    """
    angle = torch.tensor(0.4 if turned else 0.0, dtype=torch.float64)
    Q = torch.stack([torch.stack([angle.cos(), -angle.sin()]), torch.stack([angle.sin(), angle.cos()])])
    return lambda h: torch.tanh(slope * (h @ Q)) @ Q.T


def connections_of(F, **arguments):
    starts = torch.randn(64, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    points = find_fixed_points(F, starts, box=2.0)
    return points, saddle_connections(F, points, linearize(F, points.states), **arguments)


@pytest.mark.parametrize("turned", [False, True])
def test_saddles_join_the_corners_of_a_square(turned):
    points, connections = connections_of(square(turned=turned))
    assert points.census == {0: 4, 1: 4, 2: 1}
    graph = connections.graph
    assert sorted(graph.nodes) == (points.n_unstable == 0).nonzero()[:, 0].tolist()
    assert {degree for _, degree in graph.degree} == {2} and nx.is_connected(nx.Graph(graph))
    for a, b, saddle in graph.edges(keys=True):  # each saddle lies in the middle of its edge
        torch.testing.assert_close(points.states[[a, b]].mean(0), points.states[saddle], rtol=0, atol=1e-6)


def test_the_manifolds_follow_the_map_from_the_saddle_to_their_ends():
    F = square()
    points, connections = connections_of(F, distance=1e-4)
    saddles, ends, manifolds = connections.saddles, connections.ends, connections.manifolds
    assert manifolds.shape[:2] == (4, 2) and torch.equal(saddles, (points.n_unstable == 1).nonzero()[:, 0])
    gaps = (manifolds[:, :, 0] - points.states[saddles, None]).norm(dim=-1)
    torch.testing.assert_close(gaps, torch.full_like(gaps, 1e-4))
    torch.testing.assert_close(F(F(manifolds[:, :, :-16])), manifolds[:, :, 8:-8], rtol=0, atol=1e-12)
    torch.testing.assert_close(manifolds[:, :, -1], points.states[ends], rtol=0, atol=1e-6)
    off = (manifolds - points.states[saddles, None, None]).abs().amin(-1)  # the manifolds are straight here
    assert off.max() < 1e-9


def test_a_negative_eigenvalue_keeps_the_halves_apart():
    def F(h):
        """θ′ = −θ − sin(θ)/2 on the unit circle, which attracts: a saddle at θ = 0, a stable point at π."""
        r, θ = h.norm(dim=-1), torch.atan2(h[..., 1], h[..., 0])
        r, θ = (1 + r) / 2, -θ - θ.sin() / 2
        return torch.stack([r * θ.cos(), r * θ.sin()], -1)

    points = find_fixed_points(F, torch.tensor([[0.9, 0.1], [-0.9, 0.1]]), rounds=0)
    assert points.census == {0: 1, 1: 1} and points.eigenvalues[1, 0].real == pytest.approx(-1.5)
    connections = saddle_connections(F, points, linearize(F, points.states))
    assert connections.ends.tolist() == [[0, 0]]
    sides = connections.manifolds[0, :, :, 1].sign()
    assert (sides[:, :100] == sides[:, :1]).all() and sides[0, 0] == -sides[1, 0]


def test_halves_that_end_at_no_stable_point_join_nothing():
    cycle = torch.tensor([[-0.9, 0.0], [0.0, 0.4]], dtype=torch.float64)

    def F(h):
        return torch.tanh(2 * h @ cycle)  # leaves the middle for a cycle of period 2

    points, connections = connections_of(F, steps=100)
    assert points.census == {1: 1} and connections.ends.tolist() == [[-1, -1]]
    assert len(connections.graph.nodes) == len(connections.graph.edges) == 0


def test_where_there_is_no_saddle_nothing_is_joined():
    points, connections = connections_of(lambda h: torch.tanh(0.5 * h))
    assert points.census == {0: 1} and connections.ends.shape == (0, 2) and not connections.graph.edges


def test_the_states_of_two_bits_are_joined_in_a_ring():
    network = zoo.load("flipflop2-gru").requires_grad_(False)
    F = network.cell.at(torch.zeros(2))
    visited = network(FlipFlop(2).batch(8, torch.Generator().manual_seed(0)).inputs)[1].flatten(0, 1)
    points = find_fixed_points(F, convex_combinations(visited, 128), rounds=3)
    assert points.census == {0: 4, 1: 4, 2: 1}
    graph = saddle_connections(F, points, linearize(F, points.states)).graph
    assert nx.is_isomorphic(nx.Graph(graph), nx.cycle_graph(4)) and graph.number_of_edges() == 4
    answers = FlipFlop(2).decode(network.double().outputs(points.states))
    for a, b in graph.edges():  # joined states differ in one bit
        assert (answers[a] != answers[b]).sum() == 1


@pytest.mark.parametrize("wrong", [{"distance": 0.0}, {"steps": 0}])
def test_saddle_connections_refuse(F, fixed_points, modes, wrong):
    with pytest.raises(ValueError, match="distance must be above 0 and steps at least 1"):
        saddle_connections(F, fixed_points, modes, **wrong)


@pytest.mark.parametrize("work", [unstable_manifolds, saddle_connections])
def test_modes_of_other_points_are_refused(F, fixed_points, work):
    with pytest.raises(ValueError, match="modes must be those of the 27 fixed points"):
        work(F, fixed_points, linearize(F, fixed_points.states[:3]))
