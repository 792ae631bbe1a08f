"""Networks as plain JSON, for the scripts that run them in a page."""

import base64

import torch
from torch import Tensor, nn

from rnnlab.cells import GRU, LSTM, UGRNN, GRUResetAfter, LowRankRNN, PreActivationRNN, RateRNN, VanillaRNN
from rnnlab.network import Network

# Those whose recurrence network.js knows: with a readout that is linear in the state, or in the tanh of the state.
CELLS = (GRU, GRUResetAfter, LSTM, UGRNN, VanillaRNN)
CURRENTS = (PreActivationRNN, RateRNN, LowRankRNN)


def export_network(network, known=CELLS):
    """The network as plain JSON, for network.js; TypeError or ValueError for one that no player can run."""
    cell, readout = runnable(network, known)
    bias = readout.bias if readout.bias is not None else readout.weight.new_zeros(readout.out_features)
    return {
        "cell": type(cell).__name__,
        "units": cell.units,
        "size": cell.state_size,
        "rate": cell.rate if isinstance(cell, RateRNN) else None,  # the part of the way that a step takes
        "weights": {name: pack(weight) for name, weight in cell.named_parameters()},
        "readout": {"V": pack(readout.weight), "c": pack(bias)},
    }


def runnable(network, known):
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


def pack(tensor: Tensor) -> dict[str, str]:
    """{"f4" or "f8": base64}: the tensor's numbers row by row, in float64 if that is its dtype, else in float32."""
    kind = "f8" if tensor.dtype == torch.float64 else "f4"
    array = tensor.detach().cpu().numpy().astype(f"<{kind}")
    return {kind: base64.b64encode(array.tobytes()).decode("ascii")}
