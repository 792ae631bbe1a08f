"""Live players: trained networks that run in a web page, with no kernel, no server and no outside request.

`player(network, pca, portraits)` exports the weights, the projection and the fixed points as one piece of HTML;
there `network.js` runs the very recurrence in double precision, `pictures.js` draws, `player.js` has the controls.
"""

import base64
import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from numbers import Real

import numpy as np
import torch
from torch import Tensor, nn

from rnnlab.cells import GRU, LSTM, UGRNN, GRUResetAfter, VanillaRNN
from rnnlab.dynamics import FixedPoints
from rnnlab.figures.style import FLOW, INPUTS, SADDLES, STABLE, TRAJECTORY
from rnnlab.geometry import PCA
from rnnlab.network import Network

CELLS = (GRU, GRUResetAfter, LSTM, UGRNN, VanillaRNN)  # those whose recurrence network.js knows
COLOURS = {
    "stable": STABLE,
    **{f"saddle{n}": colour for n, colour in enumerate(SADDLES, 1)},  # by unstable directions, the last for more
    "trajectory": TRAJECTORY,
    "flow": FLOW,
    "input": INPUTS[2],
}
FILES = ("player.css", "network.js", "pictures.js", "player.js")
FALLBACK = "This player needs JavaScript. In a notebook, trust it (or run this cell); in a browser, allow scripts."


@dataclass(frozen=True)
class Player:
    """A network that runs in a web page. Notebooks display it; `html` is the same for a page of one's own.

    `model` is what the page gets: plain JSON, with arrays as base64 of little-endian floats.
    """

    model: dict

    @property
    def html(self) -> str:
        model = html.escape(json.dumps(self.model, ensure_ascii=False, separators=(",", ":"), allow_nan=False))
        files = resources.files(__package__)
        css, *scripts = (files.joinpath(name).read_text(encoding="utf-8") for name in FILES)
        return (
            f'<rnnlab-player data-model="{model}"><p>{FALLBACK}</p></rnnlab-player>\n'
            # The first player on a page defines the element for all. No file holds "</script>".
            '<script>customElements.get("rnnlab-player") || (STYLE => {\n'
            f"{''.join(scripts)}}})({json.dumps(css)});</script>"
        )

    def __repr__(self):
        network, inputs = self.model["network"], len(self.model["portraits"])
        return f"Player({network['cell']}, {network['units']} units, fixed points under {inputs} inputs)"

    def _repr_html_(self) -> str:
        return self.html


def player(
    network: Network,
    pca: PCA,
    portraits: Mapping[tuple[Real, ...], FixedPoints],
    *,
    script: Sequence[tuple[Real, ...]] = (),
    title: str = "",
    caption: str = "",
) -> Player:
    """A flip-flop network as a `Player`: pulses of ±1 and held inputs for each bit, outputs, and the moving state.

    Arguments:
        network: a `Network` of a GRU, LSTM, UGRNN or (tanh) VanillaRNN cell with a linear readout, one output per
            input. Weights are exported in their own dtype, float32 or float64.
        pca: its `components`, of shape (≥ d, state), and `mean`, (state,), give the picture: the plane of the first
            d = 2 principal components for networks of up to two bits, else the space of the first d = 3.
        portraits: the fixed points under each input, a tuple of one number per bit; the zero input is required.
        script: inputs that a demo gives one after the other, each for one step, again and again.
        title, caption: plain text above and below.

    Raises TypeError for what is not a network, a known cell or a linear readout; ValueError for shapes that do not
    fit each other, a missing portrait of the zero input, or numbers that are not finite.
    """
    cell, readout = _checked(network)
    bits, size = cell.input_size, cell.state_size
    dimension = 2 if bits <= 2 else 3
    if pca.components.ndim != 2 or pca.components.shape[0] < dimension or pca.components.shape[1] != size:
        raise ValueError(f"pca must have components (≥ {dimension}, {size}), got {tuple(pca.components.shape)}")
    for name, inputs in {"portraits": portraits, "script": script}.items():
        for x in inputs:
            if len(x) != bits or not np.isfinite(x).all():
                raise ValueError(f"{name} must have inputs of {bits} finite numbers, got {x}")
    rest = (0,) * bits
    if rest not in portraits:
        raise ValueError(f"portraits must include the zero input {rest}, got {sorted(portraits)}")
    for x, points in portraits.items():
        if points.states.ndim != 2 or len(points.states) == 0 or points.states.shape[1] != size:
            raise ValueError(f"portraits[{x}] must have states (≥ 1, {size}), got {tuple(points.states.shape)}")
    if not (portraits[rest].n_unstable == 0).any():
        raise ValueError("the portrait of the zero input has no stable point, so there is no memory to show")

    weights = {name: _packed(weight) for name, weight in cell.named_parameters()}
    bias = readout.bias if readout.bias is not None else readout.weight.new_zeros(bits)
    return Player(
        {
            "title": title,
            "caption": caption,
            "dimension": dimension,
            "network": {
                "cell": type(cell).__name__,
                "units": cell.units,
                "size": size,
                "weights": weights,
                "readout": {"V": _packed(readout.weight), "c": _packed(bias)},
            },
            "pca": {"mean": _packed(pca.mean), "components": _packed(pca.components[:dimension])},
            "rest": rest,
            "channels": [_bit(k, bits) for k in range(bits)],
            "starts": _packed(portraits[rest].states.float()),
            "portraits": [
                {
                    "input": _plain(x),
                    "points": _packed(pca.project(points.states)[:, :dimension].float()),
                    "unstable": points.n_unstable.tolist(),
                    "labels": _labels(network, points.states),
                }
                for x, points in portraits.items()
            ],
            "script": [_plain(x) for x in script],
            "colours": COLOURS,
        }
    )


def _checked(network):
    """The network's cell and readout, or an error that says what a player can run."""
    if not isinstance(network, Network):
        raise TypeError(f"network must be an rnnlab.Network, got {type(network).__name__}")
    cell, readout = network.cell, network.readout
    if type(cell) not in CELLS:
        known = ", ".join(known.__name__ for known in CELLS)
        raise TypeError(f"a player runs {known}; the network's cell is {type(cell).__name__}")
    if getattr(cell, "nonlinearity", "tanh") != "tanh":
        raise ValueError(f"a player runs VanillaRNN with tanh; the network's nonlinearity is {cell.nonlinearity!r}")
    if not isinstance(readout, nn.Linear):
        raise TypeError(f"the network's readout must be a torch.nn.Linear, got {type(readout).__name__}")
    if readout.out_features != cell.input_size:
        sizes = f"{cell.input_size} inputs, {readout.out_features} outputs"
        raise ValueError(f"a player shows one output per input; the network has {sizes}")
    for name, weight in network.named_parameters():
        if not torch.isfinite(weight).all():
            raise ValueError(f"the network's {name} must be finite")
    return cell, readout


def _bit(k, bits):
    """The k-th bit as a channel of named inputs."""
    pulses = {"−1": -1, "+1": 1}
    buttons = [{"label": label, "input": [pulse * (i == k) for i in range(bits)]} for label, pulse in pulses.items()]
    return {"name": f"bit {k + 1}", "buttons": buttons}


def _plain(x):
    return [float(value) for value in x]


def _labels(network, states):
    """The outputs' signs at each state, such as "+−+"."""
    with torch.no_grad():
        outputs = network.read(states.to(network.readout.weight.dtype))
    return ["".join("−" if value < 0 else "+" for value in output) for output in outputs.tolist()]


def _packed(tensor: Tensor) -> dict[str, str]:
    """{"f4" or "f8": base64}: the tensor's numbers row by row, in float64 if that is its dtype, else in float32."""
    kind = "f8" if tensor.dtype == torch.float64 else "f4"
    array = tensor.detach().cpu().numpy().astype(f"<{kind}")
    return {kind: base64.b64encode(array.tobytes()).decode("ascii")}
