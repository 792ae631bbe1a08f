"""weights and package → executed notebooks → site. `snakemake -n` tells what would run."""

import fcntl
import os
import sys
from pathlib import Path

import yaml

os.environ["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
os.environ.pop("XDG_CACHE_HOME", None)  # set by the Makefile for Snakemake alone, not for what the notebooks download

# Two runs in one tree wait for each other. The kernel frees this lock however its owner dies.
Path("build").mkdir(exist_ok=True)
lock = open("build/lock", "w")
fcntl.flock(lock, fcntl.LOCK_EX)


def files(folder):
    return sorted(str(path) for path in Path(folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts)


toc = yaml.safe_load(Path("_toc.yml").read_text())
PAGES = [toc["root"], *(chapter["file"] for part in toc["parts"] for chapter in part["chapters"])]
NOTEBOOKS = [Path(page).name for page in PAGES if page.startswith("notebooks/")]
PACKAGE = files("rnnlab")


rule site:
    input:
        notebooks=expand("build/executed/{name}.ipynb", name=NOTEBOOKS),
        benchmarks="build/benchmarks.json",
        prose=["_config.yml", "_toc.yml", *files("book")],
        package="build/package",
    output:
        directory("build/site"),
    shell:
        """
        rm -rf build/staged && mkdir -p build/staged/notebooks
        cp -r _config.yml _toc.yml book build/staged
        cp {input.notebooks:q} build/staged/notebooks
        cp {input.benchmarks} build/staged/book
        jupyter-book build -W -n --keep-going --quiet build/staged > build/site.log 2>&1 || {{ cat build/site.log; exit 1; }}
        mv build/staged/_build/html {output}
        """


rule executed:
    input:
        rules.site.input.notebooks,


# One file in the place of hundreds: Snakemake looks every second at all inputs of all jobs that wait.
rule package:
    input:
        PACKAGE,
    output:
        "build/package",
    shell:
        "cksum /dev/null {input:q} > {output}"


rule execute:
    input:
        notebook="notebooks/{name}.ipynb",
        text="notebooks/{name}.py",
        script="book/execute.py",
        package="build/package",
    output:
        "build/executed/{name}.ipynb",
    params:
        given=[f"{name}={value}" for name, value in config.items()],
    shell:
        "python {input.script} {input.notebook:q} {output:q} {params.given:q}"


# The longest chapter starts first: at the end it would run alone.
use rule execute as execute_longest with:
    output:
        "build/executed/{name}.ipynb",
    wildcard_constraints:
        name="13_twelve",
    priority: 1


ruleorder: execute_longest > execute


# What the benchmarks do not run: pictures, players, and what a chapter does with results.
UNTIMED = ["colours", "plots", "live", *(f"book/{room}" for room in ("chapters", "claims", "players", "plots", "tables"))]


# Takes every core, so that nothing else runs beside it.
rule benchmark:
    input:
        files("tests/benchmarks"),
        [path for path in PACKAGE if not path.startswith(tuple(f"rnnlab/{room}" for room in UNTIMED))],
    output:
        "build/benchmarks.json",
    threads: workflow.cores
    shell:
        "OMP_NUM_THREADS=1 pytest tests/benchmarks --benchmark-enable --benchmark-only --benchmark-json={output}"
        " --benchmark-columns=min,median,rounds -p no:cacheprovider --quiet"
