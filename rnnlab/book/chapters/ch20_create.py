"""Chapter 20: distillation, and pictures of how small a network can be and how well drawn networks do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedLocator, NullLocator, PercentFormatter
from torch import Tensor

from rnnlab.geometry import PCA
from rnnlab.lowrank import loadings
from rnnlab.network import Network
from rnnlab.plots import style
from rnnlab.plots.style import Picture
from rnnlab.tasks import Batch, Task

ONE, SEVERAL = (style.SLOW, "D"), (style.SADDLES[1], "o")  # draws of one population and of as many as it takes
SHARE = 0.9  # of the trained performance, which is asked of drawn networks
LEAST = 0.5  # the performance that is drawn white: half of the answers are right by chance


def latent_outputs(network: Network, inputs: Float[Tensor, "batch time input"]) -> Float[Tensor, "batch time out"]:
    """The outputs of a network of low rank, y = V Φ(m κ + W v), from rest and in its own dtype; without gradients.

    The same as `network(inputs)[0]` up to rounding, and several times as fast: a step computes Φ for each unit, and
    R + inputs + outputs numbers besides. Raises TypeError unless the cell is a LowRankRNN.
    """
    cell, rows = network.cell, loadings(network).to(next(network.parameters()))
    R = cell.rank
    m, n, W, w = rows.split([R, R, cell.input_size, rows.shape[1] - 2 * R - cell.input_size], 1)
    current, average = torch.cat([m, W], 1), torch.cat([n, w], 1).T / cell.units
    x = inputs.to(rows).permute(1, 2, 0)  # sequences as columns: the product that averages is faster
    κ, v, G = x.new_zeros(R, x.shape[2]), torch.zeros_like(x[0]), x.new_zeros(R, x.shape[2])
    path = []
    for now in x:
        κ, v = torch.lerp(κ, G, cell.rate), torch.lerp(v, now, cell.rate)
        G, y = (average @ cell.phi(current @ torch.cat([κ, v]))).tensor_split([R])
        path.append(y)
    return torch.stack(path).permute(2, 0, 1)


@dataclass(frozen=True)
class Distillation:
    """The task to follow the states of a teacher, projected on `pca`, while it does its own task.

    The target at each step is pca.project(h), h the teacher's state. What a student's outputs mean for the task itself
    is the teacher's output at the state that has these coordinates, `answer`.
    Source: Schaeffer et al. 2020; Dubreuil, section 4.2.
    """

    teacher: Network
    task: Task
    pca: PCA

    @property
    def input_size(self) -> int:
        return self.task.input_size

    @property
    def output_size(self) -> int:
        return len(self.pca.components)

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """`size` new sequences of the task, with the teacher's states as the target."""
        batch = self.task.batch(size, generator)
        with torch.no_grad():
            states = self.teacher(batch.inputs)[1]
        return Batch(batch.inputs, self.pca.project(states).float(), batch.scored)

    def answer(self, outputs: Float[Tensor, "*batch k"]) -> Float[Tensor, "*batch out"]:
        """The teacher's outputs at the states that have these coordinates."""
        with torch.no_grad():
            return self.teacher.outputs(self.pca.reconstruct(outputs).float())

    def accuracy(self, outputs: Float[Tensor, "batch time k"], batch: Batch) -> float:
        """R² of the projected states, in [0, 1]."""
        error, total = ((outputs - batch.targets) ** 2).mean(), batch.targets.var((0, 1), correction=0).mean()
        return max(0.0, (1 - error / total).item())


def percentages(
    performance: Mapping[str, Mapping[int, float]], chosen: Mapping[str, int], *, xlabel: str, missing: str = "–"
) -> Picture:
    """Performance by task (rows) and an integer (columns), in percent, darker for higher; chosen cells are framed.

    performance: {task: {number: in [0, 1]}}; `missing` stands where a task has no value. chosen: {task: number}.
    """
    columns = sorted({number for row in performance.values() for number in row})
    values = np.array([[row.get(number, np.nan) for number in columns] for row in performance.values()])
    with style.context():
        figure = style.picture(style.WIDTH, 0.8 + 0.42 * len(values))
        ax = figure.subplots()
        ax.imshow(values, cmap="Blues", vmin=LEAST, vmax=1.35, aspect="auto")  # black stays readable on the darkest
        for (row, column), value in np.ndenumerate(values):
            text = missing if np.isnan(value) else f"{100 * value:.{1 if len(columns) < 6 else 0}f}"
            ax.text(column, row, text, ha="center", va="center", fontsize=11, gid="value")
        for row, task in enumerate(performance):
            if task in chosen:
                corner = (columns.index(chosen[task]) - 0.46, row - 0.44)
                ax.add_patch(Rectangle(corner, 0.92, 0.88, fill=False, ec=style.STABLE, lw=2, gid="frame"))
        ax.set(xticks=range(len(columns)), xticklabels=columns, xlabel=xlabel)
        ax.set(yticks=range(len(values)), yticklabels=list(performance))
        ax.spines[:].set_visible(False)
        ax.tick_params(length=0)
    return figure


def draws(
    trained: Mapping[str, float],
    one: Mapping[str, Float[Tensor, " _"]],
    several: Mapping[str, Float[Tensor, " _"]],
) -> Picture:
    """Performance of drawn networks, a mark each, by task: above those of one population, below those of several.

    A black bar is the trained network's performance, a red one 90 % of it. A task without several populations has
    one row.
    """
    with style.context():
        figure = style.picture(style.WIDTH, 1.2 + 0.55 * len(trained))
        ax = figure.subplots()
        for row, (task, reached) in enumerate(trained.items()):
            both = task in several
            for gid, drawn, (colour, mark), height in (
                ("one", one[task], ONE, -0.2 * both),
                *([("several", several[task], SEVERAL, 0.2)] if both else []),
            ):
                spread = row + height + np.linspace(-0.11, 0.11, len(drawn))
                look = dict(s=16, color=colour, marker=mark, lw=0, alpha=0.75, zorder=3, gid=gid)
                ax.scatter(drawn.cpu().numpy(), spread, **look)
            for gid, at, colour, dashes in (
                ("trained", reached, style.INK, "-"),
                ("criterion", SHARE * reached, style.STABLE, (0, (2, 1))),
            ):
                ax.plot([at, at], [row - 0.42, row + 0.42], color=colour, ls=dashes, lw=2, zorder=2, gid=gid)
            ax.axhline(row + 0.5, color=style.FAINT, lw=1, zorder=0)
        ax.set(
            yticks=range(len(trained)), yticklabels=list(trained), xlabel="performance", ylim=(len(trained) - 0.5, -0.5)
        )
        ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        ax.tick_params(axis="y", length=0)
        dots = [dict(ls="none", color=colour, marker=mark, ms=5) for colour, mark in (ONE, SEVERAL)]
        names = ["one population", "several", "trained", f"{SHARE:.0%} of it"]
        bars = [dict(color=style.INK, lw=2), dict(color=style.STABLE, lw=2, ls=(0, (2, 1)))]
        handles = [Line2D([], [], label=name, **look) for name, look in zip(names, [*dots, *bars])]
        figure.legend(handles=handles, loc="outside upper center", ncols=2, handlelength=1.4)
    return figure


def sizes(
    units: Sequence[int],
    performance: Mapping[str, Float[Tensor, "sizes draws"]],
    trained: Mapping[str, float],
) -> Picture:
    """Performance of drawn networks against their number of units, a panel for each task; the line joins the medians.

    Black: the trained network's performance; red and dashed: 90 % of it.
    """
    rows = -(-len(performance) // 2)
    with style.context():
        figure = style.picture(style.WIDTH, 0.6 + 1.7 * rows)
        axes = figure.subplots(rows, 2, sharex=True, sharey=True, squeeze=False)
        for ax, (task, values) in zip(axes.flat, performance.items()):
            middle = values.quantile(0.5, dim=1).cpu().numpy()
            dots = np.repeat(np.asarray(units, dtype=float), values.shape[1])
            look = dict(ls="none", marker="o", ms=3.5, color=style.TRAJECTORY, alpha=0.5, mew=0)
            ax.axhline(trained[task], color=style.INK, lw=1.2, label="trained")
            criterion = dict(color=style.STABLE, lw=1.4, ls=(0, (4, 3)), label=f"{SHARE:.0%} of it")
            ax.axhline(SHARE * trained[task], **criterion, gid="criterion")
            ax.plot(dots, values.cpu().numpy().ravel(), label="drawn", gid="drawn", **look)
            ax.plot(units, middle, color=style.SADDLES[1], lw=2, label="median", gid="median")
            ax.set_xscale("log", base=2)
            ax.set_title(task, fontsize=11)
            ax.xaxis.set_major_locator(FixedLocator(list(units)[::2]))
            ax.xaxis.set_minor_locator(NullLocator())
            ax.xaxis.set_major_formatter(lambda n, _: f"{n:,.0f}")
            ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        for ax in axes.flat[len(performance) :]:
            ax.remove()
        figure.supxlabel("units", fontsize=11)
        figure.supylabel("performance", fontsize=11)
        handles, names = axes[0, 0].get_legend_handles_labels()
        figure.legend(handles, names, loc="outside upper center", ncols=4, handlelength=1.4)
    return figure
