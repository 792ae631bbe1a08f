"""Plots that accompany a portrait: spectra, explained variance."""

from collections.abc import Mapping

import numpy as np
from matplotlib.ticker import PercentFormatter

from rnnlab.dynamics import FixedPoints
from rnnlab.geometry import PCA
from rnnlab.plots import style
from rnnlab.plots.style import Picture


def spectrum(fixed_points: FixedPoints) -> Picture:
    """Eigenvalues of DF at fixed points, stable ones as red discs, saddles as blue rings, with the unit circle.

    Raises:
        ValueError: if there are no fixed points.
    """
    if not len(fixed_points):
        raise ValueError("fixed_points is empty: there is no spectrum to draw")
    counts = {f"{style.kind(kind)} ({count})": kind for kind, count in fixed_points.census.items()}
    return _spectra([(None, fixed_points, counts)], columns=1)


def spectra(named: Mapping[str, FixedPoints], *, columns: int = 3) -> Picture:
    """The `spectrum` of several sets of fixed points, {title: fixed points}, on the same axes, under one legend.

    Raises:
        ValueError: for none of them, empty ones, or no column.
    """
    if not named or columns < 1:
        raise ValueError(f"spectra needs at least one set of fixed points and one column, got {len(named)}, {columns}")
    if empty := [name for name, points in named.items() if not len(points)]:
        raise ValueError(f"there is no spectrum to draw of {', '.join(empty)}: no fixed points")
    panels = [(name, points, {style.kind(kind): kind for kind in points.census}) for name, points in named.items()]
    return _spectra(panels, columns)


def _spectra(panels, columns, legend=True):
    """Planes of eigenvalues; each panel is a title, fixed points, and the classes to draw, {label: unstable}."""
    columns = min(columns, len(panels))
    rows = -(-len(panels) // columns)
    side = style.WIDTH if columns == 1 else 1.2 * style.WIDTH / columns
    scale = 1.0 if columns < 3 else 0.5
    reach = 1.08 * max(1.0, *(float(points.eigenvalues.abs().max()) for _, points, _ in panels))
    angle = np.linspace(0, 2 * np.pi, 200)
    handles = {}
    with style.context():
        figure = style.picture(columns * side, rows * (side + 0.2 * (columns > 2)))
        axes = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        for ax, (title, points, kinds) in zip(axes.flat, panels):
            unstable, values = points.n_unstable.cpu().numpy(), points.eigenvalues.cpu().numpy()
            ax.axhline(0, color=style.FAINT, lw=1, zorder=0)
            ax.axvline(0, color=style.FAINT, lw=1, zorder=0)
            ax.plot(np.cos(angle), np.sin(angle), color=style.INK, lw=1, zorder=1)
            for label, kind in kinds.items():
                λ = values[unstable == kind].ravel()
                shade = style.SADDLES[min(kind, len(style.SADDLES)) - 1]
                look = (
                    dict(c=style.STABLE, s=16 * scale, linewidths=0)
                    if kind == 0
                    else dict(facecolors="none", edgecolors=shade, s=26 * scale, linewidths=1.1 * scale**0.5)
                )
                handles.setdefault(label, ax.scatter(λ.real, λ.imag, label=label, zorder=2 + 1 / (1 + kind), **look))
            ax.set_title(title)
            ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal", xticks=(-1, 0, 1), yticks=(-1, 0, 1))
        for ax in axes.flat[len(panels) :]:
            ax.remove()
        figure.supxlabel("Re λ", fontsize=13)
        figure.supylabel("Im λ", fontsize=13)
        if legend:
            across = min(len(handles), max(2, columns))
            figure.legend(handles=handles.values(), loc="outside upper center", ncols=across, markerscale=scale**-0.5)
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
