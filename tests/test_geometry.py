"""PCA against the covariance; angles, shares and dimensions against constructions."""

import numpy as np
import pytest
import torch

from rnnlab.geometry import (
    axes_needed,
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


def test_dimensions_of_variances():
    variances = torch.tensor([[1.0, 1, 1, 0, 0], [8, 1, 1, 0, 0], [1, 0, 0, 0, 0]])
    assert participation_ratio(variances).tolist() == pytest.approx([3, 100 / 66, 1])
    assert axes_needed(variances).tolist() == [3, 3, 1]
    assert axes_needed(variances, 0.8).tolist() == [3, 1, 1]
    assert axes_needed(7 * variances, 1.0).tolist() == [3, 3, 1]
    with pytest.raises(ValueError, match="share must be in"):
        axes_needed(variances, 1.1)
