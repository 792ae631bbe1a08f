"""Low-dimensional pictures of high-dimensional states."""

from dataclasses import dataclass

import torch
from jaxtyping import Complex, Float, Int
from torch import Tensor

from rnnlab._extras import needed_by


@dataclass(frozen=True)
class PCA:
    """Principal axes of a cloud of states: x ≈ mean + Σ_k coordinate_k · component_k.

    Attributes:
        components (k, state): orthonormal rows.
        explained_variance_ratio (all,): shares of the variance along *every* axis, of which the first k are kept.
    """

    mean: Float[Tensor, " state"]
    components: Float[Tensor, "k state"]
    explained_variance_ratio: Float[Tensor, " all"]

    def project(self, states: Float[Tensor, "*batch state"]) -> Float[Tensor, "*batch k"]:
        """Coordinates of states on the principal axes."""
        return (states.to(self.mean) - self.mean) @ self.components.T

    def reconstruct(self, coordinates: Float[Tensor, "*batch k"]) -> Float[Tensor, "*batch state"]:
        """The states in the span of the kept axes that have these coordinates."""
        return self.mean + coordinates.to(self.mean) @ self.components


def pca(states: Float[Tensor, "*batch state"], components: int = 3) -> PCA:
    """Principal components of states, all leading dimensions taken as samples; float64, by scikit-learn.

    The sign of each axis is chosen so that its largest entry is positive.

    Raises:
        ValueError: for fewer samples or dimensions than components, and states that are not finite, or all the same.

    >>> axes = rnnlab.geometry.pca(torch.tensor([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]]), components=1)
    >>> axes.components.round(decimals=6).tolist(), axes.explained_variance_ratio.round(decimals=6).tolist()
    ([[0.6, 0.8]], [1.0, 0.0])
    """
    with needed_by("geometry.pca", extra="geometry"):
        from sklearn.decomposition import PCA as ScikitPCA

    samples = torch.atleast_2d(states.detach()).flatten(0, -2).double().cpu()
    if not 1 <= components <= min(samples.shape):
        raise ValueError(
            f"{components} components need at least as many samples and dimensions, got {tuple(samples.shape)}"
        )
    if not torch.isfinite(samples).all():
        raise ValueError("states must be finite")
    if (samples == samples[0]).all():
        raise ValueError("states must vary: all of them are the same")
    fit = ScikitPCA(svd_solver="covariance_eigh").fit(samples.numpy())
    axes = torch.from_numpy(fit.components_[:components])
    signs = axes.gather(1, axes.abs().argmax(1, keepdim=True)).sign()
    return PCA(torch.from_numpy(fit.mean_), axes * signs, torch.from_numpy(fit.explained_variance_ratio_))


def share_in_subspace(
    vectors: Float[Tensor, "*batch state"] | Complex[Tensor, "*batch state"], axes: Float[Tensor, "k state"]
) -> Float[Tensor, "*batch"]:
    """Squared projection of each (real or complex) vector on the span of orthonormal rows, ‖V v‖² / ‖v‖², in [0, 1].

    For directions drawn at random the expected share is k / state.
    """
    return ((vectors @ axes.to(vectors).T).abs() ** 2).sum(-1) / (vectors.abs() ** 2).sum(-1)


def axes_needed(variances: Float[Tensor, "*batch all"], share: float = 0.95) -> Int[Tensor, "*batch"]:
    """How many leading axes hold `share` of the `variances` (falling, any unit): a dimension of the span of a cloud.

    Raises:
        ValueError: for a share outside (0, 1].
    """
    if not 0 < share <= 1:
        raise ValueError(f"share must be in (0, 1], got {share}")
    held = variances.double().cumsum(-1)
    return 1 + (held < share * held[..., -1:] * (1 - 1e-12)).sum(-1)


def participation_ratio(variances: Float[Tensor, "*batch all"]) -> Float[Tensor, "*batch"]:
    """(Σ_k λ_k)² / Σ_k λ_k²: a dimension that is n for n equal variances, and less where they differ."""
    λ = variances.double()
    return λ.sum(-1) ** 2 / (λ * λ).sum(-1)
