"""The player of a network at its task: buttons for what it can be told, its outputs, and the moving state."""

from collections.abc import Hashable, Mapping, Sequence

import torch

from rnnlab.dynamics import Cycles, FixedPoints
from rnnlab.geometry import PCA
from rnnlab.live import tasks
from rnnlab.live.export import CELLS, CURRENTS, export_network, pack, runnable
from rnnlab.live.page import COLOURS, Player
from rnnlab.network import Network
from rnnlab.tasks import Automaton, FlipFlop


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
    """A network at its task as a `Player`: buttons for its inputs, its outputs, and the moving state.

    A *symbol* is the input of one time step: for a `FlipFlop` a pulse, such as (0, −1), whatever its encoding; for an
    `Automaton` a symbol of its alphabet, a single character.

    Args:
        network: a `Network` of a GRU, LSTM or UGRNN cell, or of a VanillaRNN, PreActivationRNN, RateRNN or LowRankRNN
            with tanh, and with a linear readout. Weights are exported in their own dtype, float32 or float64.
        task: what the network was trained on; it says what there is to press, and what is asked of the output.
        pca: its `components`, (2 or 3, state), give the plane or the space of the picture.
        portraits: the fixed points under each symbol; for a flip-flop, that of no pulse, (0, …, 0), is required.
        cycles: periodic orbits under a symbol, of which the attracting ones are drawn.
        script: symbols that a demo gives, again and again: pulses with time between them, or a word.
        title, caption: plain text above and below.

    Raises:
        TypeError: for what is not a network, a known cell, a linear readout or a known task.
        ValueError: for shapes that do not fit each other, symbols that the task does not know, a missing portrait, or
            numbers that are not finite.
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
            return tasks.answers(task, network.outputs(states.to(readout.weight.dtype)))

    return Player(
        {
            "title": title,
            "caption": caption,
            "dimension": dimension,
            "network": export_network(network, CELLS + CURRENTS),
            "task": about
            | {
                "symbols": [list(symbol) for symbol in symbols],
                "inputs": pack(torch.stack([task.input(symbol) for symbol in symbols])),
            },
            "pca": {"mean": pack(pca.mean), "components": pack(pca.components)},
            "portraits": [
                {
                    "symbol": symbols.index(symbol),
                    "states": pack(points.states.float()),
                    "unstable": points.n_unstable.tolist(),
                    "labels": answers(points.states),
                    "slow": {"states": pack(points.slow.float())},
                    "cycles": [
                        {"states": pack(orbit.float()), "labels": answers(orbit)} for orbit in attracting(symbol)
                    ],
                }
                for symbol, points in portraits.items()
            ],
            "script": [symbols.index(symbol) for symbol in script],
            "colours": COLOURS,
        }
    )


def _checked(network, task):
    """The network's cell and readout, or an error that says what a player can run."""
    cell, readout = runnable(network, CELLS + CURRENTS)
    if not isinstance(task, (FlipFlop, Automaton)):
        raise TypeError(f"task must be a FlipFlop or an Automaton, got {type(task).__name__}")
    if (cell.input_size, readout.out_features) != (task.input_size, task.output_size):
        raise ValueError(
            f"the network has {cell.input_size} inputs and {readout.out_features} outputs, "
            f"the task {task.input_size} and {task.output_size}"
        )
    return cell, readout
