"""What `train` and `extract` need of a task."""

from collections.abc import Hashable
from dataclasses import asdict
from typing import NamedTuple, Protocol, runtime_checkable

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor


class Batch(NamedTuple):
    """Sequences with their targets. `scored` marks the time steps at which an answer is asked for."""

    inputs: Float[Tensor, "batch time input"]
    targets: Float[Tensor, "batch time out"]
    scored: Bool[Tensor, "batch time"]


class Configured:
    """A task, a frozen dataclass, that is described by its arguments: for the card of a network."""

    def configuration(self) -> dict:
        """The arguments that make this task again."""
        return asdict(self)  # pyright: ignore[reportArgumentType]  (its kinds are dataclasses)

    @classmethod
    def from_configuration(cls, about: dict) -> "Configured":
        """The task that `configuration` described."""
        # JSON has lists where there were tuples.
        return cls(**{name: tuple(value) if isinstance(value, list) else value for name, value in about.items()})


@runtime_checkable
class Task(Protocol):
    """A source of batches, and the judge of answers."""

    input_size: int
    output_size: int

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """`size` new sequences, a function of the generator's state alone."""
        ...

    def accuracy(self, outputs: Float[Tensor, "batch time out"], batch: Batch) -> float:
        """The share of scored answers that are right, in [0, 1]."""
        ...


@runtime_checkable
class WordTask(Task, Protocol):
    """A task whose inputs are symbols, and whose targets are the outputs of a finite automaton: `machine`, a `DFA`."""

    symbols: tuple[Hashable, ...]

    def input(self, symbol: Hashable) -> Float[Tensor, " input"]:
        """The network's input for a symbol; ValueError for one that the task does not have."""
        ...

    def answers(self, outputs: Float[Tensor, "batch out"]) -> list[Hashable]:
        """The automaton's output that each output of the network stands for."""
        ...

    def words(self, size: int, length: int, generator: torch.Generator) -> Int[Tensor, "size length"]:
        """Random words as the task draws them, as indices of `symbols`."""
        ...
