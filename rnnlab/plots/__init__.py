"""Pictures in one visual language; each function takes results and returns a matplotlib Figure that shows itself."""

from rnnlab.plots import style
from rnnlab.plots.curves import explained_variance, spectra, spectrum
from rnnlab.plots.diagram import connection_graph, diagram, layout
from rnnlab.plots.portrait import Camera, Portrait, portrait, portraits, upright
from rnnlab.plots.style import Picture, picture

__all__ = [
    "Camera", "Picture", "Portrait", "connection_graph", "diagram", "explained_variance", "layout",
    "picture", "portrait", "portraits", "spectra", "spectrum", "style", "upright",
]  # fmt: skip
