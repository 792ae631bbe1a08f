"""How each shipped network was trained, and the command that trains them again: `python -m rnnlab.retrain [names]`."""

import argparse
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import torch

from rnnlab import cells, training, zoo
from rnnlab.network import Network
from rnnlab.tasks import FlipFlop


@dataclass(frozen=True)
class Recipe:
    """A flip-flop network: its cell and units, the task, and the training that differs from one to the other."""

    cell: str = "GRU"
    bits: int = 3
    units: int = 64
    seed: int = 0
    rates: tuple[float, float] = (0.005, 0.2)
    state_noise: float = 0.1
    steps: int = 1500
    learning_rate: float = 5e-3

    @property
    def task(self) -> FlipFlop:
        return FlipFlop(self.bits, rates=self.rates)


def _recipes():
    yield "flipflop3-gru", Recipe()
    # At half the rate and noise, some 2-bit networks have more points around the middle than the task needs.
    two_bits = Recipe(bits=2, state_noise=0.2, steps=1000, learning_rate=1e-2)
    yield "flipflop2-gru", two_bits
    for name, cell, rate in (("lstm", "LSTM", 5e-3), ("ugrnn", "UGRNN", 5e-3), ("vanilla", "VanillaRNN", 2e-3)):
        for seed in range(3):
            yield f"flipflop3-{name}" + (f"-seed{seed}" if seed else ""), Recipe(cell, seed=seed, learning_rate=rate)
    yield "flipflop4-gru", Recipe(bits=4, steps=2500)
    for units in (16, 32, 256):
        yield f"flipflop3-gru-{units}", Recipe(units=units, learning_rate=2e-3 if units > 64 else 5e-3)
    for seed in range(1, 10):
        yield f"flipflop3-gru-seed{seed}", Recipe(seed=seed)
    # Not 1 to 9: on some of them the recipe was chosen, and ten are to count it.
    for seed in range(10, 20):
        yield f"flipflop2-gru-seed{seed}", replace(two_bits, seed=seed)
    for seed in range(5):
        yield f"flipflop3-gru-noiseless-seed{seed}", Recipe(seed=seed, state_noise=0.0)
        yield f"flipflop3-gru-shortholds-seed{seed}", Recipe(seed=seed, state_noise=0.0, rates=(0.2, 0.5))


RECIPES = dict(_recipes())


def retrain(name: str, *, checkpoint: str | Path | None = None, progress: bool = True) -> Network:
    """Train the network shipped as `name` again from its recipe; `network.card` says how it went.

    The card gives the accuracy on 1,000 sequences that were not trained on, of the recipe's own task.
    Raises KeyError for a name without a recipe.
    """
    if name not in RECIPES:
        raise KeyError(f"no recipe {name!r}; there are: {', '.join(RECIPES)}")
    recipe = RECIPES[name]
    generator = torch.Generator().manual_seed(recipe.seed)
    kind = getattr(cells, recipe.cell)
    cell = kind(recipe.bits, recipe.units * kind.vectors, generator=generator)
    network = Network.create(cell, recipe.bits, generator=generator)
    how = dict(steps=recipe.steps, learning_rate=recipe.learning_rate, state_noise=recipe.state_noise, seed=recipe.seed)
    history = training.train(network, recipe.task, **how, checkpoint=checkpoint, progress=progress)
    fresh = recipe.task.batch(1000, torch.Generator().manual_seed(10_000 + recipe.seed))
    network.card = {
        "task": {"kind": "flip-flop", **recipe.task.configuration()},
        "training": how,
        "accuracy": training.evaluate(network, recipe.task, fresh),
        "final_loss": history.loss[-1],
        "training_seconds": round(history.seconds),
    }
    return network


def _retrain_and_save(name, checkpoints, progress):
    torch.set_num_threads(1)
    network = retrain(name, checkpoint=checkpoints / f"{name}.safetensors", progress=progress)
    zoo.save(network, name, **network.card)
    return f"{name}: accuracy {network.card['accuracy']:.4%} after {network.card['training_seconds']} s"


def main():
    parser = argparse.ArgumentParser(description="Train shipped networks again; an interrupted run is continued.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="networks to train; all by default")
    parser.add_argument("--jobs", type=int, default=2, help="processes, of one thread each")
    parser.add_argument("--checkpoints", type=Path, default=Path("build/checkpoints"))
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(RECIPES)
    if unknown:
        parser.error(f"no recipe for {', '.join(sorted(unknown))}; there are: {', '.join(RECIPES)}")
    work = partial(_retrain_and_save, checkpoints=arguments.checkpoints, progress=arguments.jobs == 1)
    with ProcessPoolExecutor(arguments.jobs) as pool:
        for line in pool.map(work, arguments.names or RECIPES):
            print(line, flush=True)


if __name__ == "__main__":
    main()
