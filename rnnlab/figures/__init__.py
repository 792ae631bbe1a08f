"""Figures in one visual language; each function takes results and returns a matplotlib Figure that shows itself."""

from rnnlab.figures import style
from rnnlab.figures.diagram import connection_graph, diagram, layout
from rnnlab.figures.language import (
    Scene,
    activity,
    drift,
    eigenmodes,
    line_panel,
    line_panels,
    line_summary,
    one_step,
    velocity,
    waiting,
    word_effects,
)
from rnnlab.figures.plots import (
    against,
    census,
    census_history,
    continuation,
    explained_variance,
    spectra,
    spectrum,
    task,
    training,
    words,
)
from rnnlab.figures.portrait import Camera, from_plane, portrait, portraits, upright
from rnnlab.figures.style import Picture, picture

__all__ = [
    "Camera", "Picture", "Scene", "activity", "against", "census", "census_history", "connection_graph", "continuation",
    "diagram", "drift", "eigenmodes", "explained_variance", "from_plane", "layout", "line_panel", "line_panels",
    "line_summary", "one_step", "picture", "portrait", "portraits", "spectra", "spectrum", "style", "task", "training",
    "upright", "velocity", "waiting", "word_effects", "words",
]  # fmt: skip
