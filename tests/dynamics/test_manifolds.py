"""Trajectories that leave saddles, on a network whose fixed points are known."""

import pytest
import torch

from rnnlab import find_fixed_points, from_saddles, linearize


def test_from_saddles_starts_beside_each_saddle_and_follows_the_map(F, fixed_points, modes):
    flow = from_saddles(F, fixed_points, modes, distance=0.01, steps=300)
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
    flow = from_saddles(spiral, points, linearize(spiral, points.states), steps=1)
    assert torch.linalg.matrix_rank(flow[:, 0]) == 2


@pytest.mark.parametrize("wrong", [{"distance": 0.0}, {"steps": 0}])
def test_from_saddles_refuses(F, fixed_points, modes, wrong):
    with pytest.raises(ValueError, match="distance must be above 0 and steps at least 1"):
        from_saddles(F, fixed_points, modes, **wrong)
