"""Pictures of classifiers with more than two classes: their planes, what these span, and their slow modes."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from jaxtyping import Float, Int
from matplotlib import patheffects
from matplotlib.ticker import MaxNLocator, PercentFormatter
from torch import Tensor

from rnnlab.geometry import PCA, axes_needed
from rnnlab.plots import style
from rnnlab.plots.style import Picture

CLASSES = tuple(zip(style.INPUTS, "osD^vPX<>"))  # colours and marks of classes without an order
STARS = (("#cc6600", "v"), ("#e0a05c", "<"), ("#7d828b", "o"), ("#7496d8", ">"), ("#1f4fa8", "^"))  # from worst to best
HALO = [patheffects.withStroke(linewidth=3, foreground="white")]


def local_dimension(
    points: Float[Tensor, "points state"], *, reach: float = 0.2, share: float = 0.95
) -> Float[Tensor, " points"]:
    """`axes_needed` for the points around each point alone: 1 along a curve that bends little within this distance.

    Around: within `reach` times the largest distance from the mean of all. NaN where there are fewer than ten.

    Raises:
        ValueError: for fewer than ten points, or a reach that is not positive.
    """
    if len(points) < 10 or not reach > 0:
        raise ValueError(f"needs at least ten points and a positive reach, got {len(points)} and {reach}")
    h = points.detach().double()
    near = torch.cdist(h, h) < reach * (h - h.mean(0)).norm(dim=1).max()
    dimension = torch.full((len(h),), torch.nan, dtype=torch.float64)
    for i in (near.sum(1) >= 10).nonzero()[:, 0].tolist():
        around = h[near[i]]
        dimension[i] = axes_needed(torch.linalg.svdvals(around - around.mean(0)) ** 2, share)
    return dimension


def class_planes(
    plane: PCA,
    visited: Float[Tensor, "visited state"],
    points: Float[Tensor, "points state"],
    answers: Int[Tensor, " points"],
    readouts: Float[Tensor, "classes state"],
    classes: Sequence[str],
    *,
    pairs: Sequence[tuple[int, int]] = ((0, 1),),
    looks: Sequence[tuple[str, str]] = CLASSES,
) -> Picture:
    """Visited states (pale), points of the attractor by the class that is read there, and readouts as arrows.

    pairs: which two axes of `plane` each panel shows. readouts: they start at the middle of the visited states, in the
    direction of each class; in one panel all have one scale. looks: colour and mark of each class.
    """
    states, at = plane.project(visited).numpy(), plane.project(points).numpy()
    arrows, answers = (readouts.to(plane.components) @ plane.components.T).numpy(), answers.numpy()
    middle, reach = states.mean(0), 1.06 * np.abs(states - states.mean(0)).max(0)
    columns = min(2, len(pairs))
    rows = -(-len(pairs) // columns)
    flat = max(reach[j] / reach[i] for i, j in pairs)  # one unit is as long on all axes
    with style.context():
        figure = style.picture(style.WIDTH, 0.9 + rows * flat * 0.88 * style.WIDTH / columns)
        axes = list(figure.subplots(rows, columns, squeeze=False).flat)
        for ax in axes[len(pairs) :]:
            ax.remove()
        for ax, (i, j) in zip(axes, pairs):
            ax.scatter(states[:, i], states[:, j], s=5, color=style.FLOW, alpha=0.35, lw=0, rasterized=True)
            for k, (name, (colour, mark)) in enumerate(zip(classes, looks)):
                look = dict(color=colour, marker=mark, s=22 if columns == 1 else 14, lw=0, zorder=4, label=name)
                ax.scatter(at[answers == k, i], at[answers == k, j], **look)
            fits = min(reach[k] / np.abs(arrows[:, k]).max() for k in (i, j))
            for name, arrow, (colour, _) in zip(classes, arrows[:, [i, j]], looks):
                tip, text = (middle[[i, j]] + part * fits * arrow for part in (0.75, 0.87))
                how = dict(arrowstyle="-|>", color=colour, lw=1.8, mutation_scale=13, shrinkA=0, shrinkB=0)
                ax.annotate("", tip, middle[[i, j]], arrowprops=how, zorder=3)
                if columns == 1:
                    ax.text(*text, name, ha="center", va="center", fontsize=10, path_effects=HALO, zorder=6)
            ax.set(xlabel=f"PC {i + 1}", ylabel=f"PC {j + 1}", aspect="equal")
            ax.set(xlim=middle[i] + reach[i] * np.array([-1, 1]), ylim=middle[j] + reach[j] * np.array([-1, 1]))
            for axis in (ax.xaxis, ax.yaxis):
                axis.set_major_locator(MaxNLocator(5 if columns == 1 else 3))
        handles = axes[0].get_legend_handles_labels()
        figure.legend(*handles, loc="outside upper center", ncols=min(len(classes), 5), columnspacing=0.8)
    return figure


def along(
    position: Float[Tensor, " points"], logits: Float[Tensor, "points classes"], classes: Sequence[str]
) -> Picture:
    """The logit of each of up to five ordered classes, less their mean, at points along an axis: who leads where."""
    centred = (logits - logits.mean(1, keepdim=True)).numpy()
    with style.context():
        figure = style.picture(style.WIDTH, 3.6)
        ax = figure.subplots()
        for name, column, (colour, mark) in zip(classes, centred.T, STARS, strict=True):
            ax.scatter(position.numpy(), column, s=14, color=colour, marker=mark, lw=0, label=name)
        ax.axhline(0, color=style.FAINT, lw=1, zorder=0)
        ax.set(xlabel="PC 1", ylabel="logit, less the mean of all")
        figure.legend(loc="outside upper center", ncols=len(classes), columnspacing=0.8, handletextpad=0.0)
    return figure


def spans(shares: Mapping[str, Mapping[str, Float[Tensor, " state"]]], expected: Sequence[int]) -> Picture:
    """Share of the variance that the leading axes hold together; a panel for each network, {title: {cloud: shares}}.

    expected: for each network the number of axes that theory asks for, a vertical line; a horizontal one: 95 %.
    Up to three clouds of states in each.
    """
    looks = (("#1f4fa8", "o", "-"), (style.TRAJECTORY, "s", "-"), (style.CYCLE, "^", (0, (3, 1.5))))

    def draw(ax, clouds, axes):
        for (name, values), (colour, mark, dashes) in zip(clouds.items(), looks):
            held, numbers = values.cumsum(0)[:axes].numpy(), np.arange(1, axes + 1)
            ax.plot(numbers, held, color=colour, marker=mark, ms=3.5, lw=1.4, ls=dashes, mfc="white", label=name)
        ax.axhline(0.95, color=style.INK, lw=1, ls=(0, (4, 3)), zorder=0)
        ax.set(ylim=(0, 1.05))
        ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))

    return _panels(shares, expected, draw, "principal axes", "share of variance")


def slow_modes(time_constants: Mapping[str, Float[Tensor, "points modes"]], expected: Sequence[int]) -> Picture:
    """Time constants at points of the attractor, sorted at each; a panel for each network.

    Dots are points, the line joins the medians. expected: for each network the number of slow modes that theory asks
    for; a vertical line stands after them.
    """

    def draw(ax, τ, count):
        τ = τ[:, :count].numpy()
        numbers = np.arange(1, count + 1)
        dots = dict(ls="none", marker="o", ms=2.5, mew=0, color=style.FLOW, rasterized=True)
        ax.semilogy(np.tile(numbers, len(τ)), τ.ravel(), label="points", **dots)
        ax.semilogy(numbers, np.median(τ, 0), color="#1f4fa8", lw=1.4, marker="o", ms=4, mfc="white", label="median")

    return _panels(time_constants, expected, draw, "mode", "τ (tokens)", after=0.5)


def _panels(named, expected, draw, xlabel, ylabel, after=0.0):
    columns = min(2, len(named))
    rows = -(-len(named) // columns)
    with style.context():
        figure = style.picture(style.WIDTH, 0.7 + 1.9 * rows)
        axes = list(figure.subplots(rows, columns, squeeze=False).flat)
        for ax in axes[len(named) :]:
            ax.remove()
        for ax, (title, content), dimension in zip(axes, named.items(), expected):
            draw(ax, content, max(8, dimension + 3))
            ax.axvline(dimension + after, color="#cc6600", lw=1.6, label="expected", zorder=0)
            ax.set(title=title)
            ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        figure.supxlabel(xlabel, fontsize=11)
        figure.supylabel(ylabel, fontsize=11)
        handles = axes[0].get_legend_handles_labels()
        figure.legend(*handles, loc="outside upper center", ncols=len(handles[0]))
    return figure
