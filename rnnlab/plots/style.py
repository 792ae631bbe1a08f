"""One visual language for all pictures: the colours, marks and sizes, and the figure that notebooks display."""

import io
from contextlib import AbstractContextManager

from rnnlab._extras import needed_by
from rnnlab.colours import *  # noqa: F403  (part of the language)

with needed_by("rnnlab.plots", extra="plots"):  # loaded before the other rooms of the plots
    import matplotlib
    from matplotlib.figure import Figure

STABLE_SIZE, SLOW_SIZE, START_SIZE = 90, 50, 260  # areas of marks, in points²
SADDLE_SIZES = (46, 66, 90)

WIDTH = 5.0  # inches: shown 340 px wide on a phone, text of 11 points is still 10 px high

RC = {
    "figure.dpi": 192,  # twice the 96 of a screen
    "figure.facecolor": "white",
    "figure.constrained_layout.h_pad": 0.08,
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.labelsize": 11,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "legend.fontsize": 10.5,
    "legend.frameon": False,
    "legend.handletextpad": 0.3,
    "legend.columnspacing": 1.2,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": "#8a8f98",
    "xtick.color": "#555b66",
    "ytick.color": "#555b66",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "lines.solid_capstyle": "round",
    "svg.hashsalt": "rnnlab",  # the same picture gives the same file
}


def context() -> AbstractContextManager:
    """The settings of all figures, for drawing more in the same language: `with rnnlab.plots.style.context(): …`."""
    return matplotlib.rc_context(RC)


def kind(n_unstable: int) -> str:
    """A fixed point's kind in words, by its number of unstable directions."""
    return "stable" if n_unstable == 0 else f"{n_unstable} unstable"


class Picture(Figure):
    """A matplotlib figure that shows itself once, as vector graphics, wherever a notebook's cell ends with it.

    pyplot does not know it: nothing stays open, and no backend shows it a second time.
    """

    def _repr_svg_(self) -> str:
        buffer = io.StringIO()
        with context():
            self.savefig(buffer, format="svg", metadata={"Date": None})
        return buffer.getvalue()


def picture(width: float = WIDTH, height: float = WIDTH) -> Picture:
    """An empty figure of width × height inches; call it within `context()`."""
    return Picture(figsize=(width, height), layout="constrained")
