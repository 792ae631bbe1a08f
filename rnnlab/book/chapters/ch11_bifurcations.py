"""What becomes of fixed points on their branches, and a film of them while a network is trained."""

import base64
import io
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float
from PIL import Image
from torch import Tensor

from rnnlab.dynamics import Branch, FixedPoints
from rnnlab.geometry import PCA
from rnnlab.plots import style


class Account(NamedTuple):
    """How well branches explain what a search finds: points `missed`, and the largest `distance` to an end of one."""

    missed: int
    distance: float


def account(branches: Sequence[Branch], before: FixedPoints, after: FixedPoints) -> Account:
    """Whether branches from α = 0 to 1, begun at the points `before`, explain the points `after`.

    A branch that ends at 1 leads from one point to one; one that comes back to 0 has taken two points with it.
    """
    ends = torch.stack([branch.states[-1] for branch in branches if branch.end_parameter == 1])
    returned = sum(branch.end_parameter == 0 for branch in branches)
    missed = abs(len(before) - 2 * returned - len(ends)) + abs(len(ends) - len(after))
    return Account(missed, float(torch.cdist(after.states, ends).amin(1).max()))


def index_sum(branches: Sequence[Branch], parameter: float) -> int:
    """Σ sign det(I − DF) over the points of all branches at one value of the parameter."""
    total = 0
    for branch in branches:
        below = branch.parameter < parameter
        crossed = below[1:] != below[:-1]
        total += int(branch.index[:-1][crossed].sum())
    return total


def frames(
    pca: PCA,
    around: Float[Tensor, "*batch state"],
    found: Mapping[int, FixedPoints],
    flow: Mapping[int, Float[Tensor, "trajectories time state"]],
) -> list[Image.Image]:
    """A picture for each training step: fixed points, over trajectories, on two axes whose limits hold `around`."""
    coordinates = pca.project(around).flatten(0, -2)
    low, high = (coordinates.amin(0) - 0.3).tolist(), (coordinates.amax(0) + 0.3).tolist()
    pictures = []
    with style.context():
        for step, points in found.items():
            figure = style.picture(4.2, 4.5)
            ax = figure.subplots()
            for path in pca.project(flow[step].float()):
                ax.plot(*path.T, color=style.FLOW, lw=0.8, alpha=0.7, zorder=1)
            for (u, v), n in zip(pca.project(points.states.float()), points.n_unstable.tolist()):
                shade = style.SADDLES[min(n, 3) - 1]
                look = dict(fc="white", ec=shade, lw=2) if n else dict(c=style.STABLE)
                ax.scatter(u, v, s=80 + 30 * max(n - 1, 0), zorder=3, **look)
            ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect="equal")
            ax.set(xticks=[], yticks=[], xlabel="PC 1", ylabel="PC 2")
            ax.set_title(f"step {step}, fixed points: {len(points)}")
            pictures.append(_image(figure))
    return pictures


def _image(figure):
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=120)
    return Image.open(buffer).convert("RGB")


def webp(first: Image.Image, *more: Image.Image, **how) -> str:
    """One picture, or a film of several, as a data address; `how` is for Pillow: duration (ms of each), loop."""
    buffer = io.BytesIO()
    first.save(buffer, "WEBP", append_images=more, save_all=bool(more), quality=70, **how)
    return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode()
