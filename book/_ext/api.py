"""Two helps for the pages that autosummary and napoleon write of the package."""

import importlib
import pkgutil
import re
import sys

import rnnlab


def show_modules():
    """Where a package has a function of the same name as one of its modules, autosummary is to find the module."""
    for found in pkgutil.walk_packages(rnnlab.__path__, "rnnlab."):
        parent, _, name = found.name.rpartition(".")
        setattr(sys.modules[parent], name, importlib.import_module(found.name))


def keep_bars(app, what, name, obj, options, lines):
    """Outside of `code` the bars of |λ| are bars, and no substitution of reStructuredText."""
    for i, line in enumerate(lines):
        parts = re.split(r"(`[^`]*`)", line)
        parts[::2] = [part.replace("|", r"\|") for part in parts[::2]]
        lines[i] = "".join(parts)


def setup(app):
    show_modules()
    app.connect("autodoc-process-docstring", keep_bars)
    return {"parallel_read_safe": True}
