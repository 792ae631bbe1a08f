"""The automata that networks of the book are trained on: counters, traps, Tomita's grammars, random machines."""

import random

from rnnlab.automata import DFA


def _binary(rows: str, accepting: str | None = None) -> DFA:
    """Over "0" and "1": "q0 q1; …" are the next states of q0, q1, …; `accepting` names states, None: all answer."""
    table = [row.split() for row in rows.split(";")]
    states = tuple(f"q{i}" for i in range(len(table)))
    transitions = {state: dict(zip("01", row, strict=True)) for state, row in zip(states, table)}
    outputs = accepting and {state: state in accepting.split() for state in states}
    return DFA(states, ("0", "1"), transitions, "q0", outputs)


def modulo_counter(modulus: int = 3) -> DFA:
    """Counts the symbols "1" modulo `modulus` ≥ 2.

    Source: *Explaining RNN computations through hidden state dynamics*, figure 8.
    """
    if modulus < 2:
        raise ValueError(f"modulus must be at least 2, got {modulus}")
    return _binary(";".join(f"q{i} q{(i + 1) % modulus}" for i in range(modulus)))


def repetition_trap() -> DFA:
    """Stays in q3 from the first symbol that equals the one before.

    Source: *Explaining RNN computations through hidden state dynamics*, figure 9.
    """
    return _binary("q1 q2; q3 q2; q1 q3; q3 q3")


def pattern_trap() -> DFA:
    """Stays in q4 once the last four symbols were 0101.

    Source: *Explaining RNN computations through hidden state dynamics*, figure 10.
    """
    return _binary("q1 q0; q1 q2; q3 q0; q1 q4; q4 q4")


# Of each: what it accepts, the next states under 0 and 1, and the accepting states. Tomita 1982.
TOMITA = {
    1: ("only ones", "q1 q0; q1 q1", "q0"),
    2: ("10, again and again", "q1 q2; q1 q1; q0 q1", "q0"),
    3: ("no odd run of ones before an odd run of zeros", "q0 q1; q2 q0; q3 q4; q2 q1; q4 q4", "q0 q1 q3"),
    4: ("no three zeros in a row", "q1 q0; q2 q0; q3 q0; q3 q3", "q0 q1 q2"),
    5: ("zeros and ones both even in number", "q1 q2; q0 q3; q3 q0; q2 q1", "q0"),
    6: ("as many zeros as ones, modulo 3", "q1 q2; q2 q0; q0 q1", "q0"),
    7: ("zeros, ones, zeros, ones: four runs, any of them empty", "q0 q1; q2 q1; q2 q3; q4 q3; q4 q4", "q0 q1 q2 q3"),
}


def tomita(number: int) -> DFA:
    """One of the seven grammars of Tomita, 1 to 7, accepting with True and rejecting with False."""
    if number not in TOMITA:
        raise ValueError(f"Tomita's grammars are numbered 1 to 7, got {number!r}")
    _, rows, accepting = TOMITA[number]
    return _binary(rows, accepting)


def random_machine(seed: int, states: int, symbols: int) -> DFA:
    """A random automaton that accepts or rejects, minimal and with all states reachable; a function of its arguments.

    δ and the accepting states are drawn uniformly, until no two states are equivalent and none is out of reach.
    """
    if states < 2 or symbols < 1:
        raise ValueError(f"a random machine needs at least 2 states and 1 symbol, got {states} and {symbols}")
    generator = random.Random(f"{seed} {states} {symbols}")
    alphabet, names = tuple("abcdefghijklmnopqrstuvwxyz"[:symbols]), tuple(f"q{i}" for i in range(states))
    while True:
        transitions = {state: {symbol: generator.choice(names) for symbol in alphabet} for state in names}
        outputs = {state: generator.random() < 0.5 for state in names}
        try:
            machine = DFA(names, alphabet, transitions, "q0", outputs)
        except ValueError:  # a state is out of reach
            continue
        if len(machine.minimal()) == states:
            return machine
