"""Chapter 16: Hopfield networks of graded units, and pictures of their wells, recall, capacity and mixtures."""

import warnings
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch
from jaxtyping import Float
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator, PercentFormatter
from torch import Tensor

from rnnlab.cells import LowRankRNN
from rnnlab.dynamics import FixedPoints
from rnnlab.plots import style
from rnnlab.plots.style import Picture

CAPACITY = 0.138  # patterns per unit that a Hopfield network of binary units can store (Amit, Gutfreund & Sompolinsky)
LINES = (
    ("#44aa99", "-", "s"),
    ("#332288", (0, (5, 1.5)), "o"),
    ("#cc6677", (0, (1.5, 1.2)), "D"),
    ("#888822", "-.", "^"),
)
DEPTH = LinearSegmentedColormap.from_list("depth", ["#5c7d9c", "#a9c0d4", "#e3ebf2", "#ffffff"])  # from low to high


def hopfield(patterns: Float[Tensor, "patterns units"], *, gain: float = 4.0, dt: float = 0.2) -> LowRankRNN:
    """A Hopfield network of graded units that stores ±1 `patterns` ξ: U = gain · Σ_μ ξ^μ ξ^μᵀ / N, without input.

    Its rank is the number P of patterns, with m^μ = gain · ξ^μ and n^μ = ξ^μ, so that `cell.overlaps(h)` is the overlap
    ⟨ξ^μ Φ(h)⟩ with each memory. With few patterns a memory that is alone in the state obeys (Dubreuil, eq. 5, 6)

        τ dκ/dt = −κ + tanh(gain · κ),

    which has two stable points for a gain above 1. The one input has no weight. dt: in units of τ.

    Raises ValueError for patterns that are not ±1 or more of them than units, or a gain that is not positive; warns
    above a load P/N of 0.138, beyond which the memories are lost.
    """
    if patterns.ndim != 2 or not patterns.numel() or not (patterns.abs() == 1).all():
        raise ValueError(f"patterns must be −1 or +1, of shape (patterns ≥ 1, units), got {tuple(patterns.shape)}")
    if not 0 < gain < float("inf"):
        raise ValueError(f"gain must be positive and finite, got {gain}")
    count, units = patterns.shape
    if count > CAPACITY * units:
        warnings.warn(
            f"{count} patterns in {units} units are a load of {count / units:.3f}, above {CAPACITY}: "
            "they cannot all be recalled",
            stacklevel=2,
        )
    ξ = patterns.T if patterns.is_floating_point() else patterns.T.to(torch.get_default_dtype())
    return LowRankRNN.from_loadings(gain * ξ, ξ, torch.zeros_like(ξ[:, :1]), dt=dt).requires_grad_(False)


def random_patterns(count: int, units: int, generator: torch.Generator) -> Float[Tensor, "count units"]:
    """`count` patterns of independent ±1, both equally probable."""
    return 2.0 * torch.randint(0, 2, (count, units), generator=generator) - 1


def corrupted(
    patterns: Float[Tensor, "*batch units"], share: float, generator: torch.Generator
) -> Float[Tensor, "*batch units"]:
    """Patterns in which this share of the units, in [0, 1], chosen at random, has the other sign."""
    if not 0 <= share <= 1:
        raise ValueError(f"share must be in [0, 1], got {share}")
    flips = torch.rand(patterns.shape, generator=generator).argsort(-1) < round(share * patterns.shape[-1])
    return torch.where(flips, -patterns, patterns)


def energy(G: Callable, kappa: Float[Tensor, " points"], v: Float[Tensor, " input"]) -> Float[Tensor, " points"]:
    """E(κ) = ∫ (s − G(s, v)) ds from κ[0], by the trapezoidal rule: the potential of a rank-one network.

    It runs downhill, τ dκ/dt = −dE/dκ.
    """
    κ = kappa.double()
    force = κ - G(κ[:, None], v.double())[:, 0]
    return torch.cat([force.new_zeros(1), torch.cumulative_trapezoid(force, κ)])


def wells(kappa: Float[Tensor, " points"], energies: Mapping[str, Float[Tensor, " _points"]]) -> Picture:
    """The energy of one number, E(κ), a line for each name, with a disc in every valley and a ring on every hill.

    An energy has no zero: the lines are shifted so that each is a little below the one before in the middle of κ.
    """
    x = kappa.numpy()
    with style.context():
        figure = style.picture(style.WIDTH, 3.6)
        ax = figure.subplots()
        for i, ((name, line), (colour, dashes, _)) in enumerate(zip(energies.items(), LINES)):
            y = (line - line[len(line) // 2]).numpy() - 0.12 * i
            ax.plot(x, y, color=colour, ls=dashes, lw=2.2, label=name)
            turns = np.diff(np.sign(np.diff(y)))
            for gid, there, size, inside, edge in (
                ("valley", turns > 0, style.STABLE_SIZE, style.STABLE, "white"),
                ("hill", turns < 0, style.SADDLE_SIZES[0], "white", style.SADDLES[0]),
            ):
                at = np.flatnonzero(there) + 1
                ax.scatter(x[at], y[at], s=size, color=inside, edgecolor=edge, lw=1.6, zorder=4, gid=gid)
        ax.set(xlabel="overlap κ with the memory", ylabel="energy E(κ), shifted", xlim=(x[0], x[-1]))
        figure.legend(loc="outside upper center", ncols=len(energies), handlelength=2.2)
    return figure


def landscape(
    kappa: Float[Tensor, " grid"],
    energies: Float[Tensor, "_rows _columns"],
    points: FixedPoints,
    paths: Float[Tensor, "paths time 2"],
) -> Picture:
    """The energy of two overlaps, E(κ₁, κ₂), deep where dark, with its fixed points and some paths (green) downhill.

    energies: at (κ[i], κ[j]), the first index that of κ₁.
    """
    x = kappa.numpy()
    with style.context():
        figure = style.picture(style.WIDTH, style.WIDTH + 0.3)
        ax = figure.subplots()
        ax.contourf(x, x, energies.T.numpy(), 24, cmap=DEPTH)
        ax.contour(x, x, energies.T.numpy(), 24, colors="white", linewidths=0.6, linestyles="solid")
        for path in paths.numpy():
            ax.plot(*path.T, color=style.TRAJECTORY, lw=1.8, zorder=3, gid="path")
            ax.plot(*path[0], color=style.TRAJECTORY, marker="s", mfc="white", ms=6, mew=1.6, zorder=3)
        looks = [("stable", style.STABLE_SIZE, style.STABLE, "white")]
        looks += [(f"{k + 1} unstable", style.SADDLE_SIZES[k], "white", style.SADDLES[k]) for k in range(2)]
        for unstable in points.census:
            label, size, inside, edge = looks[unstable]
            at = points.states[points.n_unstable == unstable].numpy()
            ax.scatter(*at.T, s=size, color=inside, edgecolor=edge, lw=2, zorder=4, label=label, gid=label)
        ax.set(xlabel="overlap κ₁ with memory 1", ylabel="overlap κ₂ with memory 2", aspect="equal")
        figure.legend(loc="outside upper center", ncols=3)
    return figure


def recalls(
    times: Float[Tensor, " times"],
    own: Float[Tensor, "_times _cues"],
    others: Float[Tensor, "_times _cues"],
    energy: Float[Tensor, "_times _cues"],
) -> Picture:
    """Recalls against time: above, overlap with the memory of the cue and the largest with another; below, the energy.

    A pale line for each cue.
    """
    t = times.numpy()
    with style.context():
        figure = style.picture(style.WIDTH, 4.6)
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=(1.3, 1))
        for ax, lines, colour, label, gid in (
            (above, own, style.STABLE, "with its own memory", "own"),
            (above, others, style.NEUTRAL, "the largest with another", "others"),
            (below, energy, style.SADDLES[1], None, "energy"),
        ):
            for cue, line in enumerate(lines.T.numpy()):
                ax.plot(t, line, color=colour, lw=1, alpha=0.45, label=label if cue == 0 else None, gid=gid)
        above.set(ylabel="overlap κ", ylim=(-0.05, 1.05))
        below.set(xlabel="time (τ)", ylabel="energy per unit", xlim=(t[0], t[-1]))
        legend = figure.legend(loc="outside upper center", ncols=2, handlelength=1.6)
        for line in legend.get_lines():
            line.set(alpha=1, linewidth=2)
    return figure


def overlap(
    times: Float[Tensor, " times"],
    full: Float[Tensor, "_times _cues"],
    theory: Float[Tensor, "_times _cues"],
    loads: Sequence[float],
    errors: Mapping[str, Float[Tensor, " _loads"]],
) -> Picture:
    """The overlap equation: above, κ(t) in the network (dots) and by the equation (lines); below, errors by load.

    errors: {name: relative errors at each of `loads`}, on logarithmic axes.
    """
    with style.context():
        figure = style.picture(style.WIDTH, 5.6)
        above, below = figure.subplots(2, 1)
        lines = above.plot(times.numpy(), theory.numpy(), color=style.INK, lw=1.4, gid="equation")
        look = dict(ls="none", color=style.STABLE, marker="o", ms=3.6, mew=0)
        dots = above.plot(times.numpy(), full.numpy(), **look, gid="network")
        above.legend([dots[0], lines[0]], ["network", "equation"], loc="lower right", handlelength=1.4)
        above.set(xlabel="time (τ)", ylabel="overlap κ", ylim=(0, None))
        above.margins(x=0.01)
        for (name, line), (colour, dashes, mark) in zip(errors.items(), LINES):
            below.plot(loads, line.numpy(), color=colour, ls=dashes, marker=mark, ms=6, lw=2, label=name, gid="error")
        below.set(xscale="log", yscale="log", xlabel="load P/N", ylabel="relative error")
        below.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        below.xaxis.set_major_formatter("{x:g}")
        below.yaxis.set_major_formatter(lambda y, _: f"{100 * y:g} %")
        below.xaxis.set_minor_locator(NullLocator())
        below.legend(loc="lower right", handlelength=2.4)
    return figure


def capacity(
    loads: Sequence[float], recalled: Mapping[str, Mapping[str, Float[Tensor, " _loads"]]], *, limit: float
) -> Picture:
    """Share of recalled cues against the load: a panel for each kind of cue, in it a line for each size.

    recalled: {title of a panel: {name of a line: shares}}. limit: the load of a dashed vertical line, what theory says.
    """
    with style.context():
        figure = style.picture(style.WIDTH, 0.7 + 2.3 * len(recalled))
        axes = figure.subplots(len(recalled), 1, sharex=True, sharey=True, squeeze=False)[:, 0]
        for ax, (title, lines) in zip(axes, recalled.items()):
            ax.axhline(0.5, color=style.FAINT, lw=1.2)
            ax.axvline(limit, color=style.INK, lw=1.2, ls=(0, (4, 3)), gid="limit")
            for (name, shares), (colour, dashes, mark) in zip(lines.items(), LINES):
                look = dict(color=colour, ls=dashes, marker=mark, ms=5, lw=2, gid="recalled")
                ax.plot(loads, shares.numpy(), label=name if ax is axes[0] else None, **look)
            ax.set(title=title, ylabel="cues recalled", ylim=(-0.04, 1.04))
            ax.yaxis.set_major_formatter(PercentFormatter(1, symbol=" %"))
        axes[-1].set_xlabel("load P/N")
        figure.legend(loc="outside upper center", ncols=4, handlelength=2.4)
    return figure


def kinds(gains: Sequence[float], counts: Mapping[str, Sequence[int]], *, threshold: float) -> Picture:
    """How many stable points of each kind there are at each gain; a dashed line at a gain that theory gives."""
    with style.context():
        figure = style.picture(style.WIDTH, 3.4)
        ax = figure.subplots()
        ax.axvline(threshold, color=style.INK, lw=1.2, ls=(0, (4, 3)))
        for (name, line), (colour, dashes, mark) in zip(counts.items(), LINES):
            ax.plot(gains, list(line), color=colour, ls=dashes, marker=mark, ms=6, lw=2, label=name, gid="count")
        ax.set(xlabel="gain g", ylabel="stable points", ylim=(-0.4, None))
        ax.yaxis.set_major_locator(MaxNLocator(6, integer=True))
        figure.legend(loc="outside upper center", ncols=2, handlelength=2.4)
    return figure


def pictures(rows: Mapping[str, Float[Tensor, "_columns height width"]], titles: Sequence[str]) -> Picture:
    """Patterns and states as pictures, from −1 (white) to +1 (dark): a row for each name, a column for each title."""
    with style.context():
        side = (style.WIDTH - 0.6) / len(titles)
        figure = style.picture(style.WIDTH, 0.4 + side * len(rows))
        axes = figure.subplots(len(rows), len(titles), squeeze=False)
        shades = LinearSegmentedColormap.from_list("shades", ["#f4f6f9", style.SADDLES[2]])
        for line, (name, row) in zip(axes, rows.items()):
            for ax, picture in zip(line, row.numpy()):
                ax.imshow(picture, cmap=shades, vmin=-1, vmax=1, interpolation="nearest")
                ax.set(xticks=(), yticks=())
            line[0].set_ylabel(name)
        for ax, title in zip(axes[0], titles):
            ax.set_title(title, fontsize=10.5)
    return figure
