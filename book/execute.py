"""Execute one notebook with papermill: python book/execute.py SOURCE TARGET [NAME=VALUE …]

The target appears only when every cell has run. Before the first cell runs, the pair of the notebook and its text
is compared, and parameters that the notebook does not have are refused.
"""

import os
import sys
import time
from pathlib import Path

import jupytext
import papermill
import yaml
from papermill.exceptions import PapermillExecutionError


def differs_from_its_text(notebook: Path) -> bool:
    """Whether notebook.ipynb, written as percent text, is another text than notebook.py."""
    return jupytext.writes(jupytext.read(notebook), fmt="py:percent") != notebook.with_suffix(".py").read_text()


def execute(source: Path, target: Path, parameters: dict) -> None:
    if differs_from_its_text(source):
        text = source.with_suffix(".py")
        sys.exit(
            f"{source} and {text} differ. `make pair` writes the notebook from the text; "
            f"`jupytext --to py:percent {source}` the text from the notebook."
        )
    known = papermill.inspect_notebook(str(source))
    if unknown := parameters.keys() - known.keys():
        sys.exit(f"{source} has no parameter {', '.join(sorted(unknown))}; it has {', '.join(known) or 'none'}")

    partial = Path("build/executing", source.name)
    for folder in (partial.parent, target.parent):
        folder.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    try:
        papermill.execute_notebook(
            source, partial, parameters, cwd=source.parent, progress_bar=False, extra_arguments=["--log-level=CRITICAL"]
        )
    except PapermillExecutionError as error:
        traceback = "\n".join("\n".join(error.traceback).splitlines()[-15:])
        sys.exit(
            f"\n{source} failed in cell [{error.exec_count}]:\n\n{error.source}\n\n{traceback}\n\n"
            f"What ran before stands in {partial}."
        )
    partial.replace(target)
    print(f"{source}: {time.monotonic() - started:.0f} s", flush=True)


if __name__ == "__main__":
    # Two kernels share two cores. Small networks are fastest on one thread each.
    os.environ["OMP_NUM_THREADS"] = "1"
    source, target, *given = sys.argv[1:]
    pairs = (item.split("=", 1) for item in given)
    execute(Path(source), Path(target), {name: yaml.safe_load(value) for name, value in pairs})
