"""The search against maps whose fixed points are known, and the audit against searches that miss some."""

import numpy as np
import pytest
import scipy.optimize
import torch

from rnnlab import (
    GRU,
    LSTM,
    UGRNN,
    FixedPoints,
    GRUResetAfter,
    PreActivationRNN,
    Stacked,
    VanillaRNN,
    convex_combinations,
    find_fixed_points,
    squared_speed,
)
from rnnlab.storage import save_tensors


def random(*shape, seed=0):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def rotation(size):
    return torch.linalg.qr(random(size, size, seed=9))[0]


def same_points(found, expected, tolerance=1e-8):
    """Whether two sets of points are equal, in any order."""
    distances = torch.cdist(found, expected, compute_mode="donot_use_mm_for_euclid_dist")
    return found.shape == expected.shape and distances.amin(0).max() < tolerance and distances.amin(1).max() < tolerance


def products(roots, size):
    """All points whose coordinates are roots."""
    return torch.cartesian_prod(*[torch.tensor(roots, dtype=torch.float64)] * size).reshape(-1, size)


M = scipy.optimize.brentq(lambda m: np.tanh(3 * m) - m, 0.5, 1)  # m = tanh(3 m)


def hopfield():
    """Two orthogonal patterns in 8 units. Where they agree, and where they differ, all units follow m = tanh(3 m)."""
    patterns = torch.tensor([[1] * 8, [1] * 4 + [-1] * 4], dtype=torch.float64)
    W = 3 * patterns.T @ patterns / 8
    expected = products([-M, 0, M], 2).repeat_interleave(4, 1)
    return lambda h: torch.tanh(h @ W.T), expected, {0: 4, 1: 4, 2: 1}


def rotated():
    """Three uncoupled bistable units, seen in rotated coordinates."""
    Q = rotation(3)
    return lambda h: torch.tanh(3 * h @ Q) @ Q.T, products([-M, 0, M], 3) @ Q.T, {0: 8, 1: 12, 2: 6, 3: 1}


def linear():
    A, b = 0.4 * rotation(5), random(5, seed=1)
    return lambda h: h @ A.T + b, torch.linalg.solve(torch.eye(5) - A, b)[None], {0: 1}


KNOWN = {
    "one unit": (lambda h: torch.tanh(3 * h), products([-M, 0, M], 1), {0: 2, 1: 1}),
    "three units": (lambda h: torch.tanh(3 * h), products([-M, 0, M], 3), {0: 8, 1: 12, 2: 6, 3: 1}),
    "rotated": rotated(),
    "Hopfield": hopfield(),
    "linear": linear(),
    "constant": (lambda h: torch.full_like(h, 0.5), torch.full((1, 2), 0.5, dtype=torch.float64), {0: 1}),
    "cubic": (lambda h: h - 0.1 * (h + 1) * (h - 0.5) * (h - 2), products([-1, 0.5, 2], 1), {0: 2, 1: 1}),
}


@pytest.mark.parametrize("name", KNOWN)
def test_all_known_fixed_points_are_found_and_no_others(name):
    F, expected, census = KNOWN[name]
    points = find_fixed_points(F, random(50, expected.shape[1]), box=5.0)
    assert same_points(points.states, expected)
    assert points.census == census
    assert points.audit.closed and points.index.sum() == 1
    assert squared_speed(F, points.states).max() <= 1e-20 and torch.equal(points.q, squared_speed(F, points.states))
    jacobians = torch.stack([torch.autograd.functional.jacobian(F, h[None])[0, :, 0] for h in points.states])
    for found, J in zip(points.eigenvalues, jacobians):
        assert np.sort(found.abs()) == pytest.approx(np.sort(abs(np.linalg.eigvals(J.numpy()))), abs=1e-9)
        assert (found.abs().diff() <= 1e-9).all()  # equal up to rounding: their order is decided otherwise
    assert points.n_unstable.tolist() == sorted(points.n_unstable.tolist())
    assert torch.equal(torch.cat([points.stable, points.saddles]), points.states)
    assert len(points.stable) == census[0] and not len(points.slow)


@pytest.mark.parametrize("kind", [VanillaRNN, PreActivationRNN])
def test_planted_fixed_points_of_a_tanh_network(kind):
    size = 6
    V = torch.tanh(1.5 * random(size, size, seed=2))
    cell = kind(1, size).double()
    cell.load_state_dict({"W": torch.zeros(size, 1), "U": torch.atanh(V) @ torch.linalg.inv(V), "b": torch.zeros(size)})
    rates = torch.cat([V.T, -V.T, torch.zeros(1, size)])
    planted = rates if kind is VanillaRNN else torch.atanh(rates)
    points = find_fixed_points(cell.at(torch.zeros(1).double()), random(200, size))
    distances = torch.cdist(planted, points.states, compute_mode="donot_use_mm_for_euclid_dist")
    assert distances.amin(1).max() < 1e-8
    assert points.audit.closed


def test_rotated_coordinates_give_rotated_points():
    cell = GRU(1, 3, generator=torch.Generator().manual_seed(1)).double().requires_grad_(False)
    cell.U[6:] += 6 * torch.eye(3)  # each unit excites itself
    F, Q = cell.at(torch.zeros(1).double()), rotation(3)
    points = find_fixed_points(F, random(100, 3).tanh())
    turned = find_fixed_points(lambda h: F(h @ Q) @ Q.T, random(100, 3).tanh() @ Q.T, box=3**0.5)
    assert len(points) > 8 and points.audit.closed
    assert turned.census == points.census and turned.audit.index_sum == 1
    assert same_points(turned.states, points.states @ Q.T, 1e-7)
    nearest = torch.cdist(points.states @ Q.T, turned.states).argmin(1)
    torch.testing.assert_close(turned.eigenvalues[nearest].abs(), points.eigenvalues.abs(), rtol=0, atol=1e-6)


def test_visited_states_miss_the_saddles_and_the_audit_says_so():
    F, expected, census = KNOWN["three units"]
    visited = random(500, 3)
    for _ in range(20):
        visited = F(visited)
    alone = find_fixed_points(F, visited, rounds=0, box=1.0)
    assert alone.census == {0: 8} and alone.audit.index_sum == 8
    assert not alone.audit.closed and "+8 instead of +1: fixed points are missing" in str(alone)
    assert alone.search.starts == 500 and alone.search.rounds == 0
    searched = find_fixed_points(F, visited, box=1.0)
    assert searched.census == census and searched.audit.closed and "the audit closes" in str(searched)
    assert searched.search.rounds >= 1 and searched.search.converged <= searched.search.starts


CELLS = {kind.__name__: kind for kind in (GRU, GRUResetAfter, LSTM, UGRNN, VanillaRNN, PreActivationRNN)}
CELLS["Stacked"] = lambda inputs, size, generator: Stacked(
    [LSTM(inputs, size, generator=generator), GRU(size // 2, size // 2, generator=generator)]
)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("kind", CELLS)
def test_a_contraction_has_one_fixed_point(kind, dtype):
    cell = CELLS[kind](2, 4, generator=torch.Generator().manual_seed(0)).to(dtype).requires_grad_(False)
    for weights in cell.parameters():
        weights *= 0.5
    before = {name: weights.clone() for name, weights in cell.state_dict().items()}
    F = cell.at(torch.ones(2, dtype=dtype))
    points = find_fixed_points(F, torch.randn(20, cell.state_size, generator=torch.Generator().manual_seed(1)))
    assert points.census == {0: 1} and points.audit.closed
    h = torch.zeros(cell.state_size, dtype=torch.float64)
    for _ in range(2000):
        h = F.double()(h)
    torch.testing.assert_close(points.states[0], h, rtol=0, atol=1e-9)
    assert all(torch.equal(weights, before[name]) for name, weights in cell.state_dict().items())


def test_nearly_closed_gates_are_no_fixed_points():
    cell = GRU(1, 4, generator=torch.Generator().manual_seed(0)).double().requires_grad_(False)
    cell.b[:4] = -30  # z < 1e-12: every state has q < 1e-20
    F, starts = cell.at(torch.zeros(1).double()), random(50, 4).tanh()
    assert squared_speed(F, starts).max() < 1e-20
    assert len(find_fixed_points(F, starts)) == 1


def test_a_line_of_fixed_points_is_degenerate():
    points = find_fixed_points(lambda h: h * torch.tensor([1, 0.5]).double(), random(20, 2), rounds=1, box=5.0)
    assert len(points) >= 20 and points.states[:, 1].abs().max() < 1e-9
    assert points.audit.degenerate == len(points)
    assert not points.audit.closed and "the audit does not apply" in str(points.audit)


def test_without_a_box_no_sum_is_expected():
    F, expected, _ = KNOWN["cubic"]
    points = find_fixed_points(F, random(50, 1))
    assert same_points(points.states, expected)
    assert not points.audit.applies and not points.audit.closed and "no box" in str(points.audit)


def test_roots_outside_the_box_are_counted_and_left_out():
    F, _, _ = KNOWN["cubic"]
    points = find_fixed_points(F, random(50, 1), box=1.5)
    assert same_points(points.states, products([-1, 0.5], 1)) and points.search.spurious > 0


def test_where_there_is_no_fixed_point_the_ghost_of_one_is_a_slow_point():
    points = find_fixed_points(lambda h: h + 1e-3 + h**2, 0.1 * random(20, 1))
    assert len(points) == 0 and points.census == {} and len(points.stable) == len(points.saddles) == 0
    torch.testing.assert_close(points.slow, torch.zeros(1, 1).double(), rtol=0, atol=1e-3)
    torch.testing.assert_close(points.slow_q, torch.tensor([1e-6]).double(), rtol=1e-3, atol=0)
    assert "none" in str(points) and "1 slow points" in str(points)


def test_modules_are_maps_and_stay_as_they_are():
    module = torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.Tanh())
    before = {name: weights.clone() for name, weights in module.state_dict().items()}
    points = find_fixed_points(module, torch.randn(20, 3), box=1.0)
    assert points.audit.closed
    torch.testing.assert_close(module(points.states.float()), points.states.float())
    for name, weights in module.named_parameters():
        assert torch.equal(weights, before[name]) and weights.requires_grad and weights.grad is None


def test_the_search_is_a_function_of_its_arguments():
    F, _, _ = KNOWN["Hopfield"]
    state = torch.random.get_rng_state()
    first, again = (find_fixed_points(F, random(20, 8), box=1.0, seed=3) for _ in range(2))
    assert torch.equal(first.states, again.states) and torch.equal(torch.random.get_rng_state(), state)
    other = find_fixed_points(F, random(20, 8), box=1.0, seed=4)
    assert same_points(first.states, other.states)


@pytest.mark.parametrize("name", ["three units", "linear"])
def test_what_is_saved_is_loaded(name, tmp_path):
    F, expected, _ = KNOWN[name]
    points = find_fixed_points(F, random(50, expected.shape[1]), box=5.0)
    points.save(tmp_path / "points.safetensors")
    loaded = FixedPoints.load(tmp_path / "points.safetensors")
    assert str(loaded) == str(points) and (loaded.audit, loaded.search) == (points.audit, points.search)
    for field in ("states", "q", "eigenvalues", "index", "slow", "slow_q"):
        torch.testing.assert_close(getattr(loaded, field), getattr(points, field), rtol=0, atol=0)


def test_files_that_hold_no_fixed_points_are_refused(tmp_path):
    save_tensors(tmp_path / "other", {"states": torch.zeros(2, 2)}, {})
    with pytest.raises(ValueError, match="holds no fixed points"):
        FixedPoints.load(tmp_path / "other")
    with pytest.raises(FileNotFoundError):
        FixedPoints.load(tmp_path / "nothing")


def test_mixtures_are_convex():
    corners = products([-1, 1], 3)
    mixed = convex_combinations(corners, 1000, noise=0.0)
    assert mixed.shape == (1000, 3) and mixed.abs().max() <= 1 + 1e-12
    for octant in corners:  # everywhere between them
        assert ((mixed * octant > 0).all(1)).sum() > 50
    assert torch.equal(convex_combinations(corners, 10, seed=1), convex_combinations(corners, 10, seed=1))
