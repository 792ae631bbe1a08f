"""Points of a line attractor: planted lines are found where the starts are, and Jacobians equal automatic ones."""

import pytest
import torch
from torch.func import jacrev, vmap

from rnnlab import GRU, LSTM, UGRNN, GRUResetAfter, PreActivationRNN, Stacked, VanillaRNN
from rnnlab.dynamics.maps import jacobians
from rnnlab.dynamics.slow_points import find_slow_points


def line(rate, curl=0.0, size=6):
    """A map that shrinks all but one direction by half a step, and moves along that one by `rate`; its line bends."""

    def F(h):
        s, rest = h[..., :1], h[..., 1:]
        bend = curl * torch.sin(s) * torch.ones(size - 1, dtype=h.dtype)
        moved = s * (1 - rate)
        return torch.cat([moved, curl * torch.sin(moved) + 0.5 * (rest - bend)], -1)

    return F


@pytest.fixture
def starts():
    return torch.randn(200, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("curl", [0.0, 0.7])
def test_a_line_of_fixed_points_is_reached_where_each_start_is(starts, curl):
    points = find_slow_points(line(0.0, curl), starts)
    assert len(points) == 200
    torch.testing.assert_close(points[:, 0], starts[:, 0], atol=1e-3, rtol=0)
    assert ((line(0.0, curl)(points) - points) ** 2).mean(-1).max() < 1e-8


def test_a_slow_line_keeps_the_points_that_move_slowly_enough(starts):
    rate, tolerance = 2e-4, 1e-9
    points = find_slow_points(line(rate), starts, tolerance=tolerance)
    reach = (6 * tolerance) ** 0.5 / rate  # where (rate · s)² / 6 is the tolerance
    assert points[:, 0].abs().max() <= reach
    near = starts[starts[:, 0].abs() < 0.9 * reach, 0]  # those beside the edge may be moved across it
    assert len(near) > 50 and torch.cdist(near[:, None], points[:, :1]).amin(1).max() < 0.02 * reach


def test_a_map_that_never_rests_has_no_points(starts):
    assert find_slow_points(lambda h: h + 1, starts).shape == (0, 6)


@pytest.mark.parametrize("tolerance", [0.0, -1e-8, float("nan")])
def test_a_tolerance_is_positive(starts, tolerance):
    with pytest.raises(ValueError, match="tolerance must be positive"):
        find_slow_points(line(0.0), starts, tolerance=tolerance)


def test_starts_that_are_not_finite(starts):
    starts[3, 2] = torch.nan
    with pytest.raises(ValueError, match="1 of 200 starts are not finite"):
        find_slow_points(line(0.0), starts)


KINDS = {kind.__name__: lambda g, kind=kind: kind(2, 6, generator=g) for kind in (GRU, GRUResetAfter, UGRNN, LSTM)}
KINDS |= {kind.__name__: lambda g, kind=kind: kind(2, 6, generator=g) for kind in (VanillaRNN, PreActivationRNN)}
KINDS["Stacked"] = lambda g: Stacked([LSTM(2, 8, generator=g), GRU(4, 3, generator=g)])


@pytest.mark.parametrize("kind", KINDS)
def test_jacobians_written_out_equal_automatic_ones(kind):
    generator = torch.Generator().manual_seed(5)
    cell = KINDS[kind](generator).double().requires_grad_(False)
    for weights in cell.parameters():
        weights *= 3
    F = cell.at(torch.randn(2, generator=generator, dtype=torch.float64))
    h = torch.randn(7, cell.state_size, generator=generator, dtype=torch.float64)
    torch.testing.assert_close(jacobians(F, h), vmap(jacrev(F))(h), rtol=1e-12, atol=1e-13)
