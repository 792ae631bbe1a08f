"""rnnlab: fixed points, linearisation and portraits of recurrent neural networks.

One idea holds it together: a network under a constant input is a map F: h → h′. `cell.at(x)` gives that map, and
`find_fixed_points` and `linearize` take any map.
"""

from rnnlab import geometry, tasks, zoo
from rnnlab.cells import GRU, LSTM, UGRNN, Cell, CurrentRNN, GRUResetAfter, Map, Stacked, VanillaRNN, from_torch
from rnnlab.claims import at_least, at_most, claim, equals, shown
from rnnlab.dynamics import Audit, FixedPoints, Modes, find_fixed_points, from_saddles, linearize, mixtures, speed
from rnnlab.network import Network
from rnnlab.scan import scan
from rnnlab.training import History, TrainingDiverged, train

__all__ = [
    "GRU", "LSTM", "UGRNN", "Audit", "Cell", "CurrentRNN", "FixedPoints", "GRUResetAfter", "History", "Map", "Modes",
    "Network", "Stacked", "TrainingDiverged", "VanillaRNN", "at_least", "at_most", "claim", "equals",
    "find_fixed_points", "from_saddles", "from_torch", "geometry", "linearize", "mixtures", "scan", "shown", "speed",
    "tasks", "train", "zoo",
]  # fmt: skip
