"""What a map h → h′ does: its fixed points and cycles, whether all are found, its linearisation, and what joins them."""

from rnnlab.dynamics.audit import Audit
from rnnlab.dynamics.continuation import Branch, follow
from rnnlab.dynamics.cycles import Cycles, find_cycles
from rnnlab.dynamics.fixed_points import FixedPoints, find_fixed_points, mixtures, speed
from rnnlab.dynamics.line import approximate_fixed_points
from rnnlab.dynamics.linearize import Modes, linearize
from rnnlab.dynamics.manifolds import Connections, from_saddles, saddle_connections
from rnnlab.dynamics.orbits import PeriodicOrbit, find_periodic_orbit

__all__ = [
    "Audit", "Branch", "Connections", "Cycles", "FixedPoints", "Modes", "PeriodicOrbit", "approximate_fixed_points",
    "find_cycles", "find_fixed_points", "find_periodic_orbit", "follow", "from_saddles", "linearize", "mixtures",
    "saddle_connections", "speed",
]  # fmt: skip
