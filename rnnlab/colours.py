"""The colours of all pictures, on paper and in pages.

Red attracts, blue repels. Readers with any colour vision can tell the colours from each other (checked under simulated
protanopia, deuteranopia and tritanopia), and no meaning hangs on colour alone: each kind of object has its own mark.
"""

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
