"""rnnlab: fixed points, cycles, line attractors, linearisation, portraits and automata of recurrent neural networks.

One idea holds it together: a network under a constant input is a map F: h → h′. `cell.at(x)` gives that map, and
`find_fixed_points`, `find_cycles`, `find_slow_points` and `linearize` take any map. Networks of low rank have a map in
few dimensions besides: that of `rnnlab.lowrank`. What only the chapters of the book need is in `rnnlab.book`.
Examples in docstrings take `import torch, rnnlab` for granted.
"""

from rnnlab import automata, geometry, lowrank, tasks
from rnnlab.automata import DFA
from rnnlab.cells import (
    GRU,
    LSTM,
    UGRNN,
    Cell,
    GRUResetAfter,
    LowRankRNN,
    Map,
    PreActivationRNN,
    RateRNN,
    Stacked,
    VanillaRNN,
    from_torch,
)
from rnnlab.dynamics import (
    Audit,
    Branch,
    Connections,
    Cycles,
    FixedPoints,
    Modes,
    PeriodicOrbit,
    convex_combinations,
    find_cycles,
    find_fixed_points,
    find_periodic_orbit,
    find_slow_points,
    follow_branches,
    iterate,
    linearize,
    odeint,
    orbit,
    saddle_connections,
    squared_speed,
    unstable_manifolds,
)
from rnnlab.extraction import Extraction, extract
from rnnlab.network import Network
from rnnlab.scan import scan
from rnnlab.training import History, TrainingDiverged, train

__all__ = [
    "DFA", "GRU", "LSTM", "UGRNN", "Audit", "Branch", "Cell", "Connections", "Cycles", "Extraction", "FixedPoints",
    "GRUResetAfter", "History", "LowRankRNN", "Map", "Modes", "Network", "PeriodicOrbit", "PreActivationRNN", "RateRNN",
    "Stacked", "TrainingDiverged", "VanillaRNN", "automata", "convex_combinations", "extract", "find_cycles",
    "find_fixed_points", "find_periodic_orbit", "find_slow_points", "follow_branches", "from_torch", "geometry",
    "iterate", "linearize", "lowrank", "odeint", "orbit", "saddle_connections", "scan", "squared_speed", "tasks",
    "train", "unstable_manifolds",
]  # fmt: skip
