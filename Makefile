# `make` lists the targets. PARAMETERS reach every notebook: make book PARAMETERS="profile=fast seed=1"
# FAST=1 leaves out of `make test` what needs executed notebooks, the built site, a browser, or the machine for itself.

PYTHON ?= python3
BIN = .venv/bin
SNAKEMAKE = XDG_CACHE_HOME="$(CURDIR)/.snakemake" $(BIN)/snakemake
CONFIG = $(if $(PARAMETERS),--config $(PARAMETERS))
SLOW = tests/notebooks tests/site tests/benchmarks tests/live tests/book/players

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*##  *\(.*\)/make \1\t\2/p' Makefile | expand -t 16

book: .venv/installed  ## execute what changed, build the site, say where it is
	@$(SNAKEMAKE) $(CONFIG)
	@echo "The book is at file://$(CURDIR)/build/site/index.html"

execute: .venv/installed  ## execute the notebooks that changed, without the site
	@$(SNAKEMAKE) executed $(CONFIG)

check: .venv/installed  ## lint, format, types, imports and pairs, in under a minute
	@$(BIN)/ruff check --quiet --output-format concise
	@$(BIN)/ruff format --check --quiet --output-format concise
	@$(BIN)/lint-imports --no-logo --no-cache
	@$(BIN)/deno fmt --check --quiet && $(BIN)/deno lint --quiet
	@$(BIN)/python book/pairs.py
	@$(BIN)/pyright

format: .venv/installed  ## put Python and JavaScript into the form that `make check` wants
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format
	@$(BIN)/deno fmt

test: check  ## check, then all tests; FAST=1: without notebooks, site, players and benchmarks
	@$(BIN)/python -m pytest -n 2 --dist loadfile $(if $(FAST),$(SLOW:%=--ignore=%))

lab: .venv/installed  ## JupyterLab, with notebooks and their text paired
	@$(BIN)/jupyter lab --LabApp.default_url=/lab/tree/notebooks

pair: .venv/installed  ## write each notebooks/*.ipynb from its .py
	@$(BIN)/jupytext --to ipynb --update notebooks/*.py

serve: book  ## the built book at http://localhost:8000
	@$(BIN)/python -m http.server --directory build/site --bind localhost 8000

bench: .venv/installed  ## measure speed again, alone on the machine
	@$(SNAKEMAKE) build/benchmarks.json --forcerun benchmark

retrain: .venv/installed  ## train the shipped weights again from scratch
	@$(BIN)/python -m rnnlab.book.retrain

clean:  ## remove what was built, keep the environment
	rm -rf build .snakemake

# The mark `installing` outlives only an install that was killed, and such an environment is not to be trusted.
.venv/installed: requirements.txt pyproject.toml
	@if [ -e .venv/installing ]; then rm -rf .venv; fi
	@mkdir -p .venv && touch .venv/installing
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --requirement requirements.txt --editable .
	@mv .venv/installing $@

.PHONY: help book execute check format test lab pair serve bench retrain clean
