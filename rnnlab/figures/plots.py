"""Plots that accompany a portrait: task, spectrum, explained variance, training, and the census over networks."""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator, PercentFormatter
from torch import Tensor

from rnnlab.dynamics import FixedPoints
from rnnlab.figures import style
from rnnlab.figures.style import Picture
from rnnlab.geometry import PCA
from rnnlab.tasks import Batch
from rnnlab.training import History


def task(batch: Batch, outputs: Float[Tensor, "batch time out"], *, sequence: int = 0) -> Picture:
    """Inputs, targets and outputs of one sequence of a batch against time, one row per bit.

    Inputs are black lines, targets pale bands, outputs (batch, time, out) coloured lines over them.
    Raises ValueError if outputs and targets differ in shape, bits have no input of their own, or there is no such
    sequence.
    """
    if outputs.shape != batch.targets.shape:
        raise ValueError(
            f"outputs must have the shape of the targets, {tuple(batch.targets.shape)}, got {tuple(outputs.shape)}"
        )
    bits = outputs.shape[-1]
    if batch.inputs.shape[-1] != bits:
        raise ValueError(f"one row per bit needs as many inputs as outputs, got {batch.inputs.shape[-1]} and {bits}")
    if not 0 <= sequence < len(outputs):
        raise ValueError(f"sequence must be from 0 to {len(outputs) - 1}, got {sequence}")
    inputs, targets, answers = (t[sequence].detach().cpu().numpy() for t in (batch.inputs, batch.targets, outputs))
    with style.context():
        figure = style.picture(style.WIDTH, 0.8 + 1.05 * bits)
        axes = figure.subplots(bits, 1, sharex=True, squeeze=False)[:, 0]
        for bit, ax in enumerate(axes):
            colour = style.INPUTS[bit % len(style.INPUTS)]
            (target,) = ax.plot(
                targets[:, bit], color=colour, alpha=0.3, lw=7, drawstyle="steps-post", solid_capstyle="butt"
            )
            (given,) = ax.plot(inputs[:, bit], color=style.INK, lw=1.4, drawstyle="steps-post")
            (answer,) = ax.plot(answers[:, bit], color=colour, lw=2)
            ax.set_ylabel(f"bit {bit + 1}")
            ax.set_yticks(np.unique([inputs[:, bit], targets[:, bit]]))
            ax.margins(x=0.01, y=0.15)
        axes[-1].set_xlabel("time (steps)")
        figure.legend(
            [given, target, answer],
            ["input", "target", "output"],
            loc="outside upper center",
            ncols=3,
            handletextpad=0.6,
        )
    return figure


def spectrum(fixed_points: FixedPoints, *, by_class: bool = False) -> Picture:
    """Eigenvalues of DF at fixed points in the complex plane, with the unit circle.

    Those of stable points are red discs, those of saddles blue rings; all in one plane, or with `by_class` in one
    for each number of unstable directions. Raises ValueError if there are no fixed points.
    """
    if not len(fixed_points):
        raise ValueError("fixed_points is empty: there is no spectrum to draw")
    unstable = fixed_points.n_unstable.cpu().numpy()
    values = fixed_points.eigenvalues.cpu().numpy()
    classes = list(fixed_points.census)
    panels = [[kind] for kind in classes] if by_class else [classes]
    columns = min(2, len(panels))
    rows = -(-len(panels) // columns)
    side = style.WIDTH if columns == 1 else 1.2 * style.WIDTH / 2
    reach = 1.08 * max(1.0, float(np.abs(values).max()))
    circle = np.exp(1j * np.linspace(0, 2 * np.pi, 200))
    with style.context():
        figure = style.picture(columns * side, rows * side)
        axes = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        for ax, kinds in zip(axes.flat, panels):
            ax.axhline(0, color=style.FAINT, lw=1, zorder=0)
            ax.axvline(0, color=style.FAINT, lw=1, zorder=0)
            ax.plot(circle.real, circle.imag, color=style.INK, lw=1, zorder=1)
            for kind in kinds:
                λ = values[unstable == kind].ravel()
                shade = style.SADDLES[min(kind, len(style.SADDLES)) - 1]
                look = dict(c=style.STABLE, s=16) if kind == 0 else dict(facecolors="none", edgecolors=shade, s=26)
                count = int((unstable == kind).sum())
                name = "stable" if kind == 0 else f"{kind} unstable"
                ax.scatter(
                    λ.real,
                    λ.imag,
                    label=f"{name} ({count})",
                    linewidths=0 if kind == 0 else 1.1,
                    zorder=2 + 1 / (1 + kind),
                    **look,
                )
                if by_class:
                    ax.set_title(f"{name}: {count} point{'s' if count > 1 else ''}")
            ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal", xticks=(-1, 0, 1), yticks=(-1, 0, 1))
        for ax in axes.flat[len(panels) :]:
            ax.remove()
        figure.supxlabel("Re λ", fontsize=13)
        figure.supylabel("Im λ", fontsize=13)
        if not by_class:
            figure.legend(loc="outside upper center", ncols=min(len(classes), 2))
    return figure


def explained_variance(pca: PCA, *, most: int = 8) -> Picture:
    """Cumulative share of variance along the first `most` principal axes as bars, with a line at 0.9.

    Bars of the axes that `pca` keeps are dark.
    """
    shares = pca.explained_variance_ratio.cpu().numpy().cumsum()[:most]
    kept = len(pca.components)
    numbers = np.arange(1, len(shares) + 1)
    with style.context():
        figure = style.picture(style.WIDTH, 3.0)
        ax = figure.subplots()
        ax.bar(numbers, shares, width=0.8, color=[style.SADDLES[1] if n <= kept else "#b9c3d0" for n in numbers])
        ax.axhline(0.9, color=style.INK, lw=1.2, ls=(0, (4, 3)))
        last = min(kept, len(shares))
        above = dict(textcoords="offset points", ha="center", va="bottom", fontsize=9)
        ax.annotate(f"{shares[last - 1]:.1%}", (last, shares[last - 1]), (0, 2), **above)
        ax.set(
            xlabel="principal components",
            ylabel="explained variance",
            ylim=(0, 1.12),
            xticks=numbers,
            yticks=(0, 0.5, 0.9, 1),
        )
        ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    return figure


def training(history: History) -> Picture:
    """Loss at every step, on a logarithmic axis, above the accuracy at the steps at which it was measured.

    Raises ValueError for a history without steps.
    """
    if not history.loss:
        raise ValueError("history has no steps: train first")
    with style.context():
        figure = style.picture(style.WIDTH, 4.2)
        above, below = figure.subplots(2, 1, sharex=True)
        above.semilogy(np.arange(1, history.steps + 1), history.loss, color=style.SADDLES[1], lw=1.2)
        above.set_ylabel("loss")
        below.plot(history.evaluated, history.accuracy, color=style.TRAJECTORY, lw=1.8, marker="o", ms=4)
        below.set(xlabel="step", ylabel="accuracy")
        below.yaxis.set_major_formatter(PercentFormatter(1, decimals=None))
        below.yaxis.set_major_locator(MaxNLocator(4))
        figure.align_ylabels()
    return figure


def census(networks: Mapping[str, Mapping[int, int]], *, expected: Mapping[int, int] | None = None) -> Picture:
    """Numbers of fixed points by number of unstable directions: one row per network, darker for more points.

    networks: {name: FixedPoints.census}. expected: a census to compare with; counts that differ from it are framed.
    Raises ValueError for no networks.
    """
    if not networks:
        raise ValueError("networks is empty: pass {name: census}")
    columns = range(
        1 + max(unstable for counts in (*networks.values(), expected or {0: 0}) for unstable in counts or [0])
    )
    table = np.array([[counts.get(unstable, 0) for unstable in columns] for counts in networks.values()])
    with style.context():
        figure = style.picture(style.WIDTH, 0.9 + 0.34 * len(table))
        ax = figure.subplots()
        ax.imshow(table, cmap="Blues", vmin=0, vmax=1.6 * max(table.max(), 1), aspect="auto")
        for (row, column), count in np.ndenumerate(table):
            ax.text(column, row, count, ha="center", va="center", fontsize=11)
            if expected is not None and count != expected.get(column, 0):
                ax.add_patch(Rectangle((column - 0.47, row - 0.44), 0.94, 0.88, fill=False, ec=style.STABLE, lw=2))
        ax.set(xticks=list(columns), yticks=range(len(table)), yticklabels=list(networks), xlabel="unstable directions")
        ax.spines[:].set_visible(False)
        ax.tick_params(length=0)
    return figure
