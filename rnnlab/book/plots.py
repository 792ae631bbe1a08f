"""Plots that several chapters share: trials of a task, censuses, branches, and curves over a parameter."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch
from jaxtyping import Float
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator
from torch import Tensor

from rnnlab.dynamics import Branch
from rnnlab.dynamics.maps import in_float64, orbit
from rnnlab.geometry import PCA
from rnnlab.plots import style
from rnnlab.plots.style import Picture
from rnnlab.tasks import Automaton, Batch


def from_plane(
    F: Callable, pca: PCA, around: Float[Tensor, "*batch state"], *, grid: int = 12, steps: int = 40
) -> Float[Tensor, "trajectories time state"]:
    """Trajectories of F from a grid in the plane of the first two principal components; float64, for a `background`.

    The starts are reconstructions of grid × grid uniformly spaced points of the rectangle that holds the projection of
    `around` (points, state); on the other components that `pca` keeps they have its mean. Each trajectory has its
    start and `steps` iterates: time = steps + 1. Where F turns about a cycle, few steps show more.
    Source: *Explaining RNN computations through hidden state dynamics*, figures 8 to 10.

    Raises:
        ValueError: for a pca of fewer than 2 components, no states, grid < 2 or steps < 1.
    """
    if len(pca.components) < 2 or not around.numel() or grid < 2 or steps < 1:
        raise ValueError(
            f"from_plane needs at least 2 components, a state, a grid of 2 and 1 step; "
            f"got {len(pca.components)}, {tuple(around.shape)}, {grid} and {steps}"
        )
    coordinates = pca.project(around.detach()).flatten(0, -2)
    low, high = coordinates.amin(0), coordinates.amax(0)
    starts = coordinates.mean(0).repeat(grid**2, 1)
    starts[:, :2] = torch.cartesian_prod(*(torch.linspace(low[k], high[k], grid).to(low) for k in (0, 1)))
    return orbit(in_float64(F), pca.reconstruct(starts).double(), steps)


def trial(batch: Batch, outputs: Float[Tensor, "batch time out"], *, sequence: int = 0) -> Picture:
    """Inputs, targets and outputs of one sequence of a batch against time, one row per bit.

    Inputs are black lines, targets pale bands, outputs (batch, time, out) coloured lines over them.

    Raises:
        ValueError: if outputs and targets differ in shape, bits have no input of their own, or for another sequence.
    """
    _check_outputs(batch, outputs, sequence)
    bits = outputs.shape[-1]
    if batch.inputs.shape[-1] != bits:
        raise ValueError(f"one row per bit needs as many inputs as outputs, got {batch.inputs.shape[-1]} and {bits}")
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


def word_trial(
    task: Automaton, batch: Batch, outputs: Float[Tensor, "batch time out"], *, sequence: int = 0
) -> Picture:
    """One word of a batch, its symbols along the top, and below them a row per answer of the automaton.

    Targets are pale bands, outputs (batch, time, out) coloured lines over them; each is what stands after the symbol
    above it. Answers True and False are called accept and reject.

    Raises:
        ValueError: if outputs and targets differ in shape, the batch is none of this task, the word has more than 40
            symbols, or there is no such sequence.
    """
    _check_outputs(batch, outputs, sequence)
    if (batch.inputs.shape[-1], outputs.shape[-1]) != (task.input_size, task.output_size):
        raise ValueError(
            f"batch must be of the task, with {task.input_size} inputs and {task.output_size} outputs, "
            f"got {batch.inputs.shape[-1]} and {outputs.shape[-1]}"
        )
    if outputs.shape[1] > 40:
        raise ValueError(f"words of up to 40 symbols can be read, got {outputs.shape[1]}")
    symbols = [str(task.machine.alphabet[symbol]) for symbol in batch.inputs[sequence].argmax(-1).tolist()]
    targets, answers = (t[sequence].detach().cpu().numpy() for t in (batch.targets, outputs))
    steps = np.arange(1, len(symbols) + 1)
    with style.context():
        figure = style.picture(style.WIDTH, 1.3 + 0.6 * len(task.machine.answers))
        axes = figure.subplots(len(task.machine.answers), 1, sharex=True, sharey=True, squeeze=False)[:, 0]
        for row, (ax, answer) in enumerate(zip(axes, task.machine.answers)):
            colour = style.INPUTS[row % len(style.INPUTS)]
            ends, held = np.append(steps - 0.5, steps[-1] + 0.5), np.append(targets[:, row], targets[-1, row])
            band = dict(alpha=0.3, lw=7, drawstyle="steps-post", solid_capstyle="butt")
            (target,) = ax.plot(ends, held, color=colour, **band)
            (said,) = ax.plot(steps, answers[:, row], color=colour, lw=1.6, marker="o", ms=3.5)
            name = {True: "accept", False: "reject"}[answer] if isinstance(answer, bool) else str(answer)
            ax.set_ylabel(name, rotation=0, ha="right", va="center")
            ax.set(yticks=(0, 1), xlim=(0.3, len(steps) + 0.7))
            ax.margins(y=0.2)
        for step, symbol in zip(steps, symbols):
            above = dict(xycoords=("data", "axes fraction"), ha="center", va="bottom", annotation_clip=False)
            axes[0].annotate(symbol, (step, 1.08), fontsize=min(12.0, 320 / len(steps)), **above)
        axes[-1].set_xlabel("time (symbols read)")
        axes[-1].xaxis.set_major_locator(MaxNLocator(8, integer=True))
        figure.legend([target, said], ["target", "output"], loc="outside upper center", ncols=2, handletextpad=0.6)
    return figure


def _check_outputs(batch, outputs, sequence):
    if outputs.shape != batch.targets.shape:
        raise ValueError(
            f"outputs must have the shape of the targets, {tuple(batch.targets.shape)}, got {tuple(outputs.shape)}"
        )
    if not 0 <= sequence < len(outputs):
        raise ValueError(f"sequence must be from 0 to {len(outputs) - 1}, got {sequence}")


def census(networks: Mapping[str, Mapping[int, int]], *, expected: Mapping[int, int] | None = None) -> Picture:
    """Numbers of fixed points by number of unstable directions: one row per network, darker for more points.

    Args:
        networks: {name: FixedPoints.census}.
        expected: a census to compare with; counts that differ from it are framed.

    Raises:
        ValueError: for no networks.
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


def census_history(steps: Sequence[int], censuses: Sequence[Mapping[int, int]]) -> Picture:
    """Numbers of fixed points, by number of unstable directions, against the training step; dotted where they change.

    Args:
        steps: rising, one for each of the censuses, {unstable directions: count}. A count holds until the next one.

    Raises:
        ValueError: for none, or lengths that differ.
    """
    if not len(steps) or len(steps) != len(censuses):
        raise ValueError(f"each census needs its step, got {len(steps)} steps and {len(censuses)} censuses")
    kinds = sorted({unstable for census in censuses for unstable in census})
    looks = [(style.STABLE, "-"), *zip(style.SADDLES, ("--", "-.", ":"))]
    with style.context():
        figure = style.picture(style.WIDTH, 3.2)
        ax = figure.subplots()
        for before, step, census in zip(censuses, steps[1:], censuses[1:]):
            if census != before:
                ax.axvline(step, color=style.FLOW, lw=0.8, ls=":", zorder=0)
        for kind in kinds:
            colour, dashes = looks[min(kind, len(looks) - 1)]
            counts = [census.get(kind, 0) for census in censuses]
            ax.plot(steps, counts, color=colour, ls=dashes, lw=2, drawstyle="steps-post", label=style.kind(kind))
        ax.set(xlabel="training step", ylabel="fixed points")
        ax.yaxis.set_major_locator(MaxNLocator(6, integer=True))
        figure.legend(loc="outside upper center", ncols=min(len(kinds), 4), handlelength=2.6)
    return figure


def continuation(
    branches: Sequence[Branch],
    height: Callable[[Tensor], Tensor],
    *,
    xlabel: str = "parameter",
    ylabel: str = "state",
) -> Picture:
    """Bifurcation diagram: branches of fixed points against the parameter, and the folds at which they turn back.

    Lines are red and solid where the points are stable, blue and dashed where they are not.

    Args:
        height: what is drawn of the states (steps, state), as a function to (steps,), such as
            `lambda states: pca.project(states)[:, 0]`.

    Raises:
        ValueError: for no branches, or a height of another shape.
    """
    if not branches:
        raise ValueError("branches is empty: there is nothing to draw")
    entries = {}
    with style.context():
        figure = style.picture(style.WIDTH, 0.8 * style.WIDTH)
        ax = figure.subplots()
        for branch in branches:
            heights = height(branch.states)
            if heights.shape != branch.parameter.shape:
                raise ValueError(
                    f"height must map states {tuple(branch.states.shape)} to {tuple(branch.parameter.shape)}, "
                    f"got {tuple(heights.shape)}"
                )
            x, y = branch.parameter.cpu().numpy(), heights.detach().cpu().numpy()
            unstable = branch.n_unstable.cpu().numpy()
            ends = [0, *(1 + np.flatnonzero(np.diff(unstable))), len(x)]
            for first, last in zip(ends, ends[1:]):
                kind = int(unstable[first])
                shade = style.SADDLES[min(kind, len(style.SADDLES)) - 1]
                look = dict(color=shade, lw=1.6, ls=(0, (3, 1.5))) if kind else dict(color=style.STABLE, lw=2.4)
                piece = slice(first, last + 1)  # up to the first point of the next piece: no gap
                (entries[kind],) = ax.plot(x[piece], y[piece], label=style.kind(kind), zorder=3 - (kind > 0), **look)
            if len(branch.folds):
                at = height(branch.fold_states).detach().cpu().numpy()
                look = dict(ls="none", marker="o", ms=6, color=style.INK, mec="white", zorder=4)
                (entries["fold"],) = ax.plot(branch.folds.cpu().numpy(), at, label="fold", **look)
        ax.set(xlabel=xlabel, ylabel=ylabel)
        kinds = sorted(kind for kind in entries if kind != "fold")
        handles = [entries[kind] for kind in (*kinds, *(["fold"] if "fold" in entries else []))]
        figure.legend(handles=handles, loc="outside upper center", ncols=min(len(handles), 4), handlelength=2.2)
    return figure


def against(x: Sequence[int | float], values: Float[Tensor, "x seeds"], *, xlabel: str, ylabel: str) -> Picture:
    """A quantity against x: a dot for each seed, and a line through the means over seeds.

    Raises:
        ValueError: for no values, or another number of rows than x has.
    """
    if not values.numel() or len(x) != len(values):
        raise ValueError(f"values must be (x, seeds ≥ 1), a row for each of {len(x)} x, got {tuple(values.shape)}")
    table = values.detach().cpu().numpy()
    with style.context():
        figure = style.picture(style.WIDTH, 3.2)
        ax = figure.subplots()
        ax.plot(x, table.mean(1), color=style.SADDLES[1], lw=2, label="mean")
        look = dict(ls="none", marker="o", ms=4.5, color=style.TRAJECTORY, alpha=0.6, mew=0)
        ax.plot(np.repeat(np.asarray(x, dtype=float), table.shape[1]), table.ravel(), label="seeds", **look)
        ax.set(xlabel=xlabel, ylabel=ylabel)
        figure.legend(loc="outside upper center", ncols=2, handlelength=1.6)
    return figure
