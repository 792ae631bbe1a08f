"""The approximate line attractor of a classifier with two classes: its points, its modes, and what words do there."""

import copy
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from rnnlab._extras import needed_by
from rnnlab.book.language.classifier import TextClassifier
from rnnlab.dynamics.fixed_points import distinct
from rnnlab.dynamics.linearize import Modes, linearize
from rnnlab.dynamics.slow_points import find_slow_points
from rnnlab.geometry import pca

POINTS = 500  # points that are enough
STARTS = 300  # visited states led towards the line at a time, until there are enough points
LINEARISED = 150  # points, evenly spread in rank along the line, at which the map is linearised


@dataclass(frozen=True)
class LineAttractor:
    """Slow points in order along the line, from negative to positive; float64.

    Attributes:
        points (points, state): the slow points.
        theta (points,): in [−1, 1], by locally linear embedding.
        logits (points,): the readout at each.
        starts: how many visited states were led towards the line.
        visited (2,): 1st and 99th percentile of their logits.
        direction (state,): m, the unit vector along the points' first principal axis.
        straightness: its share of their variance.
        rows (linearised,): the indices of the points at which the map is linearised; `modes` are those there.
        slow (linearised,): which mode integrates at each: the one whose λ is nearest to 1. It is the first, of largest
            |λ|, unless the map oscillates.
        slow_right (linearised, state): its r₁, of norm 1 and with r₁ · m > 0.
        slow_left (linearised, state): its ℓ₁, with ℓ₁ · r₁ = 1.
    """

    points: Float[Tensor, "points state"]
    theta: Float[Tensor, " points"]
    logits: Float[Tensor, " points"]
    starts: int
    visited: Float[Tensor, "2"]
    direction: Float[Tensor, " state"]
    straightness: float
    rows: Int[Tensor, " linearised"]
    modes: Modes
    slow: Int[Tensor, " linearised"]
    slow_right: Float[Tensor, "linearised state"]
    slow_left: Float[Tensor, "linearised state"]

    def __str__(self):
        return (
            f"{len(self.points)} points from {self.starts} starts, logits {self.logits.min():.1f} … "
            f"{self.logits.max():.1f}, {self.straightness:.1%} of their variance along one axis, "
            f"median τ₁ {self.time_constants.median():,.0f} tokens"
        )

    __repr__ = __str__

    @property
    def coverage(self) -> float:
        """The share of the range of visited logits, from the 1st to the 99th percentile, that the points span."""
        low, high = self.visited.tolist()
        return float((min(self.logits.max(), high) - max(self.logits.min(), low)) / (high - low))

    @property
    def time_constants(self) -> Float[Tensor, " linearised"]:
        """τ₁ = |1 / ln|λ₁|| of the mode that integrates, in tokens, at each linearised point."""
        return self.modes.time_constants.gather(1, self.slow[:, None])[:, 0]

    @property
    def alignment(self) -> Float[Tensor, " linearised"]:
        """r₁ · m at each linearised point."""
        return self.slow_right @ self.direction

    @property
    def selection_weights(self) -> Float[Tensor, "linearised input"]:
        """w = (∂F/∂x)ᵀ ℓ₁ at each linearised point: an input x moves the state by w · x along the slowest mode."""
        return torch.einsum("nsi,ns->ni", self.modes.input_jacobian, self.slow_left)

    def input_jumps(self, inputs: Float[Tensor, "words input"]) -> Float[Tensor, "linearised words state"]:
        """(∂F/∂x) x at each linearised point: what each input does to the state at once."""
        return (self.modes.input_jacobian @ inputs.double().T).mT

    def pushes(self, inputs: Float[Tensor, "words input"]) -> Float[Tensor, "linearised words"]:
        """ℓ₁ · (∂F/∂x) x at each linearised point: how far each input moves the state along the slowest mode."""
        return self.selection_weights @ inputs.double().T

    def nearest(self, states: Float[Tensor, "states state"]) -> Int[Tensor, " states"]:
        """For each state the index in `rows` of the linearised point next to it."""
        return torch.cdist(states.double(), self.points[self.rows]).argmin(1)


def manifold_coordinate(
    points: Float[Tensor, "points state"], along: Float[Tensor, " points"], *, neighbours: int = 30
) -> Float[Tensor, " points"]:
    """θ ∈ [−1, 1], where on a curve each point lies, by locally linear embedding (scikit-learn); float64.

    Each point is seen from its `neighbours` next ones; while these leave the points in several parts, which could be
    embedded anywhere, from twice as many. θ grows with `along`, such as a readout: their rank correlation is ≥ 0.

    Raises:
        ValueError: if there are not more points than neighbours.
    """
    from scipy.sparse.csgraph import connected_components
    from scipy.stats import spearmanr

    with needed_by("find_line", extra="book"):
        from sklearn.manifold import LocallyLinearEmbedding
        from sklearn.neighbors import kneighbors_graph

    if not 1 <= neighbours < len(points):
        raise ValueError(f"{neighbours} neighbours need more points than that, got {len(points)}")
    samples = points.detach().double().cpu().numpy()
    while connected_components(kneighbors_graph(samples, neighbours), directed=False)[0] > 1:
        neighbours = min(2 * neighbours, len(points) - 1)
    embedding = LocallyLinearEmbedding(n_neighbors=neighbours, n_components=1, eigen_solver="dense")
    θ = torch.from_numpy(embedding.fit_transform(samples)[:, 0])
    θ = 2 * (θ - θ.min()) / (θ.max() - θ.min()) - 1
    return θ if spearmanr(θ, along.detach().cpu()).statistic >= 0 else -θ


def find_line(
    classifier: TextClassifier,
    states: Float[Tensor, "states state"],
    x: Float[Tensor, " input"] | None = None,
    *,
    tolerance: float = 1e-8,
) -> LineAttractor:
    """The line attractor near visited `states`, under the constant input `x`: zero if not given.

    As many states, by hundreds, are led towards the line as it takes to find 500 distinct points, or all of them.

    Raises:
        ValueError: for a classifier of more than two classes, or where they lead to fewer than 50 points with
            ‖F(h) − h‖² / N < `tolerance`: there is no line to speak of.
    """
    if len(classifier.classes) != 2:
        raise ValueError(f"a line has two ends, for two classes; the classifier has {len(classifier.classes)}")
    network = copy.deepcopy(classifier.network).double().requires_grad_(False)
    x = torch.zeros(network.cell.input_size) if x is None else x.detach()
    F = network.cell.at(x.double())
    points, starts = states[:0].double(), 0
    for part in states.double().split(STARTS):
        points = distinct(torch.cat([points, find_slow_points(F, part, tolerance=tolerance)]))
        starts += len(part)
        if len(points) >= POINTS:
            break
    if len(points) < 50:
        raise ValueError(f"{starts} states lead to only {len(points)} distinct points with q/N < {tolerance:g}")
    logits = network.outputs(points)[:, 0]
    θ = manifold_coordinate(points, logits)
    order = θ.argsort()
    points, θ, logits = points[order], θ[order], logits[order]
    axis = pca(points, 1)
    m = axis.components[0]
    m = m * ((points @ m - (points @ m).mean()) @ logits).sign()  # towards positive
    rows = torch.linspace(0, len(points) - 1, min(LINEARISED, len(points))).round().long()
    modes = linearize(F, points[rows])
    slow, r, left = modes.integrating()
    sign = (r @ m).sign()[:, None]
    visited = network.outputs(states.double())[:, 0].quantile(torch.tensor([0.01, 0.99], dtype=torch.float64))
    straight = float(axis.explained_variance_ratio[0])
    return LineAttractor(points, θ, logits, starts, visited, m, straight, rows, modes, slow, r * sign, left * sign)


def one_step_errors(
    classifier: TextClassifier,
    line: LineAttractor,
    states: Float[Tensor, "states state"],
    tokens: Int[Tensor, " states"],
) -> Float[Tensor, " states"]:
    """‖h′ − g‖ / ‖h′‖ for h′ = F(h, x) and its linearisation g = F(h₀, 0) + J (h − h₀) + J_inp x at the nearest
    linearised point h₀, for each state h and the token read there. Source: Maheswaranathan et al. 2019, 4.6.
    """
    network = copy.deepcopy(classifier.network).double().requires_grad_(False)
    h, x = states.double(), classifier.embed(tokens).detach().double()
    near = line.nearest(h)
    point, modes = line.points[line.rows[near]], line.modes
    there = network.cell(x, h)
    zero = torch.zeros(1, x.shape[1], dtype=torch.float64)
    linear = network.cell(zero, point)
    linear = linear + torch.einsum("nij,nj->ni", modes.state_jacobian[near], h - point)
    linear = linear + torch.einsum("nij,nj->ni", modes.input_jacobian[near], x)
    return (there - linear).norm(dim=1) / there.norm(dim=1)
