"""Compare every notebook with its text, without executing anything: python book/pairs.py. Part of `make check`."""

import sys
from pathlib import Path

import nbformat
from execute import differs_from_its_text


def complaints(folder: Path) -> list[str]:
    """What is wrong with the pairs of a folder, one sentence each."""
    found = []
    for name in sorted({path.stem for kind in ("ipynb", "py") for path in folder.glob(f"*.{kind}")}):
        notebook, text = (folder / f"{name}.{kind}" for kind in ("ipynb", "py"))
        if not (notebook.exists() and text.exists()):
            found.append(f"{notebook} and {text} go together, and one of them is missing")
            continue
        if differs_from_its_text(notebook):
            found.append(f"{notebook} and {text} differ: `make pair` writes the notebook from the text")
        if any(cell.get("outputs") or cell.get("execution_count") for cell in nbformat.read(notebook, 4).cells):
            found.append(f"{notebook} has outputs, which are not committed: clear them")
    return found


if __name__ == "__main__":
    sys.exit("\n".join(complaints(Path("notebooks"))) or 0)
