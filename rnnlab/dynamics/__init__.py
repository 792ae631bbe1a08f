"""What a map h → h′ does: its fixed points, whether all are found, and its linearisation at each."""

from rnnlab.dynamics.audit import Audit
from rnnlab.dynamics.fixed_points import FixedPoints, find_fixed_points, mixtures, speed
from rnnlab.dynamics.linearize import Modes, linearize
from rnnlab.dynamics.manifolds import from_saddles

__all__ = ["Audit", "FixedPoints", "Modes", "find_fixed_points", "from_saddles", "linearize", "mixtures", "speed"]
