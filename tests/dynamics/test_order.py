"""The order of points and eigenvalues is the same wherever they are computed: no rounding error decides it."""

import pytest
import torch

from rnnlab import find_fixed_points, linearize
from rnnlab.dynamics.maps import order_of_eigenvalues, order_of_points

SMALL = 1e-12  # well above the error of a fixed point, well below the distance of two


def cube(dimension=3):
    """F(h) = tanh(2 h), whose fixed points are symmetric: many coordinates are equal, or 0 up to rounding."""
    return (lambda h: torch.tanh(2 * h)), 2 * torch.rand(200, dimension, dtype=torch.float64) - 1


@pytest.mark.parametrize("dimension", [1, 2, 3])
def test_points_stand_in_one_order_whatever_the_starts_and_the_rounding(dimension):
    torch.manual_seed(0)
    F, starts = cube(dimension)
    first = find_fixed_points(F, starts, box=1.0)
    again = find_fixed_points(lambda h: F(h) * (1 + 1e-15), starts.flip(0) + 0.01, box=1.0)
    assert len(first) == len(again) == 3**dimension
    torch.testing.assert_close(first.states, again.states, rtol=0, atol=1e-9)
    assert first.n_unstable.tolist() == sorted(first.n_unstable.tolist())


def test_symmetric_points_are_told_apart_and_not_by_their_rounding_errors():
    points = torch.cartesian_prod(*[torch.tensor([-1.0, 0.0, 1.0], dtype=torch.float64)] * 4)
    kinds = (points == 0).sum(1)
    expected = points[order_of_points(kinds, points)]
    for seed in range(20):
        generator = torch.Generator().manual_seed(seed)
        mixed = torch.randperm(len(points), generator=generator)
        noisy = points[mixed] + SMALL * torch.randn(points.shape, generator=generator, dtype=points.dtype)
        assert (noisy[order_of_points(kinds[mixed], noisy)].round() == expected).all()


def test_eigenvalues_of_equal_modulus_stand_in_one_order():
    λ = torch.tensor([1.1, 0.9, -0.9, 0.6 + 0.3j, 0.6 - 0.3j, -0.6 + 0.3j, -0.6 - 0.3j, 0.0], dtype=torch.complex128)
    for seed in range(20):
        generator = torch.Generator().manual_seed(seed)
        mixed = λ[torch.randperm(len(λ), generator=generator)]
        noisy = mixed + SMALL * torch.randn(len(λ), generator=generator, dtype=λ.dtype)
        torch.testing.assert_close(noisy[order_of_eigenvalues(noisy)], λ, rtol=0, atol=1e-10)


def test_modes_of_a_rotated_map_keep_the_order_of_their_eigenvalues():
    torch.manual_seed(0)
    turn = torch.tensor([[0.3, -0.4], [0.4, 0.3]], dtype=torch.float64)
    J = torch.block_diag(turn, torch.diag(torch.tensor([0.5, -0.5], dtype=torch.float64)))
    Q, _ = torch.linalg.qr(torch.randn(4, 4, dtype=torch.float64))
    for turned in (J, Q @ J @ Q.T):
        found = linearize(lambda h, turned=turned: h @ turned.T, torch.zeros(1, 4)).eigenvalues[0]
        expected = torch.tensor([0.5, 0.3 + 0.4j, 0.3 - 0.4j, -0.5], dtype=torch.complex128)
        torch.testing.assert_close(found, expected, rtol=0, atol=1e-12)


def test_no_points_have_no_order():
    assert order_of_points(torch.empty(0, dtype=torch.int64), torch.empty(0, 3)).shape == (0,)
    assert order_of_eigenvalues(torch.empty(0, 3, dtype=torch.complex128)).shape == (0, 3)
