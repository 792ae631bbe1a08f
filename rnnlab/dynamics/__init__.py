"""What a map h → h′ does: fixed points and cycles, whether all are found, its linearisation, and what joins them."""

from rnnlab.dynamics.audit import Audit
from rnnlab.dynamics.continuation import Branch, follow_branches
from rnnlab.dynamics.cycles import Cycles, find_cycles
from rnnlab.dynamics.fixed_points import FixedPoints, convex_combinations, find_fixed_points, squared_speed
from rnnlab.dynamics.linearize import Modes, linearize
from rnnlab.dynamics.manifolds import Connections, saddle_connections, unstable_manifolds
from rnnlab.dynamics.maps import iterate, orbit
from rnnlab.dynamics.ode import odeint
from rnnlab.dynamics.periodic_orbits import PeriodicOrbit, find_periodic_orbit
from rnnlab.dynamics.slow_points import find_slow_points

__all__ = [
    "Audit", "Branch", "Connections", "Cycles", "FixedPoints", "Modes", "PeriodicOrbit", "convex_combinations",
    "find_cycles", "find_fixed_points", "find_periodic_orbit", "find_slow_points", "follow_branches", "iterate",
    "linearize", "odeint", "orbit", "saddle_connections", "squared_speed", "unstable_manifolds",
]  # fmt: skip
