"""Tasks: what a network is asked to do, as reproducible batches of inputs and targets."""

from rnnlab.tasks.flipflop import FlipFlop
from rnnlab.tasks.task import Batch, Task

__all__ = ["Batch", "FlipFlop", "Task"]
