"""Tasks: what a network is asked to do, as reproducible batches of inputs and targets."""

from rnnlab.tasks.automaton import Automaton
from rnnlab.tasks.flipflop import FlipFlop
from rnnlab.tasks.task import Batch, Task, WordTask

__all__ = ["Automaton", "Batch", "FlipFlop", "Task", "WordTask"]
