"""One visual language for all pictures: colours, marks and sizes, and the figure that notebooks display.

Red attracts, blue repels. Colours are told apart by readers with any colour vision (checked under simulated
protanopia, deuteranopia and tritanopia), and no meaning hangs on colour alone: each kind of object has its own mark.
"""

import io
from contextlib import AbstractContextManager

import matplotlib
from matplotlib.figure import Figure

STABLE = "#c8102e"  # filled disc
SADDLES = ("#3d8fd1", "#1f4fa8", "#0b2a5c")  # ring, darker and larger for 1, 2, 3 or more unstable directions
SLOW = "#e69f00"  # diamond
CYCLE = "#993370"  # closed line
TRAJECTORY = "#1b9862"  # thick line with arrowheads
PATHS = ((TRAJECTORY, "o"), ("#332288", "^"), ("#cc6600", "D"), ("#88ccee", "v"))  # trajectories with names, and marks
DIRECTIONS = (("#d9a300", 3.0, "-"), ("#00695c", 2.2, (0, (2, 1.2))))  # named eigenvectors: colour, width, dashes
FLOW = "#a9aeb6"  # pale lines: the flow in the background
INK = "#1d2129"  # text, and the task's inputs
FAINT = "#e3e6ea"  # grids and frames
INPUTS = (
    "#44aa99",
    "#882255",
    "#ddaa33",
    "#332288",
    "#cc6677",
    "#117733",
    "#88ccee",
    "#888822",
    "#aa4499",
)  # after Paul Tol

NEGATIVE, NEUTRAL, POSITIVE = "#cc6600", "#7d828b", "#1f4fa8"  # words and texts

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
