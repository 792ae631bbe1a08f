"""The command that trains pretrained networks again from scratch: `python -m rnnlab.book.retrain [NAME …]`."""

import argparse
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import torch

from rnnlab.book import zoo
from rnnlab.book.language import recipes as texts
from rnnlab.book.recipes import RECIPES


def _train_and_save(name, checkpoints, progress):
    torch.set_num_threads(1)
    if name not in RECIPES:
        return texts.save(name, checkpoints=checkpoints, progress=progress)
    network = RECIPES[name].train(checkpoint=checkpoints / f"{name}.safetensors", progress=progress)
    zoo.save(network, name, **network.card)
    return f"{name}: accuracy {network.card['accuracy']:.4%} after {network.card['training_seconds']} s"


def main():
    parser = argparse.ArgumentParser(description="Train pretrained networks again; an interrupted run is continued.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="networks to train; all by default")
    parser.add_argument("--jobs", type=int, default=2, help="processes, of one thread each")
    parser.add_argument("--checkpoints", type=Path, default=Path("build/checkpoints"))
    arguments = parser.parse_args()
    known = [*RECIPES, *texts.BAGS, *texts.RECIPES]
    if unknown := set(arguments.names) - set(known):
        parser.error(f"no recipe for {', '.join(sorted(unknown))}; there are: {', '.join(known)}")
    work = partial(_train_and_save, checkpoints=arguments.checkpoints, progress=arguments.jobs == 1)
    with ProcessPoolExecutor(arguments.jobs) as pool:
        for line in pool.map(work, arguments.names or known):
            print(line, flush=True)


if __name__ == "__main__":
    main()
