"""PCA against the covariance; angles, shares and dimensions against constructions."""


import numpy as np
import pytest
import torch

from rnnlab.geometry import (
    axes_needed,
    local_dimension,
    manifold_coordinate,
    participation_ratio,
    pca,
    share_in_subspace,
)


def random(*shape, seed=0):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def rotation(size):
    return torch.linalg.qr(random(size, size, seed=9))[0]


def test_pca_diagonalises_the_covariance():
    states = (random(10, 50, 6) * torch.tensor([5.0, 3, 2, 1, 0.5, 0.1])) @ rotation(6).T + 7
    found = pca(states, 4)
    covariance = np.cov(states.flatten(0, 1).numpy().T)
    variances = np.linalg.eigvalsh(covariance)[::-1]
    V = found.components.numpy()
    np.testing.assert_allclose(V @ V.T, np.eye(4), atol=1e-12)
    np.testing.assert_allclose(V @ covariance @ V.T, np.diag(variances[:4]), atol=1e-10)
    np.testing.assert_allclose(found.explained_variance_ratio, variances / variances.sum(), atol=1e-12)
    np.testing.assert_allclose(found.mean, states.mean((0, 1)), atol=1e-12)
    assert (found.components.amax(1) == found.components.abs().amax(1)).all()


def test_states_in_a_plane_are_reconstructed():
    plane = rotation(5)[:2]
    states = random(30, 2) @ plane + 1
    found = pca(states, 2)
    torch.testing.assert_close(found.reconstruct(found.project(states)), states)
    assert found.explained_variance_ratio[:2].sum() == pytest.approx(1)
    torch.testing.assert_close(found.project(found.mean), torch.zeros(2).double())
    torch.testing.assert_close(found.project(states.float()), found.project(states), rtol=0, atol=1e-5)


def test_rotated_states_have_rotated_axes():
    states, Q = random(100, 4) * torch.tensor([4.0, 3, 2, 1]), rotation(4)
    found, turned = pca(states), pca(states @ Q.T)
    torch.testing.assert_close(turned.project(states @ Q.T).abs(), found.project(states).abs())
    torch.testing.assert_close(turned.explained_variance_ratio, found.explained_variance_ratio)


@pytest.mark.parametrize(
    "states, components, message",
    [
        (torch.randn(2, 5), 3, "at least as many samples"),
        (torch.randn(9, 2), 3, "at least as many samples"),
        (torch.randn(9, 5), 0, "0 components"),
        (torch.randn(5), 3, "at least as many samples"),
        (torch.full((9, 5), torch.nan), 3, "must be finite"),
        (torch.ones(9, 5), 3, "must vary"),
    ],
)
def test_states_without_principal_components(states, components, message):
    with pytest.raises(ValueError, match=message):
        pca(states, components)


def test_share_in_subspace():
    axes = rotation(6)[:2]
    inside, outside = random(4, 2) @ axes, random(4, 4) @ rotation(6)[2:]
    torch.testing.assert_close(share_in_subspace(inside, axes), torch.ones(4).double())
    torch.testing.assert_close(share_in_subspace(outside, axes), torch.zeros(4).double())
    half = (inside / inside.norm(dim=1, keepdim=True) + 1j * outside / outside.norm(dim=1, keepdim=True)) * 3
    torch.testing.assert_close(share_in_subspace(half, axes), torch.full((4,), 0.5).double())
    assert share_in_subspace(random(20_000, 6), axes).mean() == pytest.approx(2 / 6, abs=0.01)





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


def test_dimensions_of_variances():
    variances = torch.tensor([[1.0, 1, 1, 0, 0], [8, 1, 1, 0, 0], [1, 0, 0, 0, 0]])
    assert participation_ratio(variances).tolist() == pytest.approx([3, 100 / 66, 1])
    assert axes_needed(variances).tolist() == [3, 3, 1]
    assert axes_needed(variances, 0.8).tolist() == [3, 1, 1]
    assert axes_needed(7 * variances, 1.0).tolist() == [3, 3, 1]
    with pytest.raises(ValueError, match="share must be in"):
        axes_needed(variances, 1.1)


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
