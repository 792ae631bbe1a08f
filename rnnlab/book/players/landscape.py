"""The player of a landscape: a low-rank network in its one or two latent variables, under inputs that the reader turns.

`landscape.js` makes the network's own steps, and finds the fixed points anew whenever the input changes.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor

from rnnlab.cells import LowRankRNN
from rnnlab.live.export import export_network, pack
from rnnlab.live.page import COLOURS, Player
from rnnlab.lowrank import Latent, latent_run
from rnnlab.network import Network

HERE = Path(__file__).parent
TONE = (
    "#6a7fb0"  # where the state is fastest; where it rests the map is as the page, and between them even in lightness
)
SETTLING = 30  # times τ, after which runs are taken to be where they stay
MARGIN = 0.3  # around where they stay, as a part of its width
STARTS, GRID = 3, 13  # points along each axis at which those runs begin, and at which speeds are measured


@dataclass(frozen=True)
class Dial:
    """A slider of a `landscape`: its value times `direction`, of shape (input,), is added to the network's input.

    Raises:
        ValueError: for a range that is empty or not finite, or a value outside of it.
    """

    name: str
    direction: Float[Tensor, " input"]
    low: float
    high: float
    value: float = 0.0

    def __post_init__(self):
        if not -math.inf < self.low < self.high < math.inf:
            raise ValueError(f"{self.name}: low must be less than high, both finite; got {self.low} and {self.high}")
        if not self.low <= self.value <= self.high:
            raise ValueError(f"{self.name}: value must be from {self.low} to {self.high}, got {self.value}")


class LandscapePlayer(Player):
    """A low-rank network in its latent variables, in a web page. Notebooks display it; `html` is for other pages."""

    _tag = "rnnlab-landscape"
    _script = HERE / "landscape.js"
    _styles = (*Player._styles, HERE / "landscape.css")

    def __repr__(self):
        network, dials = self.model["network"], ", ".join(dial["name"] for dial in self.model["dials"])
        return f"LandscapePlayer(rank {len(self.model['start'])}, {network['units']} units, dials: {dials})"


def landscape(
    network: Network,
    *,
    dials: Sequence[Dial],
    choices: Mapping[str, Float[Tensor, " input"]] = {},
    start: Float[Tensor, " rank"] | None = None,
    title: str = "",
    caption: str = "",
) -> LandscapePlayer:
    """A network of rank 1 or 2 as a `LandscapePlayer`: its flow, its fixed points and its state, while the input turns.

    The page runs the network itself, all its units, as R + inputs equations (Dubreuil, eq. 9),

        κ′ = κ + dt/τ (G(κ, v) − κ),   v′ = v + dt/τ (x − v),   G = nᵀ tanh(m κ + W v) / N,   y = V tanh(m κ + W v).

    What it draws is the flow dκ/dt under an input that has settled, v = x: for rank 2 the κ-plane with |dκ/dt| in
    colours, for rank 1 the curve of dκ/dt against κ.

    Args:
        network: a `Network` of a `LowRankRNN` with tanh, of rank 1 or 2.
        dials: sliders; each adds its value times its direction to the input.
        choices: input vectors by name, of which one is always chosen, at first the first one, and added.
        start (rank,): κ at the beginning, where v = 0; zeros if not given.
        title, caption: plain text above and below.

    Raises:
        TypeError: for other cells and readouts.
        ValueError: for a higher rank or another nonlinearity, vectors of a wrong size, dials of the same name, or
            numbers that are not finite.
    """
    exported = export_network(network, (LowRankRNN,))
    G, size = Latent(network.cell), network.cell.input_size
    if G.rank > 2:
        raise ValueError(f"a landscape has one or two latent variables; the network's rank is {G.rank}")
    names = [dial.name for dial in dials]
    if len(set(names)) < len(names):
        raise ValueError(f"dials must have names of their own, got {', '.join(names)}")
    start = torch.zeros(G.rank) if start is None else start
    vectors = {f"the direction of {dial.name}": (dial.direction, size) for dial in dials}
    vectors |= {f"choices[{name!r}]": (vector, size) for name, vector in choices.items()}
    for name, (vector, length) in (vectors | {"start": (start, G.rank)}).items():
        if vector.shape != (length,) or not torch.isfinite(vector).all():
            raise ValueError(f"{name} must be {length} finite numbers, got {vector.tolist()}")
    return LandscapePlayer(
        {
            "title": title,
            "caption": caption,
            "network": exported,
            "dials": [
                {
                    "name": dial.name,
                    "direction": pack(dial.direction),
                    **{name: getattr(dial, name) for name in ("low", "high", "value")},
                }
                for dial in dials
            ],
            "choices": [{"name": name, "input": pack(vector)} for name, vector in choices.items()],
            "start": start.tolist(),
            "reach": G.reach.tolist(),
            **_extent(G, network, _corners(dials, choices, size), start),
            "colours": COLOURS | {"tone": TONE},
        }
    )


def _corners(dials, choices, size):
    """The inputs at the ends of all dials, and at their values, with each of the choices: (inputs, input)."""
    bases = [choice.double() for choice in choices.values()] or [torch.zeros(size, dtype=torch.float64)]
    ends = itertools.product(*((dial.low, dial.high) for dial in dials))
    settings = [*ends, tuple(dial.value for dial in dials)]
    return torch.stack(
        [
            base + sum(value * dial.direction.double() for value, dial in zip(setting, dials))
            for base in bases
            for setting in settings
        ]
    )


def _extent(G, network, inputs, start):
    """What is to be in view: where κ and the outputs stay under these inputs, and the largest |τ dκ/dt| there."""
    corners = _grid([(-reach, reach) for reach in G.reach.tolist()], STARTS)
    κ0, v = (part.flatten(0, 1) for part in _pairs(corners, inputs))
    steps = math.ceil(SETTLING / G.rate)
    κ = latent_run(G, v[:, None].expand(-1, steps, -1), κ0, v)[0][:, steps // 2 :]
    few = κ[:, :: max(1, round(0.5 / G.rate))]
    with torch.no_grad():
        y = network.outputs(G.embed(few, v[:, None]).to(network.readout.weight.dtype)).double()
    view = _span(torch.cat([κ.flatten(0, 1), start[None].double()]), MARGIN)
    points, v = _pairs(_grid(view, GRID), inputs)
    fastest = (G(points, v) - points).norm(dim=-1).amax().item()
    return {"range": view, "outputs": _span(y.flatten(0, 1), 0), "fastest": fastest}


def _grid(ranges, count):
    """All points of a grid, count along each axis: (count^axes, axes)."""
    axes = [torch.linspace(low, high, count, dtype=torch.float64) for low, high in ranges]
    return torch.cartesian_prod(*axes).view(-1, len(axes))


def _span(values, margin):
    """[low, high] of each column and a margin around them, as a part of their width."""
    low, high = values.amin(0), values.amax(0)
    wider = torch.where(high - low > 1e-6, margin * (high - low), 1)
    return torch.stack([low - wider, high + wider], 1).tolist()


def _pairs(points, inputs):
    """Each point with each input: (points, inputs, rank) and (points, inputs, input)."""
    shape = len(points), len(inputs), -1
    return points[:, None].expand(shape), inputs[None].expand(shape)
