"""What a page has to know of a task: what there is to press, what the network then gets, and what is asked of it."""

from collections.abc import Sequence
from typing import Any

import torch

from rnnlab.automata import DFA
from rnnlab.tasks import Automaton, FlipFlop


def symbols(task: FlipFlop | Automaton) -> Sequence[Any]:
    """All inputs of one time step: pulses, or the symbols of an automaton.

    Raises:
        ValueError: for automata whose symbols cannot be typed.
    """
    if isinstance(task, FlipFlop):
        return task.pulses
    for symbol in task.machine.alphabet:
        if not isinstance(symbol, str) or len(symbol) != 1 or symbol.isspace():
            raise ValueError(f"a player's symbols are single characters, to be typed; the task has {symbol!r}")
    return task.machine.alphabet


def answers(task: FlipFlop | Automaton, outputs: torch.Tensor) -> list[str]:
    """The name of each of some outputs, (n, out): "+−" for a flip-flop, that of an automaton's answer."""
    said = task.decode(outputs).tolist()
    if isinstance(task, FlipFlop):
        return ["".join("−" if bit < 0 else "+" for bit in bits) for bits in said]
    return [_name(task.machine.answers[index]) for index in said]


def exported(task: FlipFlop | Automaton) -> dict:
    """The task as plain JSON, for tasks.js.

    A symbol is a list of values, one for each channel of buttons that exclude each other: each bit of a flip-flop is
    a channel, and all symbols of an automaton are one. `rest` is the symbol of a step at which nothing is pressed; an
    automaton has none.
    """
    return _flipflop(task) if isinstance(task, FlipFlop) else _automaton(task)


def _flipflop(task):
    labels = {-1: "1", 1: "2"} if task.encoding == "one-two" else {-1: "−1", 1: "+1"}
    buttons = [{"label": label, "value": value} for value, label in labels.items()]
    return {
        "kind": "flip-flop",
        "channels": [{"name": f"bit {k + 1}", "buttons": buttons} for k in range(task.bits)],
        "rest": (0,) * task.bits,
        "delay": task.delay,
        "states": task.states if task.encoding == "one-hot" else None,  # that the output units stand for
    }


def _automaton(task):
    machine = task.machine
    return {
        "kind": "automaton",
        "channels": [{"name": "symbol", "buttons": [{"label": s, "value": s} for s in machine.alphabet]}],
        "rest": None,
        "start": machine.states.index(machine.start),
        "next": [
            {symbol: machine.states.index(after) for symbol, after in machine.transitions[state].items()}
            for state in machine.states
        ],
        "answer": [machine.answers.index(machine.outputs[state]) for state in machine.states],
        "answers": [_name(answer) for answer in machine.answers],
        "diagram": _diagram(machine),
    }


def _diagram(machine: DFA):
    """The geometry of `rnnlab.plots.diagram`, y upward, for diagram.js."""
    from rnnlab.plots.diagram import arrows, layout, radius  # and matplotlib, which other players do without

    places = layout(machine)
    return {
        "radius": radius(places),
        "start": machine.states.index(machine.start),
        "nodes": [
            {
                "name": str(state),
                "note": "" if isinstance(output, bool) or output == state else str(output),
                "accepting": output is True,
                "place": places[state],
            }
            for state, output in ((state, machine.outputs[state]) for state in machine.states)
        ],
        "arrows": [
            {
                "source": machine.states.index(arrow.source),
                "target": machine.states.index(arrow.target),
                "label": arrow.label,
                "curve": arrow.curve.round(4).tolist(),
                "place": arrow.place.round(4).tolist(),
            }
            for arrow in arrows(machine, places)
        ],
    }


def _name(answer):
    return {True: "accept", False: "reject"}[answer] if isinstance(answer, bool) else str(answer)
