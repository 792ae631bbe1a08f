"""What `train` needs of a task."""

from typing import NamedTuple, Protocol, runtime_checkable

import torch
from jaxtyping import Bool, Float
from torch import Tensor


class Batch(NamedTuple):
    """Sequences with their targets. `scored` marks the time steps at which an answer is asked for."""

    inputs: Float[Tensor, "batch time input"]
    targets: Float[Tensor, "batch time out"]
    scored: Bool[Tensor, "batch time"]


@runtime_checkable
class Task(Protocol):
    """A source of batches, and the judge of answers."""

    input_size: int
    output_size: int

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """`size` new sequences, a function of the generator's state alone."""

    def accuracy(self, outputs: Float[Tensor, "batch time out"], batch: Batch) -> float:
        """The share of scored answers that are right, in [0, 1]."""
