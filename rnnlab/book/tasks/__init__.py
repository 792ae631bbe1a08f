"""All tasks of the book: those of the method, and decisions and movements besides; and tasks as entries of a card."""

from rnnlab.book.tasks.motion import Metronome, Reach
from rnnlab.book.tasks.trials import Comparison, Integration
from rnnlab.tasks import Automaton, FlipFlop, Task

__all__ = [
    "Automaton",
    "Comparison",
    "FlipFlop",
    "Integration",
    "Metronome",
    "Reach",
    "configuration",
    "from_configuration",
]

KINDS = {
    "flip-flop": FlipFlop,
    "automaton": Automaton,
    "integration": Integration,
    "comparison": Comparison,
    "metronome": Metronome,
    "reach": Reach,
}


def configuration(task: Task) -> dict:
    """A task as plain JSON, for the card of a network: its kind and configuration."""
    kind = next(name for name, kind in KINDS.items() if type(task) is kind)
    return {"kind": kind, **task.configuration()}


def from_configuration(about: dict) -> Task:
    """The task that `configuration` describes: of a pretrained network, that of its `card["task"]`.

    Raises:
        ValueError: for an unknown kind, or entries that are not those of the kind.
    """
    about = dict(about)
    kind = about.pop("kind", None)
    if kind not in KINDS:
        raise ValueError(f"no task of kind {kind!r}; there are: {', '.join(KINDS)}")
    try:
        return KINDS[kind].from_configuration(about)
    except (KeyError, TypeError) as error:
        raise ValueError(f"{about} does not describe a task of kind {kind!r}: {error!r}") from error
