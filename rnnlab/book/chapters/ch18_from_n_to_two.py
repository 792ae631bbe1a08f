"""Landscapes of networks of rank 2: the speed and the flow in the κ-plane, and how they change with an input."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, LogLocator, MaxNLocator, NullFormatter, PercentFormatter
from torch import Tensor

from rnnlab.book.plots import continuation
from rnnlab.dynamics import Branch, FixedPoints, PeriodicOrbit, find_fixed_points, find_periodic_orbit
from rnnlab.lowrank import Latent, LatentMap, MeanField, latent_run
from rnnlab.plots import style
from rnnlab.plots.style import Picture

SPEED = LinearSegmentedColormap.from_list("speed", ["white", "#7d8fb8"])  # rising evenly: white where nothing moves
GRID = 41  # points along each axis at which the flow is measured


@dataclass(frozen=True)
class Landscape:
    """A flow dκ/dt = velocity(κ) of two numbers, with its fixed points, and a closed orbit where there is one.

    velocity: of states (…, 2), float64; for a low-rank network `lambda κ: G(κ, v) - κ`, in units of 1/τ.
    """

    velocity: Callable
    fixed_points: FixedPoints
    orbit: PeriodicOrbit | None = None
    title: str = ""


def find_landscape(
    G: Latent | MeanField,
    x: Float[Tensor, " input"],
    starts: Float[Tensor, "starts 2"],
    *,
    rounds: int = 6,
    title: str = "",
) -> Landscape:
    """The landscape of G under an input x that has been there for long.

    Where no fixed point is stable, it has the closed orbit to which a run of 400 steps from κ = (1, 0) leads.
    starts, rounds: of the search for fixed points.
    """

    def velocity(κ):
        return G(κ, x) - κ

    points, orbit = find_fixed_points(LatentMap(G, x), starts, box=G.reach, rounds=rounds), None
    if not len(points.stable):
        run, _ = latent_run(G, x.expand(1, 400, len(x)), torch.tensor([[1.0, 0.0]]), x[None])
        orbit = find_periodic_orbit(velocity, run[0, -1], longest=25.0)
    return Landscape(velocity, points, orbit, title)


def landscapes(panels: Sequence[Landscape], *, reach: tuple[float, float], columns: int = 2) -> Picture:
    """Landscapes side by side, on one scale of speed and under one legend.

    The speed |dκ/dt| is a colour, white where nothing moves; grey lines with arrowheads are the flow. Fixed points are
    red discs where stable, blue rings where not, larger and darker with two unstable directions; the orbit is a closed
    purple line, dashed where it repels. reach: half-widths of what is shown along κ₁ and κ₂.
    """
    x, y = (np.linspace(-half, half, GRID) for half in reach)
    grid = torch.from_numpy(np.stack(np.meshgrid(x, y), -1))
    with torch.no_grad():
        flows = [panel.velocity(grid).numpy() for panel in panels]
    fastest = max(float(np.linalg.norm(flow, axis=-1).max()) for flow in flows)
    columns = min(columns, len(panels))
    rows, scale = -(-len(panels) // columns), 1.0 if columns == 1 else 0.6
    text = 11 if columns == 1 else 13.5  # two columns are shrunk to the width of a page
    side = style.WIDTH if columns == 1 else 1.2 * style.WIDTH / columns
    with style.context():
        figure = style.picture(columns * side, rows * (0.86 * side * reach[1] / reach[0] + 0.35) + 1.9)
        axes = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        for ax, panel, flow in zip(axes.flat, panels, flows):
            speed = np.linalg.norm(flow, axis=-1)
            # Shades between the points are an image inside the vector graphic: thousands of cells would be far larger.
            shades = dict(cmap=SPEED, vmin=0, vmax=fastest, shading="gouraud", rasterized=True, zorder=0, gid="speed")
            image = ax.pcolormesh(x, y, speed, **shades)
            look = dict(color="#6b7280", linewidth=0.8, arrowsize=0.9, density=0.9 if columns == 1 else 0.5)
            ax.streamplot(x, y, *np.moveaxis(flow, -1, 0), zorder=1, **look)
            _draw(ax, panel, scale)
            ax.set_title(panel.title, fontsize=text + 1)
            ax.tick_params(labelsize=text - 1.5)
            ax.set(xlim=(-reach[0], reach[0]), ylim=(-reach[1], reach[1]), aspect="equal")
            for axis in (ax.xaxis, ax.yaxis):
                axis.set_major_locator(MaxNLocator(4, symmetric=True))
        for ax in axes.flat[len(panels) :]:
            ax.remove()
        for ax in axes[-1]:
            ax.set_xlabel("κ₁", fontsize=text)
        for ax in axes[:, 0]:
            ax.set_ylabel("κ₂", fontsize=text)
        bar = figure.colorbar(image, ax=axes, location="bottom", shrink=0.7, aspect=30, pad=0.02)
        bar.set_label(r"speed $|\dot\kappa|$ (1/τ)", fontsize=text)
        bar.ax.tick_params(labelsize=text - 1.5)
        bar.outline.set_visible(False)
        handles = _legend(panels)
        figure.legend(handles=handles, loc="outside upper center", ncols=min(2, len(handles)), fontsize=text)
    return figure


def _draw(ax, panel, scale):
    """The orbit and the fixed points of one landscape. `scale`: of the area of marks."""
    if panel.orbit is not None:
        look = dict(ls="-" if panel.orbit.attracts else "--", lw=3.4 * scale**0.5)
        ax.plot(*panel.orbit.states.T.numpy(), color=style.CYCLE, zorder=3, gid="orbit", **look)
    for state, unstable in zip(panel.fixed_points.states.numpy(), panel.fixed_points.n_unstable.tolist()):
        if unstable:
            kind = min(unstable, len(style.SADDLES)) - 1
            look = dict(s=style.SADDLE_SIZES[kind] * scale, c="white", edgecolors=style.SADDLES[kind], linewidths=2)
        else:
            look = dict(s=style.STABLE_SIZE * scale, c=style.STABLE, edgecolors="white", linewidths=0.8)
        ax.scatter(*state, zorder=5, gid=style.kind(unstable), **look)


def _legend(panels):
    """One mark for each kind of thing that is in the panels."""

    def mark(label, **look):
        return Line2D([], [], ls="none", marker="o", label=label, **look)

    kinds = sorted({kind for panel in panels for kind in panel.fixed_points.census})
    handles = []
    for kind in kinds:
        size, colour = (looks[min(kind, len(looks)) - 1] for looks in (style.SADDLE_SIZES, style.SADDLES))
        ring = dict(ms=size**0.5, mfc="white", mec=colour, mew=2)
        handles.append(mark(style.kind(kind), **(ring if kind else dict(ms=8, color=style.STABLE))))
    orbits = [panel.orbit for panel in panels if panel.orbit is not None]
    for name, ls, attracts in (("closed orbit", "-", True), ("unstable orbit", "--", False)):
        if any(orbit.attracts == attracts for orbit in orbits):
            handles.append(Line2D([], [], label=name, color=style.CYCLE, lw=2.4, ls=ls))
    return handles


def predictions(
    times: Float[Tensor, " time"],
    predicted: Float[Tensor, " time"],
    drawn: Mapping[int, Float[Tensor, "_networks _time"]],
    given: Mapping[str, Float[Tensor, " time"]],
) -> Picture:
    """A latent variable against time: of networks drawn at random, and as their statistics predict it.

    drawn: number of units → runs of networks of this size, pale lines in a panel of their own; predicted is the dark
    line over them. given: inputs by name, in a panel below.
    """
    t = times.numpy()
    with style.context():
        heights = [2.0] * len(drawn) + [0.9]
        figure = style.picture(style.WIDTH, 1.3 * len(drawn) + 1.7)
        axes = figure.subplots(len(heights), 1, sharex=True, height_ratios=heights)
        for ax, (units, runs) in zip(axes, drawn.items()):
            (networks, *_) = ax.plot(t, runs.T.numpy(), color=style.SADDLES[0], lw=0.9, alpha=0.7, gid="network")
            (limit,) = ax.plot(t, predicted.numpy(), color=style.INK, lw=2, gid="prediction")
            ax.set_ylabel("κ₁")
            ax.set_title(f"N = {units:,}", fontsize=11, loc="left", pad=3)
            ax.sharey(axes[0])
        for k, (name, values) in enumerate(given.items()):
            look = dict(color=style.INPUTS[k + 1], ls=("-", (0, (3, 1.2)))[k % 2], lw=1.8, drawstyle="steps-post")
            axes[-1].plot(t, values.numpy(), label=name, gid="input", **look)
        axes[-1].set(xlabel="time (τ)", ylabel="input")
        handles = [networks, limit, *axes[-1].lines]
        names = ["networks", "prediction", *given]
        figure.legend(handles, names, loc="outside upper center", ncols=len(names), handlelength=1.3, handletextpad=0.4)
    return figure


def convergence(units: Sequence[int], errors: Float[Tensor, "sizes draws"], slope: float) -> Picture:
    """Errors of a prediction against the number of units, on two logarithmic axes.

    A dot for each network, a line through the means, and a dashed line of slope −1/2 through the last mean. slope: the
    fitted one, for the legend.
    """
    N, mean = np.array(units, dtype=float), errors.numpy().mean(1)
    with style.context():
        figure = style.picture(style.WIDTH, 3.6)
        ax = figure.subplots()
        look = dict(ls="none", marker="o", ms=4.5, color=style.TRAJECTORY, alpha=0.5, mew=0)
        ax.plot(np.repeat(N, errors.shape[1]), errors.numpy().ravel(), label="networks", **look)
        ax.plot(N, mean, color=style.SADDLES[1], lw=2.2, gid="mean", label=f"mean, slope {slope:.2f}".replace("-", "−"))
        ax.plot(N, mean[-1] * (N / N[-1]) ** -0.5, color=style.INK, lw=1.4, ls="--", label="slope −1/2")
        ax.set(xscale="log", yscale="log", xlabel="units N", ylabel="normalised error")
        ax.xaxis.set_major_locator(FixedLocator(N))
        ax.xaxis.set_minor_locator(FixedLocator([]))
        ax.set_xticks(N, [f"{n:,}" for n in units])
        ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        ax.yaxis.set_minor_formatter(NullFormatter())
        figure.legend(loc="outside upper center", ncols=3, handlelength=1.6)
    return figure


def reconfiguration(
    branches: Sequence[Branch], height: Callable[[Tensor], Tensor], orbits: Mapping[float, PeriodicOrbit], **labels: str
) -> Picture:
    """A bifurcation diagram with closed orbits.

    It is that of `continuation`, and a purple line from the lowest to the highest point of each orbit.

    height, labels: as in `continuation`. orbits: parameter → orbit.
    """
    figure = continuation(branches, height, **labels)
    (ax,) = figure.axes
    for parameter, orbit in orbits.items():
        heights = height(orbit.states)
        ends = [float(heights.min()), float(heights.max())]
        ax.plot([parameter] * 2, ends, color=style.CYCLE, lw=1.8, marker="_", ms=9, mew=2.4, zorder=1, gid="orbit")
    with style.context():
        handles = [*figure.legends[0].legend_handles, Line2D([], [], color=style.CYCLE, lw=1.8, label="closed orbit")]
        figure.legends[0].remove()
        figure.legend(handles=handles, loc="outside upper center", ncols=3, handlelength=2.2)
    return figure
