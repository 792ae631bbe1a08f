"""The coordinate along a curve by locally linear embedding, and the dimension around each point of a cloud."""

import pytest
import torch

from rnnlab.book.chapters.ch15_more_answers import local_dimension
from rnnlab.book.language.line import manifold_coordinate
from rnnlab.geometry import (
    axes_needed,
    pca,
)


def random(*shape, seed=0):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def rotation(size):
    return torch.linalg.qr(random(size, size, seed=9))[0]


@pytest.mark.parametrize("gap", [0.0, 0.5], ids=["whole", "in two clusters"])
def test_the_coordinate_of_a_curve_is_its_length(gap):
    t = torch.linspace(0, 1, 300, dtype=torch.float64)
    t = torch.where(t > 0.5, t + gap, t)[torch.randperm(300, generator=torch.Generator().manual_seed(0))]
    curve = torch.stack([torch.cos(2 * t), torch.sin(2 * t), 0.3 * t, 0 * t], 1)
    θ = manifold_coordinate(curve, t, neighbours=10)
    assert torch.equal(θ.argsort(), t.argsort()) and θ.min() == -1 and θ.max() == 1
    assert torch.equal(manifold_coordinate(curve, -t, neighbours=10), -θ)


def test_a_curve_needs_more_points_than_neighbours():
    with pytest.raises(ValueError, match="30 neighbours need more points than that, got 30"):
        manifold_coordinate(torch.randn(30, 3), torch.arange(30.0))


def test_arms_of_a_star_span_a_plane_and_are_lines():
    """Three rays from one point, turned into eight dimensions: a set that spans two dimensions and has one."""
    ends = rotation(8)[:2].T @ torch.tensor([[0, 1.0], [0.75**0.5, -0.5], [-(0.75**0.5), -0.5]]).double().T
    arms = (torch.linspace(0.2, 1, 60).double()[:, None, None] * ends.T).flatten(0, 1) + 3
    assert axes_needed(pca(arms, 1).explained_variance_ratio) == 2
    assert (local_dimension(arms) == 1).all()
    assert (local_dimension(arms, reach=3.0) == 2).all()
    angle = torch.linspace(0, 6.2, 400).double()
    circle = torch.stack([angle.cos(), angle.sin()], 1)
    filled = (torch.linspace(0.1, 1, 10).double()[:, None, None] * circle).flatten(0, 1)[::5]
    assert local_dimension(filled @ rotation(8)[:2]).nanmean() == 2


def test_lonely_points_have_no_dimension():
    crowd = torch.cat([torch.linspace(0, 0.1, 20)[:, None].expand(20, 3), torch.full((1, 3), 5.0)])
    assert local_dimension(crowd)[-1].isnan() and (local_dimension(crowd)[:-1] == 1).all()
    for points, reach in ((crowd[:9], 0.2), (crowd, 0.0)):
        with pytest.raises(ValueError, match="at least ten points and a positive reach"):
            local_dimension(points, reach=reach)
