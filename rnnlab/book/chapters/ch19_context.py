"""Pictures of a network that weighs evidence in a context: its trials, its choices, and why the context decides."""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import MaxNLocator, PercentFormatter
from torch import Tensor

from rnnlab.book.tasks import Integration
from rnnlab.dynamics import FixedPoints
from rnnlab.plots import style
from rnnlab.plots.style import Picture
from rnnlab.tasks import Batch

CHANNELS = (("#228877", "o"), ("#882255", "s"))  # the two inputs, and the contexts in which each of them counts
RELEVANT, IRRELEVANT = style.TRAJECTORY, style.NEUTRAL
BETWEEN = LinearSegmentedColormap.from_list("between", [CHANNELS[1][0], "#d5d8dd", CHANNELS[0][0]])
ALONG = LinearSegmentedColormap.from_list("along", [style.NEGATIVE, "#d5d8dd", style.POSITIVE])
IDEAL = dict(color=style.INK, lw=1.2, ls=(0, (4, 3)))


def trial(task: Integration, batch: Batch, outputs: Float[Tensor, "batch time 1"], *, sequence: int = 0) -> Picture:
    """One trial against time: each noisy input with its mean, the context, and the output with what is asked of it."""
    inputs, output, target = (t[sequence].detach().cpu().numpy() for t in (batch.inputs, outputs, batch.targets))
    asked = batch.scored[sequence].cpu().numpy()
    begin, end = task.evidence.start, task.evidence.stop
    with style.context():
        figure = style.picture(style.WIDTH, 4.6)
        axes = figure.subplots(4, 1, sharex=True, height_ratios=(1.3, 1.3, 0.7, 1.3))
        for channel, (ax, (colour, _)) in enumerate(zip(axes, CHANNELS)):
            ax.axhline(0, color=style.FAINT, lw=1, zorder=0)
            ax.plot(inputs[:, channel], color=colour, lw=1.4)
            mean = inputs[begin:end, channel].mean()
            ax.plot([begin, end - 1], [mean, mean], color=style.INK, lw=2, gid="mean")
            ax.set(ylabel=f"input {channel + 1}", ylim=(-1.3, 1.3), yticks=(-1, 0, 1))
            axes[2].plot(inputs[:, 2 + channel], color=colour, lw=2, drawstyle="steps-mid", gid=f"cue {channel + 1}")
        axes[2].set(ylabel="context", ylim=(-0.2, 1.3), yticks=(0, 1))
        axes[2].text(len(inputs), float(inputs[-1, 2:].max()), str(1 + inputs[-1, 2:].argmax()), va="center")
        band = dict(color=RELEVANT, alpha=0.3, lw=9, solid_capstyle="butt")
        axes[3].plot(np.flatnonzero(asked), target[asked, 0], **band, gid="target")
        axes[3].plot(output[:, 0], color=RELEVANT, lw=2, gid="output")
        axes[3].set(ylabel="output", xlabel="time (steps)", ylim=(-1.4, 1.4), yticks=(-1, 0, 1))
        figure.align_ylabels()
    return figure


def psychometric(
    strengths: Float[Tensor, " strengths"],
    shares: Mapping[str, Mapping[str, Float[Tensor, " strengths"]]],
    ideal: Float[Tensor, " strengths"],
) -> Picture:
    """The share of answers +1 against the mean evidence of the relevant input and of the other, a panel per context.

    shares: {title: {"relevant": …, "irrelevant": …}}. ideal: of an observer of the relevant input, dashed.
    """
    looks = {"relevant": dict(color=RELEVANT, marker="o", ms=5), "irrelevant": dict(color=IRRELEVANT, marker="s", ms=4)}
    x = strengths.numpy()
    with style.context():
        figure, axes = _panels(len(shares), 3.1)
        for ax, (title, lines) in zip(axes, shares.items()):
            ax.axhline(0.5, color=style.FAINT, lw=1, zorder=0)
            for label, share in lines.items():
                ax.plot(x, share.numpy(), lw=1.8, label=label, gid=label, **looks[label])
            ax.plot(x, ideal.numpy(), label="ideal observer", gid="ideal", **IDEAL, zorder=3)
            ax.set(title=title, ylim=(-0.04, 1.04), yticks=(0, 0.5, 1))
            ax.xaxis.set_major_locator(MaxNLocator(4, symmetric=True))
            ax.yaxis.set_major_formatter(PercentFormatter(1))
        figure.supxlabel("mean evidence", fontsize=12)
        axes[0].set_ylabel("answers +1")
        figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=3, fontsize=12)
    return figure


def latent_paths(
    kappa: Mapping[str, Float[Tensor, " time"]], averages: Mapping[str, Float[Tensor, " time"]]
) -> Picture:
    """κ(t) of trials with the same inputs in two contexts, above the running averages of these inputs."""
    with style.context():
        figure = style.picture(style.WIDTH, 4.4)
        above, below = figure.subplots(2, 1, sharex=True)
        for ax, lines, label in ((above, kappa, "κ"), (below, averages, "running average")):
            ax.axhline(0, color=style.FAINT, lw=1, zorder=0)
            for (name, line), (colour, marker) in zip(lines.items(), CHANNELS):
                ax.plot(line.numpy(), color=colour, lw=2, marker=marker, ms=5, markevery=8, label=name, gid=name)
            ax.set_ylabel(label)
            ax.legend(loc="center left", bbox_to_anchor=(1, 0.5), handlelength=1.6)
            ax.margins(x=0.01)
        below.set_xlabel("time (steps)")
        figure.align_ylabels()
    return figure


def couplings(
    kappa: Float[Tensor, " points"], curves: Mapping[str, Float[Tensor, "points 3"]], *, visited: tuple[float, float]
) -> Picture:
    """Effective couplings σ_κ, σ_1 and σ_2 of a rank-one network against κ, by context; grey: where κ is seldom.

    visited: the range in which κ mostly is.
    """
    looks = [
        (rf"$\tilde\sigma_{of}$", colour, dashes)
        for of, colour, dashes in ((r"\kappa", style.INK, "-"), (1, CHANNELS[0][0], "-"), (2, CHANNELS[1][0], "--"))
    ]
    κ = kappa.numpy()
    with style.context():
        figure, axes = _panels(len(curves), 3.2)
        for ax, (title, lines) in zip(axes, curves.items()):
            for level in (0, 1):
                ax.axhline(level, color=style.FLOW, lw=1, ls=":", zorder=0)
            for side in ((κ[0], visited[0]), (visited[1], κ[-1])):
                ax.axvspan(*side, color=style.FAINT, alpha=0.6, lw=0, zorder=-1, gid="seldom")
            for line, (label, colour, dashes) in zip(lines.T.numpy(), looks):
                ax.plot(κ, line, color=colour, lw=2.2, ls=dashes, label=label, gid="coupling")
            ax.set(title=title, xlim=(κ[0], κ[-1]))
            ax.xaxis.set_major_locator(MaxNLocator(4, symmetric=True))
        figure.supxlabel("κ", fontsize=12)
        axes[0].set_ylabel("effective coupling")
        handles, labels = axes[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=3, handlelength=2.2, fontsize=12)
    return figure


def switch(at_zero: Float[Tensor, "networks contexts 2"]) -> Picture:
    """|σ_1| and |σ_2| at κ = 0 as bars, by context: those of the first network, with a dot for each network."""
    sizes = at_zero.abs().numpy()
    with style.context():
        figure = style.picture(style.WIDTH, 2.9)
        ax = figure.subplots()
        contexts = np.arange(sizes.shape[1])
        for channel, (colour, marker) in enumerate(CHANNELS):
            x = contexts + 0.36 * (channel - 0.5)
            label = rf"$|\tilde\sigma_{channel + 1}|$"
            ax.bar(x, sizes[0, :, channel], width=0.32, color=colour, alpha=0.75, label=label, gid="first")
            spread = np.linspace(-0.08, 0.08, len(sizes))[:, None]
            look = dict(ls="none", marker=marker, ms=5, color=style.INK, mec="white", mew=0.8, zorder=3)
            ax.plot((x + spread).ravel(), sizes[..., channel].ravel(), **look, gid="networks")
        ax.set(xticks=contexts, xticklabels=[f"context {c + 1}" for c in contexts], ylabel="coupling at κ = 0")
        figure.legend(loc="outside upper center", ncols=2, handlelength=1.4)
    return figure


def velocities(
    kappa: Float[Tensor, " points"],
    panels: Mapping[str, Mapping[str, Float[Tensor, " points"]]],
    points: Mapping[str, FixedPoints],
) -> Picture:
    """τ dκ/dt against κ, a panel per context, without evidence and with some in each input; with fixed points.

    panels: {title: {label: curve}} of up to three curves, the one without evidence first. points: {title: those
    without evidence}.
    """
    looks = ((style.INK, "-"), (CHANNELS[0][0], "-"), (CHANNELS[1][0], "--"))
    with style.context():
        figure, axes = _panels(len(panels), 3.2)
        for ax, (title, curves) in zip(axes, panels.items()):
            ax.axhline(0, color=style.FLOW, lw=1, zorder=0)
            for (label, curve), (colour, dashes) in zip(curves.items(), looks):
                ax.plot(kappa.numpy(), curve.numpy(), color=colour, lw=2, ls=dashes, label=label, gid=label)
            _marks(ax, points[title])
            ax.set_title(title)
            ax.xaxis.set_major_locator(MaxNLocator(4, symmetric=True))
        figure.supxlabel("κ", fontsize=12)
        axes[0].set_ylabel(r"$\tau\dot\kappa$")
        handles, labels = axes[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=3, handlelength=2.2, fontsize=12)
    return figure


def _marks(ax, points):
    """Fixed points on the axis: discs where they are stable, rings where not."""
    disc = dict(c=style.STABLE, s=style.STABLE_SIZE * 0.7, edgecolors="white", linewidths=0.8)
    ring = dict(c="white", s=style.SADDLE_SIZES[0], edgecolors=style.SADDLES[0], linewidths=2)
    for gid, states, look in (("stable", points.stable, disc), ("unstable", points.saddles, ring)):
        κ = states[:, 0].numpy()
        ax.scatter(κ, 0 * κ, zorder=4, gid=gid, **look)


def kernels(
    panels: Mapping[str, tuple[Float[Tensor, " steps"], Float[Tensor, " steps"]]],
    *,
    ylabel: str = "weight in the answer",
) -> Picture:
    """How much evidence counts, by the step at which it comes; dashed: the mean weight of the relevant input.

    panels: {title: (relevant, irrelevant)}, one or several.
    """
    with style.context():
        figure, axes = _panels(len(panels), 2.9)
        for ax, (title, (relevant, irrelevant)) in zip(axes, panels.items()):
            steps = np.arange(1, 1 + len(relevant))
            ax.axhline(0, color=style.FAINT, lw=1, zorder=0)
            ax.plot(steps, relevant.numpy(), color=RELEVANT, lw=1.8, marker="o", ms=4, label="relevant", gid="relevant")
            look = dict(color=IRRELEVANT, lw=1.8, marker="s", ms=3.5)
            ax.plot(steps, irrelevant.numpy(), label="irrelevant", gid="irrelevant", **look)
            ax.axhline(float(relevant.mean()), label="equal weights", gid="equal", **IDEAL)
            ax.set_title(title)
        figure.supxlabel("step of the evidence", fontsize=12)
        axes[0].set_ylabel(ylabel)
        handles, labels = axes[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=3, fontsize=12)
    return figure


def units(
    n: Float[Tensor, " units"], inputs: Float[Tensor, "_units 2"], preference: Float[Tensor, " _units"]
) -> Picture:
    """The loading n of each unit against those of both inputs, coloured by the context in which the unit is sensitive.

    preference: the gain in context 1 less that in context 2, from −1 to 1.
    """
    order = preference.abs().argsort()  # the ones that tell, on top
    with style.context():
        figure, axes = _panels(2, 3.3)
        for channel, ax in enumerate(axes):
            ax.axhline(0, color=style.FAINT, lw=1, zorder=0)
            ax.axvline(0, color=style.FAINT, lw=1, zorder=0)
            look = dict(c=preference[order].numpy(), cmap=BETWEEN, vmin=-1, vmax=1, s=15, linewidths=0, gid="units")
            drawn = ax.scatter(inputs[order, channel].numpy(), n[order].numpy(), **look)
            ax.set_xlabel(f"W{'₁₂'[channel]}", fontsize=12)
        axes[0].set_ylabel("n")
        bar = figure.colorbar(drawn, ax=list(axes), location="top", shrink=0.6, aspect=30, ticks=(-1, 0, 1))
        bar.ax.set_xticklabels(["context 2", "sensitive in", "context 1"])
    return figure


def selections(panels: Mapping[str, Sequence[Float[Tensor, " points"]]], *, xlabel: str) -> Picture:
    """Projections of the relevant and the irrelevant input on selection vectors: the points, and their medians.

    panels: {name: (relevant, irrelevant)}, a row for each, on a logarithmic axis.
    """
    looks = (("relevant", RELEVANT, "o", 0.17), ("irrelevant", IRRELEVANT, "s", -0.17))
    with style.context():
        figure = style.picture(style.WIDTH, 1.2 + 0.5 * len(panels))
        ax = figure.subplots()
        for row, pair in enumerate(panels.values()):
            for part, (label, colour, marker, lift) in zip(pair, looks):
                y = np.full(len(part), -row + lift)
                ax.plot(part.numpy(), y, ls="none", marker=marker, ms=4, mew=0, alpha=0.35, color=colour, gid=label)
                middle = float(part.median())
                tick = dict(marker="|", ms=15, mew=3, color=style.INK, ls="none")
                ax.plot(middle, -row + lift, zorder=3, gid=f"median, {label}", **tick)
                if row == 0:
                    ax.plot([], [], ls="none", marker=marker, ms=6, color=colour, label=label)
        ax.plot([], [], marker="|", ms=12, mew=3, color=style.INK, ls="none", label="median")
        ax.set(xscale="log", yticks=-np.arange(len(panels)), yticklabels=list(panels), xlabel=xlabel)
        ax.tick_params(axis="y", length=0)
        figure.legend(loc="outside upper center", ncols=3)
    return figure


def planes(panels: Mapping[str, tuple]) -> Picture:
    """Trajectories in the plane of two principal components, coloured by evidence, over slow points, by context.

    panels: {title: (paths (trajectories, time, 2), evidence (trajectories,), points (points, 2))}; amber diamonds are
    the points, a dot ends each path.
    """
    reach = max(float(evidence.abs().max()) for _, evidence, _ in panels.values())
    corners = [np.concatenate([paths.reshape(-1, 2), points]) for paths, _, points in panels.values()]
    low, high = np.concatenate(corners).min(0), np.concatenate(corners).max(0)
    margin = 0.06 * (high - low)
    with style.context():
        figure, axes = _panels(len(panels), 3.6)
        for ax, (title, (paths, evidence, points)) in zip(axes, panels.items()):
            shades = ALONG(0.5 + 0.5 * evidence.numpy() / reach)
            for path, shade in zip(paths.numpy(), shades):
                ax.plot(*path.T, color=shade, lw=1, alpha=0.8, zorder=1, gid="path")
                ax.plot(*path[-1], marker="o", ms=3.5, color=shade, zorder=2, gid="end")
            look = dict(s=style.SLOW_SIZE * 0.35, c=style.SLOW, marker="D", edgecolors=style.INK, linewidths=0.4)
            ax.scatter(*points.T.numpy(), zorder=3, gid="points", **look)
            ax.set_title(title)
            ax.set(xlim=(low[0] - margin[0], high[0] + margin[0]), ylim=(low[1] - margin[1], high[1] + margin[1]))
            ax.locator_params(nbins=4)
        figure.supxlabel("PC 1", fontsize=12)
        axes[0].set_ylabel("PC 2")
        colours = ScalarMappable(cmap=ALONG)
        colours.set_clim(-reach, reach)
        figure.colorbar(colours, ax=list(axes), location="top", shrink=0.6, aspect=30, label="mean relevant evidence")
    return figure


def _panels(count, height):
    """`count` panels side by side, of the same height, with text that can be read on a phone."""
    figure = style.picture(style.WIDTH if count == 1 else 1.2 * style.WIDTH, height + 0.4)
    return figure, figure.subplots(1, count, sharey=True, squeeze=False)[0]
