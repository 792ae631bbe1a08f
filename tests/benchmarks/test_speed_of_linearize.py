"""Jacobians of all points at once against a Python loop over the points."""

import pytest
import torch
from torch.autograd.functional import jacobian
from torch.func import jacrev, vmap

import rnnlab


@pytest.fixture
def problem(benchmark):
    """A map in float64 and 27 states, as many as a 3-bit network has fixed points."""
    generator = torch.Generator().manual_seed(0)
    cell = rnnlab.GRU(3, 64 if benchmark.enabled else 4, generator=generator)
    return cell.at(torch.zeros(3)).double(), torch.randn(27, cell.state_size, generator=generator).double().tanh()


def test_jacobians(problem, compare):
    F, states = problem
    ours, theirs = compare(
        lambda: vmap(jacrev(F))(states),
        lambda: torch.stack([jacobian(F, h) for h in states]),
        claim="27 Jacobians at 64 units",
        note="Speed-up of torch.func.vmap(jacrev(F)), as in rnnlab, over torch.autograd.functional.jacobian in a loop.",
        bound=10,
        rounds=15,
    )
    torch.testing.assert_close(ours, theirs)


def test_linearize(problem, compare):
    F, states = problem
    ours, theirs = compare(
        lambda: rnnlab.linearize(F, states),
        lambda: [torch.linalg.eig(jacobian(F, h)) for h in states],
        claim="27 Jacobians and their eigen-decompositions at 64 units",
        note="Speed-up of linearize over the loop with torch.linalg.eig, which is the same LAPACK routine in both. "
        "linearize also gives input Jacobians, left eigenvectors and residuals; the loop does not.",
        bound=10,
        rounds=15,
    )
    moduli = torch.stack([values.abs().sort(descending=True).values for values, _ in theirs])
    torch.testing.assert_close(ours.eigenvalues.abs(), moduli)
