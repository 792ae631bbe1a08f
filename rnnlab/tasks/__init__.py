"""Tasks: what a network is asked to do, as reproducible batches of inputs and targets."""

from rnnlab.tasks.automaton import Automaton
from rnnlab.tasks.flipflop import FlipFlop
from rnnlab.tasks.motion import Metronome, Reach
from rnnlab.tasks.task import Batch, Task, WordTask
from rnnlab.tasks.trials import Comparison, Integration

__all__ = [
    "Automaton", "Batch", "Comparison", "FlipFlop", "Integration", "Metronome", "Reach", "Task", "WordTask", "describe",
    "from_description",
]  # fmt: skip

KINDS = {
    "flip-flop": FlipFlop,
    "automaton": Automaton,
    "integration": Integration,
    "comparison": Comparison,
    "metronome": Metronome,
    "reach": Reach,
}


def describe(task: Task) -> dict:
    """A task as plain JSON, for the card of a network: its kind and configuration."""
    kind = next(name for name, kind in KINDS.items() if type(task) is kind)
    return {"kind": kind, **task.configuration()}


def from_description(about: dict) -> Task:
    """The task that `describe` described: of a shipped network, that of its `card["task"]`.

    Raises ValueError for an unknown kind, or entries that are not those of the kind.
    """
    about = dict(about)
    kind = about.pop("kind", None)
    if kind not in KINDS:
        raise ValueError(f"no task of kind {kind!r}; there are: {', '.join(KINDS)}")
    try:
        return KINDS[kind].from_configuration(about)
    except (KeyError, TypeError) as error:
        raise ValueError(f"{about} does not describe a task of kind {kind!r}: {error!r}") from error
