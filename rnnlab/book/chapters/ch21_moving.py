"""Pictures of networks that move: what they put out, the modes that turn, and what is left without some units."""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Complex, Float
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator, PercentFormatter
from torch import Tensor

from rnnlab.plots import style
from rnnlab.plots.style import Picture

SEEDS = ("o", "s", "^")  # marks, by seed


def movements(
    targets: Float[Tensor, "movements _steps out"], outputs: Float[Tensor, "movements _steps out"]
) -> Picture:
    """Outputs of movements in directions evenly around a circle against the steps since the go cue, one panel each.

    The movements stand above each other, at their direction; targets are pale bands, outputs coloured lines over them.
    """
    wanted, given = (y.detach().cpu().numpy() for y in (targets, outputs))
    count, _, outs = wanted.shape
    gap = 1.1 * float(np.abs(wanted).max())
    shift = gap * np.arange(count)
    rows = -(-outs // 2)
    with style.context():
        figure = style.picture(style.WIDTH, 0.6 + 3.2 * rows)
        axes = figure.subplots(rows, 2, sharex=True, sharey=True, squeeze=False)
        for ax, colour, output in zip(axes.flat, style.INPUTS, range(outs)):
            band = dict(color=colour, alpha=0.3, lw=4.5, solid_capstyle="butt", gid="target")
            target, *_ = ax.plot(wanted[..., output].T + shift, **band)
            answer, *_ = ax.plot(given[..., output].T + shift, color=colour, lw=1.3, gid="output")
            ax.set_title(f"output {output + 1}")
            ax.set(yticks=shift, yticklabels=[f"{360 * k // count}°" for k in range(count)])
            ax.margins(x=0.01, y=0.02)
        for ax in axes.flat[outs:]:
            ax.remove()
        figure.supxlabel("steps since the go cue", fontsize=11)
        figure.legend([target, answer], ["target", "network"], loc="outside upper center", ncols=2, handletextpad=0.6)
    return figure


def oscillations(
    eigenvalues: Mapping[str, Sequence[Complex[Tensor, " modes"]]], periods: Sequence[int | float], decay: int | float
) -> Picture:
    """Eigenvalues of DF near the unit circle, in the upper half plane, with those that damped oscillations ask for.

    eigenvalues: {title: those of each seed}, a panel each, one mark per seed. periods and decay, in steps: the crosses
    are e^(−1/decay + 2πi/period), on rays at the angles 2π/period. Eigenvalues farther to the left are not drawn.
    """
    top = 2 * np.pi / min(periods)
    left = np.exp(-1 / decay) * np.cos(top) - 0.08
    circle = np.exp(1j * np.linspace(0, top + 0.5, 200))
    with style.context():
        figure = style.picture(style.WIDTH, 4.8)
        axes = figure.subplots(1, len(eigenvalues), sharey=True, squeeze=False)[0]
        for ax, (title, seeds) in zip(axes, eigenvalues.items()):
            ax.plot(circle.real, circle.imag, color=style.INK, lw=1)
            for period in periods:
                ray = np.exp(2j * np.pi / period)
                ax.plot([0, ray.real], [0, ray.imag], color=style.FLOW, lw=1, ls=(0, (4, 3)), zorder=0)
                ax.annotate(f"{period:g}", (ray.real, ray.imag), (4, 0), textcoords="offset points", va="center")
                asked = np.exp(-1 / decay) * ray
                cross = dict(ls="none", marker="x", ms=10, mew=1.6, color=style.INK, zorder=1, gid="asked")
                ax.plot(asked.real, asked.imag, **cross)
            for mark, values in zip(SEEDS, seeds):
                λ = values.cpu().numpy()
                λ = λ[(λ.real > left) & (λ.imag >= 0)]
                look = dict(s=30, marker=mark, facecolors=style.STABLE, edgecolors="white", linewidths=0.6, gid="seed")
                ax.scatter(λ.real, λ.imag, alpha=0.8, zorder=3, **look)
            ax.set(xlim=(left - 0.01, 1.03), ylim=(-0.01, np.sin(top) + 0.06), aspect="equal")
            ax.xaxis.set_major_locator(MaxNLocator(4, steps=(1, 5, 10)))
            ax.set(title=title, xlabel="Re λ")
        axes[0].set_ylabel("Im λ")
        plain = dict(ls="none", color=style.STABLE, ms=6)
        most = max(map(len, eigenvalues.values()))
        handles = [Line2D([], [], marker=mark, label=f"seed {k}", **plain) for k, mark in enumerate(SEEDS[:most])]
        handles.append(Line2D([], [], ls="none", marker="x", ms=8, mew=1.6, color=style.INK, label="asked for"))
        figure.legend(handles=handles, loc="outside upper center", ncols=len(handles))
    return figure


def rotations(panels: Mapping[str, Complex[Tensor, "movements steps"]]) -> Picture:
    """Coordinates of movements along modes, each in its complex plane, from open squares; each panel has its own scale.

    panels: {title: coordinates}. The starts are joined by a pale line, in the order of the movements.
    """
    rows, side = -(-len(panels) // 3), 0.4 * style.WIDTH
    with style.context():
        figure = style.picture(3 * side, rows * (side + 0.3))
        axes = figure.subplots(rows, 3, squeeze=False)
        for ax, (title, coordinates) in zip(axes.flat, panels.items()):
            z = coordinates.cpu().numpy()
            starts = z[[*range(len(z)), 0], 0]
            ax.plot(starts.real, starts.imag, color=style.FLOW, lw=1.4, zorder=1, gid="starts")
            for path, colour in zip(z, style.INPUTS):
                ax.plot(path.real, path.imag, color=colour, lw=1.4, zorder=2)
                square = dict(marker="s", ms=5.5, mfc="white", mec=colour, mew=1.6, zorder=3, gid="start")
                ax.plot(path.real[0], path.imag[0], **square)
            reach = 1.08 * np.abs(z).max()
            ax.plot(0, 0, marker="o", ms=6, color=style.STABLE, mec="white", zorder=4)
            ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal", xticks=[], yticks=[])
            ax.spines[:].set_visible(False)
            ax.set_title(title, fontsize=12.5)
        for ax in axes.flat[len(panels) :]:
            ax.remove()
    return figure


def robustness(
    shares: Sequence[int | float], performance: Mapping[str, Float[Tensor, "seeds shares draws"]], *, level: float
) -> Picture:
    """Performance against the share of units removed, for each kind of network in a colour of its own.

    performance: {kind: of each seed, at each of the `shares`, in each draw of units}. A line is a seed's median over
    the draws; the band reaches from the lower to the upper quartile of all draws. level: where a dashed line is drawn.
    """
    handles = []
    with style.context():
        figure = style.picture(style.WIDTH, 4.0)
        ax = figure.subplots()
        ax.axhline(level, color=style.INK, lw=1, ls=(0, (4, 3)), zorder=0, gid="level")
        for (kind, values), (colour, mark) in zip(performance.items(), style.PATHS):
            low, high = np.quantile(values.numpy(), (0.25, 0.75), axis=(0, 2))
            ax.fill_between(shares, low, high, color=colour, alpha=0.18, lw=0, gid="quartiles")
            ax.plot(shares, values.quantile(0.5, -1).T.numpy(), color=colour, marker=mark, ms=5, lw=1.5, gid="median")
            handles.append(Line2D([], [], color=colour, marker=mark, ms=5, lw=1.5, label=kind))
        ax.set(xlabel="units removed", ylabel="performance", ylim=(-0.03, 1.05))
        ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        figure.legend(handles=handles, loc="outside upper center", ncols=len(handles), handlelength=1.8)
    return figure
