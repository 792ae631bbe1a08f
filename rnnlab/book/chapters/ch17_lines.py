"""Chapter 17: continuous attractors whose weights are written down, and pictures of what they keep, and how exactly."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from jaxtyping import Float
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Circle
from matplotlib.ticker import MaxNLocator
from torch import Tensor

from rnnlab.cells import LowRankRNN
from rnnlab.dynamics import FixedPoints
from rnnlab.plots import style
from rnnlab.plots.style import Picture

ASIDE = style.CYCLE  # what points off the attractor
SPEED = LinearSegmentedColormap.from_list("speed", ["#c9d6e8", style.SADDLES[1], style.SADDLES[2]])
HEIGHT = LinearSegmentedColormap.from_list("height", ["#7f9cc0", "#dfe5ec"])


def continuous_attractor(
    units: int,
    dimension: int,
    generator: torch.Generator,
    *,
    tuning: float = 1.0,
) -> LowRankRNN:
    """A network of rank `dimension` that keeps any state h = m κ + b with ‖κ‖ ≤ 1: a line for 1, a plane for 2.

    The rows of m and the thresholds b are drawn from normal distributions; b is the weight of input 0, which is to be 1
    at all times, and m are the weights of the other inputs, which are integrated. n is the solution of a ridge
    regression that makes the network's own input equal to its state,

        nᵀ Φ(m κ + b) / N = κ        for κ in a ball of radius 1.25,

    after Seung 1996, where n are the strengths of the synapses; then dκ/dt = 0 all along. `tuning` multiplies n: with
    1 − ε the state leaks away with the time constant τ/ε.

    Raises ValueError for a tuning that is not positive.
    """
    if not 0 < tuning < float("inf"):
        raise ValueError(f"tuning must be positive and finite, got {tuning}")
    m = torch.randn(units, dimension, generator=generator, dtype=torch.float64)
    b = 1.5 * torch.randn(units, 1, generator=generator, dtype=torch.float64)
    κ = torch.randn(4000, dimension, generator=generator, dtype=torch.float64)
    radius = torch.rand(4000, 1, generator=generator, dtype=torch.float64) ** (1 / dimension)
    κ = 1.25 * radius * torch.nn.functional.normalize(κ, dim=1)
    Φ = torch.tanh(κ @ m.T + b.T) / units
    gram = Φ.T @ Φ
    n = torch.linalg.solve(gram + 1e-8 * gram.diagonal().mean() * torch.eye(units, dtype=torch.float64), Φ.T @ κ)
    return LowRankRNN.from_loadings(m, tuning * n, torch.cat([b, m], 1)).requires_grad_(False)


def sum_of_units(
    kappa: Float[Tensor, " points"], parts: Float[Tensor, "points units"], whole: Float[Tensor, " points"], reach: float
) -> Picture:
    """Curves of some units, the average over all, and its error, one above the other.

    Above n_i Φ(m_i κ + b_i); in the middle G(κ), and κ, dashed; below |G(κ) − κ|. reach: half-width of the shaded range
    in which the two were fitted to each other.
    """
    x, G = kappa.numpy(), whole.numpy()
    with style.context():
        figure = style.picture(style.WIDTH, 5.6)
        above, middle, below = figure.subplots(3, 1, sharex=True)
        for curve, colour in zip(parts.T.numpy(), style.INPUTS, strict=False):
            above.plot(x, curve, color=colour, lw=1.6, gid="unit")
        middle.plot(x, G, color=style.TRAJECTORY, lw=2.4, gid="sum")
        middle.plot(x, x, color=style.INK, lw=1.2, ls=(0, (4, 3)))
        below.semilogy(x, np.abs(G - x), color=style.TRAJECTORY, lw=1.6, gid="error")
        above.set_ylabel("single units")
        middle.set_ylabel("average G(κ)")
        below.set(ylabel="|G(κ) − κ|", xlabel="κ", xlim=(x[0], x[-1]))
        for ax in (above, middle, below):
            ax.axvspan(-reach, reach, color=style.FAINT, lw=0, alpha=0.6, zorder=0)
        figure.align_ylabels()
    return figure


def integrator(
    times: Float[Tensor, " time"],
    commands: Float[Tensor, "time 2"],
    kept: Float[Tensor, " time"],
    integral: Float[Tensor, " time"],
    aside: Float[Tensor, " time"],
) -> Picture:
    """Against time (in τ), from top to bottom: the commands along m and along another direction w, dashed; what the
    network keeps, with the integral of the first command, dashed; the part of its state along w."""
    t = times.numpy()
    with style.context():
        figure = style.picture(style.WIDTH, 4.6)
        axes = figure.subplots(3, 1, sharex=True, height_ratios=(1, 1.5, 1))
        for command, colour, dashes in zip(commands.T.numpy(), (style.TRAJECTORY, ASIDE), ("-", (0, (3, 1)))):
            axes[0].plot(t, command, color=colour, lw=1.6, ls=dashes, drawstyle="steps-pre", gid="command")
        axes[1].plot(t, kept.numpy(), color=style.TRAJECTORY, lw=2.4, gid="kept")
        axes[1].plot(t, integral.numpy(), color=style.INK, lw=1.2, ls=(0, (4, 3)), gid="integral")
        axes[2].plot(t, aside.numpy(), color=ASIDE, lw=1.8, gid="aside")
        for ax, label in zip(axes, ("commands", r"kept: $\tilde\kappa$", "along w")):
            ax.set_ylabel(label)
            ax.yaxis.set_major_locator(MaxNLocator(4))
        axes[-1].set(xlabel="time (τ)", xlim=(t[0], t[-1]))
        figure.align_ylabels()
    return figure


def time_constants(kappa: Float[Tensor, " points"], named: Mapping[str, Float[Tensor, " points"]]) -> Picture:
    """Time constants (in τ, logarithmic) at points of the line, a curve for each of up to four names."""
    looks = zip((style.TRAJECTORY, style.STABLE, style.SADDLES[0], ASIDE), ("-", (0, (5, 1.5)), (0, (1, 1)), "-"))
    with style.context():
        figure = style.picture(style.WIDTH, 3.6)
        ax = figure.subplots()
        for (name, τ), (colour, dashes) in zip(named.items(), looks, strict=False):
            ax.semilogy(kappa.numpy(), τ.numpy(), color=colour, lw=2, ls=dashes, label=name, gid="time constant")
        ax.set(xlabel="κ", ylabel="time constant (τ)", ylim=(0.3, None))
        figure.legend(loc="outside upper center", ncols=2, handlelength=2.4)
    return figure


def drifts(
    times: Float[Tensor, " time"], runs: Mapping[str, Float[Tensor, "time starts"]], points: Mapping[str, FixedPoints]
) -> Picture:
    """κ against time (in τ) from several starts, a panel for each network; at the right its fixed points.

    points: under the same names, fixed points of the maps of κ. Discs are stable, rings are not.
    """
    with style.context():
        figure = style.picture(style.WIDTH, 0.5 + 1.9 * len(runs))
        axes = figure.subplots(len(runs), 1, sharex=True, sharey=True, squeeze=False)[:, 0]
        for ax, (name, κ) in zip(axes, runs.items()):
            ax.plot(times.numpy(), κ.numpy(), color=style.TRAJECTORY, lw=1.4, gid="run")
            stable, unstable = points[name].stable, points[name].saddles
            for gid, at, colour, fill in (
                ("stable", stable, style.STABLE, style.STABLE),
                ("unstable", unstable, style.SADDLES[0], "white"),
            ):
                level = at[:, 0].numpy()
                look = dict(s=20, facecolors=fill, edgecolors=colour, lw=1.3, clip_on=False, zorder=4, gid=gid)
                ax.scatter(np.full(len(level), 1.04 * float(times[-1])), level, **look)
            ax.set(title=name, ylabel="κ")
        axes[-1].set(xlabel="time (τ)", xlim=(float(times[0]), 1.04 * float(times[-1])))
    return figure


def half_pipes(
    kappa: Float[Tensor, " points"],
    energies: Mapping[str, Float[Tensor, " points"]],
    paths: Mapping[str, Sequence[Float[Tensor, "time 2"]]],
) -> Picture:
    """The surface V(κ, y) = y²/2 + E(κ) of each network, |y| ≤ 1, with balls that roll down it: a ring where a ball
    starts, a disc where it ends.

    energies: {name: E at the points κ}. paths: (κ, y) over time, under the same names. After Dubreuil, figure 2b.
    """
    y = np.linspace(-1, 1, 25)
    x = kappa.numpy()
    lowest = {name: float(E.min()) for name, E in energies.items()}
    top = 1 / 2 + max(float(E.max()) - lowest[name] for name, E in energies.items())
    with style.context():
        figure = style.picture(style.WIDTH, 2.8 * len(energies))
        figure.set_layout_engine("none")  # it would make room around axes whose surfaces leave their frame
        for row, (name, E) in enumerate(energies.items()):
            # The surface is one thing: matplotlib would sort it behind or before a whole path by its centre.
            place = (0, 1 - (row + 0.87) / len(energies), 0.97, 0.84 / len(energies))
            ax = figure.add_axes(place, projection="3d", computed_zorder=False)
            V = y[:, None] ** 2 / 2 + E.numpy() - lowest[name]
            look = dict(rstride=1, cstride=1, cmap=HEIGHT, vmin=0, vmax=top, lw=0, antialiased=False)
            ax.plot_surface(x, y[:, None], V, **look, rasterized=True, zorder=1)
            for k in range(0, len(x), max(1, len(x) // 12)):
                ax.plot(0 * y + x[k], y, V[:, k], color="white", lw=0.8, zorder=2)
            ax.plot(x, 0 * x, E.numpy() - lowest[name], color=style.INK, lw=1.2, ls=(0, (4, 3)), zorder=2)
            for path in paths[name]:
                k, aside = path.T.numpy()
                height = np.interp(k, x, E.numpy()) - lowest[name] + aside**2 / 2
                ax.plot(k, aside, height, color=style.TRAJECTORY, lw=2.2, zorder=3, gid="path")
                for gid, end, fill in (("start", 0, "white"), ("end", -1, style.TRAJECTORY)):
                    look = dict(s=60, facecolors=fill, edgecolors=style.TRAJECTORY, lw=1.8, depthshade=False, zorder=4)
                    ax.scatter(k[end], aside[end], height[end], **look, gid=gid)
            ax.set(zlim=(0, top), yticks=(-1, 0, 1), zticks=())
            ax.set_title(name, y=0.97, x=0.7)
            ax.set_xlabel("κ", labelpad=-4)
            ax.set_ylabel("y", labelpad=-6)
            for artist in (*ax.collections, *ax.lines):
                artist.set_clip_on(False)  # their frame is a square in the middle
            ax.set_box_aspect((2.4, 1.5, 0.5), zoom=1.4)
            ax.patch.set_visible(False)  # it would cover the ticks of the panel above
            ax.view_init(elev=46, azim=-58)
            ax.tick_params(pad=-2)
            ax.xaxis.set_major_locator(MaxNLocator(5))
            for axis in (ax.xaxis, ax.yaxis, ax.zaxis):
                axis.set_pane_color((1, 1, 1, 0))
                axis.line.set_color(style.FLOW)
                axis._axinfo["grid"]["color"] = style.FAINT
    return figure


def precision(errors: Float[Tensor, " errors"], named: Mapping[str, Float[Tensor, "errors draws"]]) -> Picture:
    """Time constants (in τ) against the size of an error, both logarithmic, a curve for each of up to four names:
    the median over the draws of the error, and the middle half."""
    marks = zip((style.SADDLES[0], style.TRAJECTORY, ASIDE, style.INK), ("o", "s", "^", ""))
    with style.context():
        figure = style.picture(style.WIDTH, 3.8)
        ax = figure.subplots()
        for (name, τ), (colour, mark) in zip(named.items(), marks, strict=False):
            low, middle, high = np.quantile(τ.numpy(), (0.25, 0.5, 0.75), axis=1)
            ax.fill_between(errors.numpy(), low, high, color=colour, alpha=0.25, lw=0, gid="middle half")
            dashes = "-" if mark else (0, (4, 3))
            look = dict(color=colour, lw=1.8, marker=mark, ms=5, ls=dashes, label=name, gid="median")
            ax.loglog(errors.numpy(), middle, **look)
        ax.set(xlabel="relative error of the weights", ylabel="least time constant (τ)")
        figure.legend(loc="outside upper center", ncols=2, handlelength=1.8, handletextpad=0.6)
    return figure


def modes(constants: Float[Tensor, "points modes"]) -> Picture:
    """The 10 longest time constants (in τ, logarithmic) at points of an attractor: dots, sorted at each, medians."""
    sorted_ = constants.sort(-1, descending=True).values[:, :10].numpy()
    numbers = np.arange(1, sorted_.shape[1] + 1)
    with style.context():
        figure = style.picture(style.WIDTH, 3.2)
        ax = figure.subplots()
        dots = dict(ls="none", marker="o", ms=3.5, mew=0, color=style.SADDLES[0], alpha=0.5, rasterized=True)
        ax.semilogy(np.tile(numbers, len(sorted_)), sorted_.ravel(), **dots, gid="points")
        bars = dict(color=style.SADDLES[1], lw=0, marker="_", ms=16, mew=2)
        ax.semilogy(numbers, np.median(sorted_, 0), **bars, gid="median")
        ax.set(xlabel="mode", ylabel="time constant (τ)", ylim=(0.3, None))
        ax.xaxis.set_major_locator(MaxNLocator(10, integer=True))
    return figure


def path_integration(walked: Float[Tensor, "time 2"], kept: Float[Tensor, "time 2"], every: int) -> Picture:
    """A path in the plane, a pale band, and over it the state of the network that was given its velocity, with a dot at
    every so many steps."""
    with style.context():
        figure = style.picture(style.WIDTH, 4.6)
        ax = figure.subplots()
        ax.add_patch(Circle((0, 0), 1, fc="none", ec=style.FLOW, lw=1.2, ls=(0, (4, 3))))
        ax.plot(*walked.T.numpy(), color=style.FLOW, lw=7, alpha=0.6, label="path", gid="path")
        ax.plot(*kept.T.numpy(), color=style.TRAJECTORY, lw=1.6, label="network", gid="network")
        ax.plot(*kept[::every].T.numpy(), color=style.TRAJECTORY, lw=0, marker="o", ms=4, gid="dots")
        ax.set(aspect="equal", xlabel="κ₁", ylabel="κ₂")
        figure.legend(loc="outside upper center", ncols=2, handlelength=1.8, handletextpad=0.6)
    return figure


def drift_field(kappa: Float[Tensor, "points 2"], velocity: Float[Tensor, "points 2"], *, reach: float) -> Picture:
    """The direction of dκ/dt at points of the plane, as arrows of one length, and its size, in colour.

    Dashed: the circle of radius `reach`.
    """
    size = velocity.norm(dim=1)
    with style.context():
        figure = style.picture(style.WIDTH, 4.3)
        ax = figure.subplots()
        look = dict(cmap=SPEED, pivot="mid", scale=24, width=0.006, headwidth=4.5, gid="drift")
        arrows = ax.quiver(*kappa.T.numpy(), *(velocity / size[:, None]).T.numpy(), size.log10().numpy(), **look)
        ax.add_patch(Circle((0, 0), reach, fc="none", ec=style.INK, lw=1.4, ls=(0, (4, 3))))
        ax.set(aspect="equal", xlabel="κ₁", ylabel="κ₂")
        bar = figure.colorbar(arrows, ax=ax, shrink=0.8, label=r"$|\dot\kappa|$  (1/τ)")
        bar.ax.yaxis.set_major_locator(MaxNLocator(5, integer=True))
        bar.ax.yaxis.set_major_formatter(lambda power, _: f"$10^{{{power:.0f}}}$")
    return figure
