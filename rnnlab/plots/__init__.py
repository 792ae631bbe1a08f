"""Pictures in one visual language; each function takes results and returns a matplotlib Figure that shows itself."""

from rnnlab.plots import style
from rnnlab.plots.curves import (
    against,
    census,
    census_history,
    continuation,
    explained_variance,
    spectra,
    spectrum,
    training,
    trial,
    word_trial,
)
from rnnlab.plots.diagram import connection_graph, diagram, layout
from rnnlab.plots.portrait import Camera, Portrait, from_plane, portrait, portraits, upright
from rnnlab.plots.style import Picture, picture

__all__ = [
    "Camera", "Picture", "Portrait", "against", "census", "census_history", "connection_graph", "continuation", "diagram",
    "explained_variance", "from_plane", "layout", "picture", "portrait", "portraits", "spectra", "spectrum", "style",
    "trial", "training", "upright", "word_trial",
]  # fmt: skip
