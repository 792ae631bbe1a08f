"""The directive `{executed-with}`: versions, machine, and the seconds that each notebook took."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

import executed
from sphinx.util.docutils import SphinxDirective

PACKAGES = ["rnnlab", "torch", "numpy", "scipy", "scikit-learn", "matplotlib", "papermill", "jupyter-book"]


def processor() -> str:
    """The processor's name, where the system tells it (Linux), or its architecture."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())


class ExecutedWith(SphinxDirective):
    def run(self):
        times = [
            (page, executed.title(notebook), executed.seconds(notebook))
            for page, notebook in executed.notebooks(self.env)
        ]
        lines = [
            "| Machine | |",
            "|---|---|",
            f"| Processor | {processor()}, {os.cpu_count()} cores, one thread a notebook |",
            f"| System | {platform.system()} {platform.release()}, Python {platform.python_version()} |",
            *(f"| {name} | {version(name)} |" for name in PACKAGES),
            "",
            "| Notebook | seconds |",
            "|---|--:|",
            *(f"| [{title}](/{page}.ipynb) | {seconds:.0f} |" for page, title, seconds in times),
            f"| All | {sum(seconds for *_, seconds in times):.0f} |",
        ]
        return self.parse_text_to_nodes("\n".join(lines))


def setup(app):
    app.add_directive("executed-with", ExecutedWith)
    return {"parallel_read_safe": True}
