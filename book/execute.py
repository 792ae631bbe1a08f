"""Execute one notebook with papermill: python book/execute.py SOURCE TARGET [NAME=VALUE …]

The target appears only when every cell has run. Before the first cell runs, the pair of the notebook and its text
is compared, and parameters that the notebook does not have are refused.
"""

import itertools
import os
import sys
import time
from pathlib import Path

import jupytext
import nbformat
import papermill
import yaml
from papermill.exceptions import PapermillExecutionError


def contents(notebook) -> list[tuple]:
    """What counts of a notebook: its cells. Editors change the rest, such as the kernel's display name, at will."""
    return [(cell.cell_type, cell.source, tuple(cell.metadata.get("tags", ()))) for cell in notebook.cells]


def differs_from_its_text(notebook: Path) -> bool:
    """Whether notebook.ipynb and notebook.py have different contents."""
    return contents(jupytext.read(notebook)) != contents(jupytext.read(notebook.with_suffix(".py")))


def apply_options(cell) -> None:
    """Move the `#|` options at the top of a code cell, which are YAML, to where the site's builder looks for them.

    label, fig-cap, fig-alt: of the cell's figure. summary: the words under which a folded output stands. markdown: the
    dialect of the Markdown that the cell displays.
    """
    lines = cell.source.splitlines()
    head = list(itertools.takewhile(lambda line: line.startswith("#|"), lines))
    if cell.cell_type != "code" or not head:
        return
    options = yaml.safe_load("\n".join(line[2:].removeprefix(" ") for line in head))
    known = {"label", "fig-cap", "fig-alt", "summary", "markdown"}
    figure = {"label", "fig-cap", "fig-alt"}
    if not isinstance(options, dict) or options.keys() - known or 0 < len(figure & options.keys()) < len(figure):
        raise ValueError(
            f"a cell may have the options {', '.join(sorted(known))}, of a figure all three; got:\n" + "\n".join(head)
        )
    cell.source = "\n".join(lines[len(head) :])
    settings = {}
    if "label" in options:
        settings["figure"] = {"name": options["label"], "caption": options["fig-cap"]}
        settings["image"] = {"alt": options["fig-alt"]}
    if "summary" in options:
        settings |= {f"code_prompt_{verb.lower()}": f"{verb} {options['summary']}" for verb in ("Show", "Hide")}
    if "markdown" in options:
        settings["markdown_format"] = options["markdown"]
    cell.metadata["mystnb"] = settings


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
    notebook = nbformat.read(partial, as_version=4)
    for cell in notebook.cells:
        apply_options(cell)
    nbformat.write(notebook, partial)
    partial.replace(target)
    print(f"{source}: {time.monotonic() - started:.0f} s", flush=True)


if __name__ == "__main__":
    # Two kernels share two cores. Small networks are fastest on one thread each.
    os.environ["OMP_NUM_THREADS"] = "1"
    source, target, *given = sys.argv[1:]
    pairs = (item.split("=", 1) for item in given)
    execute(Path(source), Path(target), {name: yaml.safe_load(value) for name, value in pairs})
