"""Low-rank theory: a rate network of rank R as R equations, for the network itself and in the limit of many units.

A `LowRankRNN` that starts in the span of m and W stays in it, h = m κ + W v (Dubreuil, eq. 9), and

    τ dκ/dt = −κ + G(κ, v),   τ dv/dt = −v + x,   G(κ, v) = ⟨n Φ(m·κ + W·v)⟩,

where ⟨·⟩ is the average over the units. `Latent` takes it over the units there are: an exact change of coordinates.
`MeanField` takes it over a Gaussian mixture that the units' loadings (m, n, W) are drawn from: what is left as N → ∞.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import cast

import torch
from jaxtyping import Float
from torch import Tensor

from rnnlab._extras import needed_by
from rnnlab.cells import NONLINEARITIES, LowRankRNN
from rnnlab.network import Network

NODES = 200  # of the Gauss–Hermite rule: tanh to 1e-9 up to a variance of 4, to 3e-4 up to 25


@dataclass(frozen=True)
class LoadingDistribution:
    """A Gaussian mixture of loadings: those of a unit are drawn from one of P populations; float64.

    A unit's loadings are the row (m, n, W, w) of R + R + inputs + outputs = D entries, w = N V its readout weights.

    Attributes:
        weights (P,): shares of the populations, summing to 1.
        means (P, D), covariances (P, D, D): of each population.
        rank, inputs: R, and the columns of W.
        options: nonlinearity, tau and dt of the networks.

    Raises:
        ValueError: for shapes that do not fit, numbers that are not finite, shares that are not a distribution or
            covariances that are not symmetric and positive semidefinite.
    """

    weights: Float[Tensor, " populations"]
    means: Float[Tensor, "populations loadings"]
    covariances: Float[Tensor, "populations loadings loadings"]
    rank: int
    inputs: int
    options: dict

    def __post_init__(self):
        P, D = self.means.shape
        if self.weights.shape != (P,) or self.covariances.shape != (P, D, D) or D < 2 * self.rank + self.inputs:
            raise ValueError(
                f"{P} populations of {D} loadings, at least {2 * self.rank + self.inputs}, need weights ({P},) and "
                f"covariances ({P}, {D}, {D}); got {tuple(self.weights.shape)} and {tuple(self.covariances.shape)}"
            )
        if not all(torch.isfinite(part).all() for part in (self.weights, self.means, self.covariances)):
            raise ValueError("weights, means and covariances must be finite")
        if (self.weights < 0).any() or abs(float(self.weights.sum()) - 1) > 1e-6:
            raise ValueError(f"weights must be shares that sum to 1, got {self.weights.tolist()}")
        least = torch.linalg.eigvalsh(self.covariances).amin()
        if not torch.allclose(self.covariances, self.covariances.mT) or least < -1e-6 * self.covariances.abs().max():
            raise ValueError(f"covariances must be symmetric and positive semidefinite, least eigenvalue {least:.1e}")

    @classmethod
    def fit(cls, network: Network, populations: int = 1, *, seed: int = 0) -> "LoadingDistribution":
        """The mixture that fits the loadings of a trained network best, by scikit-learn's `GaussianMixture`.

        Of one population it is their mean and covariance.

        Raises:
            TypeError: for a network of other cells.
            ValueError: for more populations than units.
        """
        with needed_by("LoadingDistribution.fit", extra="geometry"):
            from sklearn.mixture import GaussianMixture

        rows, cell = loadings(network), cast(LowRankRNN, network.cell)
        if not 1 <= populations < len(rows):
            raise ValueError(f"populations must be from 1 to less than the {len(rows)} units, got {populations}")
        fit = GaussianMixture(populations, n_init=10, random_state=seed, reg_covar=1e-6).fit(rows.numpy())
        options = {name: getattr(cell, name) for name in ("nonlinearity", "tau", "dt")}
        weights, means, covariances = map(torch.from_numpy, (fit.weights_, fit.means_, fit.covariances_))
        return cls(weights, means, covariances, cell.rank, cell.input_size, options)

    def sample(self, units: int, generator: torch.Generator) -> Network:
        """A network of `units` units whose loadings are drawn from the mixture, float32; nothing is trained."""
        parts = torch.linalg.eigh(self.covariances)
        root = parts.eigenvectors * parts.eigenvalues.clamp(min=0).sqrt()[:, None]
        population = torch.multinomial(self.weights, units, replacement=True, generator=generator)
        z = torch.randn(units, self.means.shape[1], dtype=torch.float64, generator=generator)
        rows = (self.means[population] + torch.einsum("nij,nj->ni", root[population], z)).float()
        R, outputs = self.rank, self.means.shape[1] - 2 * self.rank - self.inputs
        m, n, W, w = rows.split([R, R, self.inputs, outputs], 1)
        network = Network.from_cell(LowRankRNN.from_loadings(m, n, W, **self.options), outputs)
        with torch.no_grad():
            network.readout.weight = w.T / units
        return network.requires_grad_(False)

    def mean_field(self) -> "MeanField":
        """The dynamics in the limit of many units."""
        return MeanField(self)


def loadings(network: Network) -> Float[Tensor, "units loadings"]:
    """The rows (m, n, W, w) of a network's units, w = N V; float64; TypeError unless its cell is a LowRankRNN."""
    cell = network.cell
    if type(cell) is not LowRankRNN:
        raise TypeError(f"loadings are those of a LowRankRNN, got a {type(cell).__name__}")
    parts = (cell.m, cell.n, cell.W, cell.units * network.readout.weight.T)
    return torch.cat([part.detach().double() for part in parts], 1)


@dataclass(frozen=True)
class Latent:
    """G(κ, v) of a network of N units, exact: nᵀ Φ(m κ + W v) / N. float64.

    >>> G = rnnlab.lowrank.Latent(rnnlab.LowRankRNN.from_loadings(*torch.ones(3, 5, 1)))  # m, n and W of 5 units
    >>> round(float(G(torch.tensor([0.5]), torch.tensor([0.1]))), 6)  # tanh(0.5 + 0.1)
    0.53705
    """

    cell: LowRankRNN

    def __call__(
        self, kappa: Float[Tensor, "*batch rank"], v: Float[Tensor, "*#batch input"]
    ) -> Float[Tensor, "*batch rank"]:
        m, n, W = self._loadings()
        return self.cell.phi(kappa.double() @ m.T + v.double() @ W.T) @ n / len(n)

    def _loadings(self):
        return (part.detach().double() for part in (self.cell.m, self.cell.n, self.cell.W))

    @property
    def rank(self) -> int:
        """R."""
        return self.cell.rank

    @property
    def rate(self) -> float:
        """dt/τ, the part of the way to G that a step takes."""
        return self.cell.rate

    @property
    def reach(self) -> Float[Tensor, " rank"] | None:
        """⟨|n|⟩, half-widths of a box that κ stays in, since Φ is between −1 and 1. None for relu, which is not."""
        return None if self.cell.nonlinearity == "relu" else self.cell.n.detach().double().abs().mean(0)

    def couplings(
        self, kappa: Float[Tensor, " rank"], v: Float[Tensor, " input"]
    ) -> tuple[Float[Tensor, "rank rank"], Float[Tensor, "rank input"]]:
        """∂G/∂κ = ⟨n Φ′ mᵀ⟩ and ∂G/∂v = ⟨n Φ′ Wᵀ⟩, the couplings of a small change at κ and v."""
        m, n, W = self._loadings()
        weighted = n * self.cell.slope(m @ kappa.double() + W @ v.double())[:, None] / len(n)
        return weighted.T @ m, weighted.T @ W

    def project(self, h: Float[Tensor, "*batch state"]) -> Float[Tensor, "*batch rank"]:
        """κ of states h = m κ + W v, by least squares."""
        m, _, W = self._loadings()
        basis = torch.cat([m, W], 1)
        return (h.double() @ torch.linalg.pinv(basis).T)[..., : self.rank]

    def embed(
        self, kappa: Float[Tensor, "*batch rank"], v: Float[Tensor, "*#batch input"]
    ) -> Float[Tensor, "*batch state"]:
        """h = m κ + W v."""
        m, _, W = self._loadings()
        return kappa.double() @ m.T + v.double() @ W.T


@dataclass(frozen=True)
class MeanField:
    """G(κ, v) for N → ∞ units whose loadings come from a mixture of Gaussians.

    In population p the current y = m·κ + W·v is Gaussian, of mean μ and variance Δ, and by Stein's lemma

        G_j = Σ_p α_p (⟨n_j⟩ ⟨Φ(y)⟩ + cov(n_j, y) ⟨Φ′(y)⟩) = Σ_p α_p ⟨n_j⟩⟨Φ⟩ + Σ_k σ_jk^rec κ_k + Σ_l σ_jl^in v_l,

    with effective couplings σ_jk = Σ_p α_p cov_p(n_j, m_k) ⟨Φ′⟩_p. The averages over y are `gaussian_averages`.
    Source: Dubreuil, eq. 10; Dubreuil et al. 2020; Beiran et al. 2020.
    """

    statistics: LoadingDistribution

    def _populations(self, kappa, v):
        s, R = self.statistics, self.statistics.rank
        own = torch.cat([torch.arange(R), torch.arange(2 * R, 2 * R + s.inputs)])  # the loadings that y is made of
        shape = torch.broadcast_shapes(kappa.shape[:-1], v.shape[:-1])
        z = torch.cat([part.double().expand(*shape, -1) for part in (kappa, v)], -1)
        μ = z @ s.means[:, own].T
        Δ = torch.einsum("...i,pij,...j->...p", z, s.covariances[:, own][:, :, own], z)
        Φ, slope = gaussian_averages(s.options["nonlinearity"], μ, Δ)
        return own, Φ, slope

    def __call__(
        self, kappa: Float[Tensor, "*batch rank"], v: Float[Tensor, "*#batch input"]
    ) -> Float[Tensor, "*batch rank"]:
        rec, ins, constant = self.couplings(kappa, v)
        return constant + (rec @ kappa.double()[..., None])[..., 0] + (ins @ v.double()[..., None])[..., 0]

    def couplings(
        self, kappa: Float[Tensor, "*batch rank"], v: Float[Tensor, "*#batch input"]
    ) -> tuple[Float[Tensor, "*batch rank rank"], Float[Tensor, "*batch rank input"], Float[Tensor, "*batch rank"]]:
        """σ^rec, σ^in, and the part Σ_p α_p ⟨n⟩⟨Φ⟩ that populations with a mean n add."""
        s, R = self.statistics, self.statistics.rank
        own, Φ, slope = self._populations(kappa, v)
        n = slice(R, 2 * R)
        σ = torch.einsum("...p,pij->...ij", s.weights * slope, s.covariances[:, n][:, :, own])
        return σ[..., :R], σ[..., R:], (s.weights * Φ) @ s.means[:, n]

    @property
    def rank(self) -> int:
        """R."""
        return self.statistics.rank

    @property
    def rate(self) -> float:
        """dt/τ."""
        return self.statistics.options["dt"] / self.statistics.options["tau"]

    @property
    def reach(self) -> Float[Tensor, " rank"] | None:
        """As for `Latent`, a bound of ⟨|n|⟩: ⟨n²⟩^½ in each population."""
        s, n = self.statistics, slice(self.rank, 2 * self.rank)
        if s.options["nonlinearity"] == "relu":
            return None
        second = s.means[:, n] ** 2 + s.covariances[:, n, n].diagonal(dim1=-2, dim2=-1)
        return s.weights @ second.sqrt()


def gaussian_averages(
    nonlinearity: str, mean: Float[Tensor, "*#batch"], variance: Float[Tensor, "*#batch"], *, closed: bool = True
) -> tuple[Float[Tensor, "*batch"], Float[Tensor, "*batch"]]:
    """⟨Φ(y)⟩ and ⟨Φ′(y)⟩ for Gaussian y.

    In closed form, unless `closed` is False, for erf, with Δ′ = 1 + πΔ/2: ⟨Φ⟩ = erf(√π/2 μ/√Δ′) and
    ⟨Φ′⟩ = e^(−π μ²/(4Δ′))/√Δ′; and for relu, with the normal density p and distribution P at s = μ/√Δ:
    ⟨Φ⟩ = μ P(s) + √Δ p(s), ⟨Φ′⟩ = P(s). For tanh by Gauss–Hermite quadrature, Σ_i w_i Φ(μ + √Δ y_i).

    Raises:
        ValueError: for an unknown nonlinearity.
    """
    if nonlinearity not in NONLINEARITIES:
        raise ValueError(f"nonlinearity must be one of {', '.join(NONLINEARITIES)}; got {nonlinearity!r}")
    Φ, slope = NONLINEARITIES[nonlinearity]
    if nonlinearity == "erf" and closed:
        wider = (1 + torch.pi / 2 * variance).sqrt()
        return Φ(mean / wider), slope(mean / wider) / wider
    σ = variance.clamp(min=1e-30).sqrt()  # whose derivative at 0 is finite
    if nonlinearity == "relu" and closed:
        above = torch.special.ndtr(mean / σ)
        return mean * above + σ * torch.exp(-((mean / σ) ** 2) / 2) / (2 * torch.pi) ** 0.5, above
    nodes, weights = _gauss_hermite()
    y = mean[..., None] + σ[..., None] * nodes
    return Φ(y) @ weights, slope(y) @ weights


@cache
def _gauss_hermite():
    """Nodes, and weights that sum to 1."""
    from scipy.special import roots_hermitenorm

    nodes, weights = (torch.from_numpy(part) for part in roots_hermitenorm(NODES))
    return nodes, weights / weights.sum()


@dataclass(frozen=True)
class LatentMap:
    """κ → κ + dt/τ (G(κ, v) − κ) under an input that has been there for long, v = x. A map in R dimensions."""

    G: Callable
    v: Float[Tensor, " input"]

    def __call__(self, kappa):
        return torch.lerp(kappa, self.G(kappa, self.v), self.G.rate)


def latent_run(
    G: Latent | MeanField,
    inputs: Float[Tensor, "batch time input"],
    kappa0: Float[Tensor, "batch rank"] | None = None,
    v0: Float[Tensor, "batch input"] | None = None,
) -> tuple[Float[Tensor, "batch time rank"], Float[Tensor, "batch time input"]]:
    """κ and v after each of the inputs, by the Euler steps that the network itself makes; float64.

    From kappa0 and v0 (zeros if not given). For `Latent` it is the network's own run in other coordinates.
    """
    x = inputs.double()
    κ = x.new_zeros(len(x), G.rank) if kappa0 is None else kappa0.double()
    v = torch.zeros_like(x[:, 0]) if v0 is None else v0.double()
    κs, vs = [], []
    for now in x.unbind(1):
        κ, v = torch.lerp(κ, G(κ, v), G.rate), torch.lerp(v, now, G.rate)
        κs.append(κ)
        vs.append(v)
    return torch.stack(κs, 1), torch.stack(vs, 1)
