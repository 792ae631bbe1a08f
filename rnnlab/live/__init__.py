"""Live players: trained networks that run in a web page, with no kernel, no server and no outside request.

`player(network, task, pca, portraits)` exports the weights, the task, the projection and the fixed points as one piece
of HTML; there `network.js` runs the very recurrence in double precision, `tasks.js` knows what is asked, `pictures.js`
and `diagram.js` draw, `live.js` has what all players share, and `player.js` the controls. `reading(classifier, pca,
points, pushes, states, labels)` does the same for a network that reads texts, with `reading.js`, and `landscape(network,
dials=…)` for a low-rank network in its latent variables, with `landscape.js`, and `memories(cell, patterns, shape)` for a
Hopfield network, with `memories.js`. `chooser` shows one of several players.
"""

import base64
import html
import json
import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

import torch
from torch import Tensor, nn

from rnnlab.cells import GRU, LSTM, UGRNN, CurrentRNN, GRUResetAfter, LowRankRNN, RateRNN, VanillaRNN
from rnnlab.dynamics import Cycles, FixedPoints
from rnnlab.figures.style import CYCLE, FLOW, INPUTS, SADDLES, SLOW, STABLE, TRAJECTORY
from rnnlab.geometry import PCA
from rnnlab.live import tasks
from rnnlab.network import Network
from rnnlab.tasks import Automaton, FlipFlop

# Those whose recurrence network.js knows: with a readout that is linear in the state, or in the tanh of the state.
CELLS = (GRU, GRUResetAfter, LSTM, UGRNN, VanillaRNN)
CURRENTS = (CurrentRNN, RateRNN, LowRankRNN)
COLOURS = {
    "stable": STABLE,
    **{f"saddle{n}": colour for n, colour in enumerate(SADDLES, 1)},  # by unstable directions, the last for more
    "slow": SLOW,
    "cycle": CYCLE,
    "trajectory": TRAJECTORY,
    "flow": FLOW,
    "input": INPUTS[2],
}
STYLES = ("player.css", "reading.css", "landscape.css", "memories.css")
SCRIPTS = (
    "network.js", "tasks.js", "diagram.js", "live.js", "pictures.js", "player.js", "reading.js", "landscape.js",
    "memories.js", "chooser.js",
)  # fmt: skip
FALLBACK = "This player needs JavaScript. In a notebook, trust it (or run this cell); in a browser, allow scripts."


@dataclass(frozen=True)
class Player:
    """A network that runs in a web page. Notebooks display it; `html` is the same for a page of one's own.

    `model` is what the page gets: plain JSON, with arrays as base64 of little-endian floats.
    """

    model: dict
    _tag = "rnnlab-player"

    @property
    def html(self) -> str:
        return self._element() + _script()

    def _element(self, attributes=""):
        model = html.escape(json.dumps(self.model, ensure_ascii=False, separators=(",", ":"), allow_nan=False))
        # JupyterLab's shortcuts would take the letters that are typed in a shadow root.
        attributes += " data-lm-suppress-shortcuts"
        return f'<{self._tag}{attributes} data-model="{model}"><p>{FALLBACK}</p></{self._tag}>\n'

    def __repr__(self):
        network, inputs = self.model["network"], len(self.model["portraits"])
        return f"Player({network['cell']}, {network['units']} units, fixed points under {inputs} inputs)"

    def _repr_html_(self) -> str:
        return self.html


@dataclass(frozen=True)
class Chooser:
    """Several players, of which the page shows one at a time. Notebooks display it; `html` is for other pages."""

    name: str
    players: Mapping[str, Player]

    @property
    def html(self) -> str:
        choices = html.escape(json.dumps([self.name, *self.players], ensure_ascii=False))
        elements = (player._element(" hidden" if i else "") for i, player in enumerate(self.players.values()))
        return f'<rnnlab-chooser data-choices="{choices}">\n{"".join(elements)}</rnnlab-chooser>\n{_script()}'

    def __repr__(self):
        return f"Chooser({self.name}: {', '.join(self.players)})"

    def _repr_html_(self) -> str:
        return self.html


def chooser(players: Mapping[str, Player], *, name: str) -> Chooser:
    """One of several players at a time, under buttons with their names, such as {"0": …, "4": …} and name="delay".

    The first is shown at the beginning; only the one that is shown runs. Raises ValueError for no players.
    """
    if not players:
        raise ValueError("players must not be empty: there is nothing to choose from")
    return Chooser(name, dict(players))


def player(
    network: Network,
    task: FlipFlop | Automaton,
    pca: PCA,
    portraits: Mapping[Hashable, FixedPoints],
    *,
    cycles: Mapping[Hashable, Cycles] = {},
    script: Sequence[Hashable] = (),
    title: str = "",
    caption: str = "",
) -> Player:
    """A network at its task as a `Player`: buttons for what it can be told, its outputs, and the moving state.

    A *symbol* is what the network is told in one time step: for a `FlipFlop` a pulse, such as (0, −1), whatever its
    encoding; for an `Automaton` a symbol of its alphabet, a single character.

    Arguments:
        network: a `Network` of a GRU, LSTM or UGRNN cell, or of a VanillaRNN, CurrentRNN, RateRNN or LowRankRNN
            with tanh, and with a linear readout. Weights are exported in their own dtype, float32 or float64.
        task: what the network was trained on; it says what there is to press, and what is asked of the output.
        pca: its `components`, of shape (2, state) or (3, state), and `mean`, (state,), give the plane or the space of
            the picture.
        portraits: the fixed points under each symbol; for a flip-flop, that of no pulse, (0, …, 0), is required.
        cycles: periodic orbits under a symbol, of which the attracting ones are drawn.
        script: symbols that a demo gives, again and again: pulses with time between them, or a word.
        title, caption: plain text above and below.

    Raises TypeError for what is not a network, a known cell, a linear readout or a known task; ValueError for shapes
    that do not fit each other, symbols that the task does not know, a missing portrait, or numbers that are not finite.
    """
    cell, readout = _checked(network, task)
    size, dimension = cell.state_size, pca.components.shape[0]
    if dimension not in (2, 3) or pca.components.shape[1] != size:
        raise ValueError(f"pca must have components (2 or 3, {size}), got {tuple(pca.components.shape)}")
    symbols = list(tasks.symbols(task))
    for name, given in {"portraits": portraits, "cycles": cycles, "script": script}.items():
        for symbol in given:
            if symbol not in symbols:
                known = ", ".join(map(repr, symbols[:3])) + ", …" * (len(symbols) > 3)
                raise ValueError(f"{name} must have symbols of the task, {known}; got {symbol!r}")
    for symbol, points in portraits.items():
        if len(points.states) == 0 or points.states.shape[1] != size:
            raise ValueError(f"portraits[{symbol!r}] must have states (≥ 1, {size}), got {tuple(points.states.shape)}")
    for symbol, orbits in cycles.items():
        if symbol not in portraits or orbits.states.shape[2] != size:
            raise ValueError(
                f"cycles[{symbol!r}] must have states (cycles, period, {size}), got {tuple(orbits.states.shape)}, "
                f"and go with a portrait; there are portraits under {list(portraits)}"
            )
    if not portraits:
        raise ValueError("portraits must not be empty: there is nothing to draw")
    about = tasks.exported(task)
    if (rest := about["rest"]) is not None:
        if rest not in portraits:
            raise ValueError(f"portraits must include {rest}, that of no pulse; got {list(portraits)}")
        if not len(portraits[rest].stable):
            raise ValueError(f"the portrait under {rest} has no stable point, so there is no memory to show")

    def attracting(symbol):
        return cycles[symbol].stable if symbol in cycles else torch.empty(0, 1, size)

    def answers(states):
        with torch.no_grad():
            return tasks.answers(task, network.read(states.to(readout.weight.dtype)))

    return Player(
        {
            "title": title,
            "caption": caption,
            "dimension": dimension,
            "network": _exported(network, CELLS + CURRENTS),
            "task": about
            | {
                "symbols": [list(symbol) for symbol in symbols],
                "inputs": _packed(torch.stack([task.input(symbol) for symbol in symbols])),
            },
            "pca": {"mean": _packed(pca.mean), "components": _packed(pca.components)},
            "portraits": [
                {
                    "symbol": symbols.index(symbol),
                    "states": _packed(points.states.float()),
                    "unstable": points.n_unstable.tolist(),
                    "labels": answers(points.states),
                    "slow": {"states": _packed(points.slow.float())},
                    "cycles": [
                        {"states": _packed(orbit.float()), "labels": answers(orbit)} for orbit in attracting(symbol)
                    ],
                }
                for symbol, points in portraits.items()
            ],
            "script": [symbols.index(symbol) for symbol in script],
            "colours": COLOURS,
        }
    )


def _script():
    files = resources.files(__package__)
    # Each player carries all of it, so without indentation.
    css, scripts = (
        re.sub(r"^\s+", "", "".join(files.joinpath(name).read_text("utf-8") for name in names), flags=re.M)
        for names in (STYLES, SCRIPTS)
    )
    # The first on a page defines the elements for all. No file holds "</script>".
    return f'<script>customElements.get("rnnlab-player") || (STYLE => {{\n{scripts}}})({json.dumps(css)});</script>'


def _checked(network, task):
    """The network's cell and readout, or an error that says what a player can run."""
    cell, readout = _runnable(network, CELLS + CURRENTS)
    if not isinstance(task, (FlipFlop, Automaton)):
        raise TypeError(f"task must be a FlipFlop or an Automaton, got {type(task).__name__}")
    if (cell.input_size, readout.out_features) != (task.input_size, task.output_size):
        raise ValueError(
            f"the network has {cell.input_size} inputs and {readout.out_features} outputs, "
            f"the task {task.input_size} and {task.output_size}"
        )
    return cell, readout


def _runnable(network, known):
    """The network's cell and readout, or an error that says which known cells the player can run."""
    if not isinstance(network, Network):
        raise TypeError(f"network must be an rnnlab.Network, got {type(network).__name__}")
    cell, readout = network.cell, network.readout
    if type(cell) not in known:
        names = ", ".join(kind.__name__ for kind in known)
        raise TypeError(f"this player runs {names}; the network's cell is {type(cell).__name__}")
    if getattr(cell, "nonlinearity", "tanh") != "tanh":
        kind = type(cell).__name__
        raise ValueError(f"a player runs {kind} with tanh; the network's nonlinearity is {cell.nonlinearity!r}")
    if not isinstance(readout, nn.Linear):
        raise TypeError(f"the network's readout must be a torch.nn.Linear, got {type(readout).__name__}")
    for name, weight in network.named_parameters():
        if not torch.isfinite(weight).all():
            raise ValueError(f"the network's {name} must be finite")
    return cell, readout


def _exported(network, known=CELLS):
    """The network as plain JSON, for network.js. Raises for cells that are not known."""
    cell, readout = _runnable(network, known)
    bias = readout.bias if readout.bias is not None else readout.weight.new_zeros(readout.out_features)
    return {
        "cell": type(cell).__name__,
        "units": cell.units,
        "size": cell.state_size,
        "rate": cell.rate if isinstance(cell, RateRNN) else None,  # the part of the way that a step takes
        "weights": {name: _packed(weight) for name, weight in cell.named_parameters()},
        "readout": {"V": _packed(readout.weight), "c": _packed(bias)},
    }


def _packed(tensor: Tensor) -> dict[str, str]:
    """{"f4" or "f8": base64}: the tensor's numbers row by row, in float64 if that is its dtype, else in float32."""
    kind = "f8" if tensor.dtype == torch.float64 else "f4"
    array = tensor.detach().cpu().numpy().astype(f"<{kind}")
    return {kind: base64.b64encode(array.tobytes()).decode("ascii")}


from rnnlab.live.landscape import Dial, LandscapePlayer, landscape  # noqa: E402, F401  (made of what stands above)
from rnnlab.live.memories import MemoriesPlayer, memories  # noqa: E402, F401
from rnnlab.live.reading import ReadingPlayer, reading  # noqa: E402, F401
