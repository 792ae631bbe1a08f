"""Figures in one visual language; each function takes results and returns a matplotlib Figure that shows itself."""

from rnnlab.figures import style
from rnnlab.figures.diagram import connection_graph, diagram, layout
from rnnlab.figures.plots import census, explained_variance, spectrum, task, training
from rnnlab.figures.portrait import Camera, portrait, portraits, upright
from rnnlab.figures.style import Picture, picture

__all__ = [
    "Camera", "Picture", "census", "connection_graph", "diagram", "explained_variance", "layout", "picture", "portrait",
    "portraits", "spectrum", "style", "task", "training", "upright",
]  # fmt: skip
