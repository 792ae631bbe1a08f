"""The search without Jacobians against the one with them, and Arnoldi's eigenvalues against LAPACK's."""

import pytest
import torch

from rnnlab import PreActivationRNN, find_fixed_points
from rnnlab.dynamics import fixed_points
from rnnlab.dynamics.krylov import leading_eigenvalues, newton_krylov


def random(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def memories(size, patterns=2):
    """A network of 3 ** patterns fixed points and more."""
    ξ = random(patterns, size, seed=1).sign()
    cell = PreActivationRNN(1, size).double().requires_grad_(False)
    cell.load_state_dict({"W": torch.zeros(size, 1), "U": 2 * ξ.T @ ξ / size, "b": torch.zeros(size)})
    return cell.at(torch.zeros(1).double()), random(60, patterns, seed=2) @ ξ + 0.1 * random(60, size, seed=3)


def test_both_searches_find_the_same(monkeypatch):
    F, starts = memories(40)
    with_jacobians = find_fixed_points(F, starts, rounds=0)
    monkeypatch.setattr(fixed_points, "LARGE", 10)
    without = find_fixed_points(F, starts, rounds=0)
    assert without.audit.closed and without.census == with_jacobians.census and len(without) == 9
    distances = torch.cdist(with_jacobians.states, without.states, compute_mode="donot_use_mm_for_euclid_dist")
    assert distances.amin(1).max() < 1e-9 and (without.q <= 1e-20).all()
    nearest = distances.argmin(1)
    assert torch.equal(without.index[nearest], with_jacobians.index)
    torch.testing.assert_close(
        without.eigenvalues[nearest, :6].abs(), with_jacobians.eigenvalues[:, :6].abs(), rtol=0, atol=1e-8
    )
    assert without.eigenvalues.shape == (9, 6) and not len(without.slow)


def test_large_networks_are_searched_without_jacobians(monkeypatch):
    F, starts = memories(600)
    for name in ("jacobian", "gate_free_jacobian"):
        monkeypatch.setattr(PreActivationRNN, name, None)  # whoever calls one fails
    points = find_fixed_points(F, starts, rounds=0)
    assert points.census == {0: 4, 1: 4, 2: 1} and points.audit.closed


def test_newton_krylov_solves_linear_and_curved_equations():
    A = random(30, 30) + 10 * torch.eye(30).double()
    root = newton_krylov(lambda u: A @ u - 1, random(2, 30), 20)
    torch.testing.assert_close(root, torch.linalg.solve(A, torch.ones(30).double()).expand(2, -1), rtol=0, atol=1e-11)
    root = newton_krylov(lambda u: u**3 + u - 2, 5 * random(3, 4), 60)
    torch.testing.assert_close(root, torch.ones(3, 4).double(), rtol=0, atol=1e-11)


def test_where_there_is_no_root_it_rests():
    end = newton_krylov(lambda u: 1 + u**2, torch.tensor([[0.7]]).double(), 50)
    assert torch.isfinite(end).all()


@pytest.mark.parametrize("radius, outside", [(0.5, 0), (1.5, None)])
def test_leading_eigenvalues_are_the_largest(radius, outside):
    A = radius * random(200, 200) / 200**0.5
    λ = leading_eigenvalues(lambda h: h @ A.T, random(200))
    exact = torch.linalg.eigvals(A).abs().sort(descending=True).values
    torch.testing.assert_close(λ.abs(), exact[: len(λ)], rtol=0, atol=1e-8)
    assert len(λ) >= 6 and λ[-1].abs() <= 1
    assert (λ.abs() > 1).sum() == (exact > 1).sum() and ((exact > 1).sum() == 0) == (outside == 0)
