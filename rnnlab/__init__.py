"""rnnlab: fixed points, cycles, line attractors, linearisation, portraits and automata of recurrent neural networks.

One idea holds it together: a network under a constant input is a map F: h → h′. `cell.at(x)` gives that map, and
`find_fixed_points`, `find_cycles`, `approximate_fixed_points` and `linearize` take any map. Networks of low rank have
a map of few numbers besides: that of `reduction`.
"""

from rnnlab import automata, constructions, corpora, geometry, language, reduction, tasks, zoo
from rnnlab.automata import DFA
from rnnlab.cells import (
    GRU,
    LSTM,
    UGRNN,
    Cell,
    CurrentRNN,
    GRUResetAfter,
    LowRankRNN,
    Map,
    RateRNN,
    Stacked,
    VanillaRNN,
    from_torch,
)
from rnnlab.claims import at_least, at_most, claim, equals, shown
from rnnlab.dynamics import (
    Audit,
    Branch,
    Connections,
    Cycles,
    FixedPoints,
    Modes,
    PeriodicOrbit,
    approximate_fixed_points,
    find_cycles,
    find_fixed_points,
    find_periodic_orbit,
    follow,
    from_saddles,
    linearize,
    mixtures,
    saddle_connections,
    speed,
)
from rnnlab.extraction import Extraction, extract
from rnnlab.network import Network
from rnnlab.ode import solve
from rnnlab.scan import scan
from rnnlab.training import History, TrainingDiverged, train

__all__ = [
    "DFA", "GRU", "LSTM", "UGRNN", "Audit", "Branch", "Cell", "Connections", "CurrentRNN", "Cycles", "Extraction",
    "FixedPoints", "GRUResetAfter", "History", "LowRankRNN", "Map", "Modes", "Network", "PeriodicOrbit", "RateRNN",
    "Stacked", "TrainingDiverged", "VanillaRNN", "approximate_fixed_points", "at_least", "at_most", "automata", "claim",
    "constructions", "corpora", "equals", "extract", "find_cycles", "find_fixed_points", "find_periodic_orbit",
    "follow", "from_saddles", "from_torch", "geometry", "language", "linearize", "mixtures", "reduction",
    "saddle_connections", "scan", "shown", "solve", "speed", "tasks", "train", "zoo",
]  # fmt: skip
